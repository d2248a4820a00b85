import { randomBytes } from "node:crypto";
import { newId } from "../../../../src/lib/ids.ts";
import { createTestExchangeToken, openTestSession } from "../../../support/sessions.ts";
import type { World } from "../world.ts";
import type { Row, Rows } from "./row.ts";

/** What only a person can ask. */
const PERSONAL: Row = {
  caller: "user",
  access: "read",
  request: () => ({}),
  outcomes: {
    "admin of another organization": "ok",
    operator: "person_required",
    "read-only operator": "person_required",
  },
};

/** An email of a domain that the organization has proven and serves. */
async function servedEmail(world: World): Promise<string> {
  const { organizationId, server } = world;
  const domain = `${randomBytes(6).toString("hex")}.example`;
  await world.make("CreateSSOConfiguration", {
    organizationId,
    clientId: "client",
    clientSecret: "secret",
    issuerUrl: "https://idp.example.com",
    emailDomain: domain,
  });
  await server.storage.write((records) =>
    records.domainVerifications.insert({
      id: newId(),
      organizationId,
      domain,
      state: "verified",
      verificationToken: "token",
      verifiedAt: 1,
      lastCheckedAt: 1,
      failures: 0,
      createdAt: 1,
    }),
  );
  return `somebody@${domain}`;
}

export const accountRows: Rows = {
  GetAccount: PERSONAL,
  ListJoinableOrganizations: PERSONAL,
  GetSSOLoginURL: { caller: "anyone", access: "read", request: async (world) => ({ email: await servedEmail(world) }) },
  ListSSOLogins: { caller: "anyone", access: "read", request: async (world) => ({ email: await servedEmail(world) }) },
  ListLoginProviders: {
    caller: "anyone",
    access: "read",
    request: async (world) => ({ filter: { email: await servedEmail(world) } }),
  },
};

export const identityRows: Rows = {
  GetIDToken: {
    caller: "user",
    access: "write",
    request: () => ({ audience: ["https://service.example.com"] }),
    outcomes: { "admin of another organization": "ok", operator: "person_required" },
  },
  ExchangeToken: {
    caller: "anyone",
    access: "write",
    request: async ({ server, owner }) => ({
      exchangeToken: await createTestExchangeToken(server, await openTestSession(server, owner)),
    }),
  },
  GetAuthenticatedIdentity: {
    caller: "user",
    access: "read",
    request: () => ({}),
    outcomes: { "admin of another organization": "ok" },
  },
};
