import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOrganizationClient, isReason, Reason, type WebClientOptions } from "../../src/client/web.ts";
import { IdentityService } from "../../src/index.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";

let server: TestServer;
let admin: TestUser;
beforeAll(async () => {
  server = await startTestServer("sqlite");
  admin = await server.createUser(await server.createOrganization());
});
afterAll(() => server.close());

/** A client, and what its requests were made with. */
function clientWith(options: Partial<WebClientOptions> = {}) {
  const requests: (RequestInit & { url: string })[] = [];
  const recorded: typeof fetch = (input, init) => {
    requests.push({ ...init, url: String(input) });
    return fetch(input, init);
  };
  const client = createOrganizationClient({ baseUrl: server.url, token: admin.token, fetch: recorded, ...options });
  return { client, requests };
}
const contentTypeOf = (request: RequestInit | undefined) => new Headers(request?.headers).get("content-type");
const list = ({ client }: ReturnType<typeof clientWith>) =>
  client.organization.listSSOConfigurations({ organizationId: admin.organizationId });

describe("a client for browsers", () => {
  it.each([
    [undefined, "application/grpc-web+proto"],
    ["grpc-web", "application/grpc-web+proto"],
    ["connect", "application/json"],
  ] as const)("speaks, told %s: %s", async (protocol, contentType) => {
    const made = clientWith({ protocol });
    expect((await list(made)).ssoConfigurations).toEqual([]);
    expect(made.requests.map(contentTypeOf)).toEqual([contentType]);
  });

  it.each([
    [undefined, "same-origin"],
    ["omit", "omit"],
    ["include", "include"],
  ] as const)("sends cookies, told %s: %s", async (credentials, expected) => {
    const made = clientWith({ credentials });
    await list(made);
    expect(made.requests.map((request) => request.credentials)).toEqual([expected]);
  });

  it("reaches the other services, with the same credential", async () => {
    const { client } = clientWith();
    const { organizationId } = await client.service(IdentityService).getAuthenticatedIdentity({});
    expect(organizationId).toBe(admin.organizationId);
  });

  it("without a token sends none", async () => {
    const made = clientWith({ token: undefined });
    const error = await list(made).catch((reason: unknown) => reason);
    expect(isReason(error, Reason.CREDENTIAL_MISSING)).toBe(true);
    expect(new Headers(made.requests[0]?.headers).has("authorization")).toBe(false);
  });
});

describe("a server that cannot be reached", () => {
  const failing = (failures: unknown[]) => {
    const attempts: unknown[] = [];
    const flaky: typeof fetch = async (input, init) => {
      attempts.push(input);
      const failure = failures.shift();
      if (failure) throw failure;
      return fetch(input, init);
    };
    return { attempts, ...clientWith({ fetch: flaky, retry: { backoffMs: 1 } }) };
  };

  it("is called again", async () => {
    const made = failing([new TypeError("Failed to fetch"), new TypeError("Failed to fetch")]);
    await expect(list(made)).resolves.toBeDefined();
    expect(made.attempts).toHaveLength(3);
  });

  it("is unavailable in the end", async () => {
    const cause = new TypeError("Failed to fetch");
    const error = await list(failing([cause, cause, cause])).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: "Failed to fetch", cause });
  });

  it("is not what a call that was given up met", async () => {
    const made = failing([new DOMException("given up", "AbortError")]);
    await expect(list(made)).rejects.toMatchObject({ code: Code.Canceled });
    expect(made.attempts).toHaveLength(1);
  });
});
