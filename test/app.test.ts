import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "./support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer("sqlite");
});
afterAll(() => server.close());

const statuses = () =>
  Promise.all(["/auth/sign-in", "/scim/v2/none/Users"].map(async (path) => (await fetch(server.url + path)).status));

describe("what is loaded after the start", () => {
  it("is there for the first requests, and for those behind the warm-up", async () => {
    const before = await statuses();
    await server.app.warmUp();
    expect([before, await statuses()]).toEqual([
      [200, 401],
      [200, 401],
    ]);
  });
});
