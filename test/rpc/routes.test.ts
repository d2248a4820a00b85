import type { DescService } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerServices, SERVICES } from "../../src/rpc/routes.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

/** Connect answers `unimplemented` for a method that nobody wrote, so a forgotten one would only be found by calling it. */
describe("routes", () => {
  let server: TestServer;
  const registered = new Map<DescService, object>();

  beforeAll(async () => {
    server = await startTestServer("sqlite");
    const router = { service: (service: DescService, methods: object) => void registered.set(service, methods) };
    registerServices(router as never, server.app.domain, (() => {}) as never);
  });
  afterAll(() => server.close());

  it("has every service, and no other", () => {
    expect([...registered.keys()].map(({ typeName }) => typeName).sort()).toEqual(
      SERVICES.map(({ typeName }) => typeName).sort(),
    );
  });

  it.each(SERVICES.map((service) => [service.typeName, service] as const))(
    "implements every method of %s",
    (_, service) => {
      const written = Object.entries(registered.get(service) ?? {}).filter(
        ([, method]) => typeof method === "function",
      );
      expect(written.map(([name]) => name).sort()).toEqual(service.methods.map(({ localName }) => localName).sort());
    },
  );
});
