import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { errorOf } from "../support/errors.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

describe.each(ENGINES)("identity on %s", (engine) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  const whoami = async (token: string, headers = {}) =>
    (await callJson(server, "GetAuthenticatedIdentity", {}, { token, headers, service: "gitpod.v1.IdentityService" }))
      .body;

  it("is the user for a person, in the organization where they act", async () => {
    const organizationId = await server.createOrganization();
    const user = await server.createUser(organizationId, "member");
    const identity = {
      subject: { id: user.userId, principal: "PRINCIPAL_USER" },
      organizationId,
      organizationTier: "ORGANIZATION_TIER_ENTERPRISE",
    };
    expect(await whoami(user.token)).toEqual(identity);
    // Only the operator may choose.
    expect(await whoami(user.token, { "x-organization-id": await server.createOrganization() })).toEqual(identity);
  });

  it("is a machine for the operator, in the organization that the header names, if one does", async () => {
    const organizationId = await server.createOrganization();
    const token = await server.createOperatorToken();
    const nowhere = await whoami(token);
    expect(nowhere).toEqual({ subject: { id: expect.any(String), principal: "PRINCIPAL_SERVICE_ACCOUNT" } });
    expect(await whoami(token, { "x-organization-id": organizationId })).toEqual({
      ...nowhere,
      organizationId,
      organizationTier: "ORGANIZATION_TIER_ENTERPRISE",
    });
  });

  it("is refused for a header that names no organization", async () => {
    const token = await server.createOperatorToken();
    expect(errorOf(await whoami(token, { "x-organization-id": "acme" }))).toMatchObject({ code: "invalid_argument" });
    expect(errorOf(await whoami("nonsense"))).toMatchObject({ code: "unauthenticated" });
    expect(errorOf(await whoami(`${newId()}`))).toMatchObject({ code: "unauthenticated" });
  });
});
