import { decodeProtectedHeader } from "jose";
import { afterAll, expect, it } from "vitest";
import { callJson } from "../support/call.ts";
import { run, Workshop } from "../support/process.ts";

const workshop = new Workshop();
afterAll(() => workshop.close());

it("replaces the key that signs ID tokens, while the server runs", async () => {
  const env = { DATA_DIR: workshop.folder() };
  const server = workshop.serve(env);
  const url = await server.url();
  const [token = ""] = await server.printed(/osk_[\w-]+/);
  const kidsOf = async () => {
    const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  const signer = async () => {
    const options = { service: "gitpod.v1.IdentityService", token };
    const { body } = await callJson({ url }, "GetIDToken", { audience: ["https://orders.example.com"] }, options);
    return decodeProtectedHeader(body.token).kid;
  };

  const before = await signer();
  expect(await kidsOf()).toEqual([before]);
  const { code, stdout, stderr } = await run(["secrets", "replace-signing-key", "--json"], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { kid } = JSON.parse(stdout);
  expect(kid).not.toBe(before);
  expect(await kidsOf()).toEqual([kid]);
  expect(await signer()).toBe(kid);
});
