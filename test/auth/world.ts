import type { Context } from "../../src/domain/principals.ts";
import type { SsoConfigurationChanges } from "../../src/domain/sso-configurations.ts";
import { newId } from "../../src/lib/ids.ts";
import type { AuditEntryRecord } from "../../src/storage/storage.ts";
import type { TestServer } from "../support/server.ts";

/** Who arranges things for a test. */
export const OPERATOR: Context = {
  caller: { kind: "operator", credentialId: newId(), readOnly: false, organizationId: undefined },
  requestId: "test",
  action: "test.setup",
};

/** What a configuration is made with, beside its organization and issuer. */
export interface TestConfiguration {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly displayName?: string;
  readonly emailDomains?: readonly string[];
  readonly additionalScopes?: readonly string[];
  readonly claimsExpression?: string;
}

/** Configures a provider for an organization. */
export function createConfiguration(
  server: TestServer,
  organizationId: string,
  issuerUrl: string,
  options: TestConfiguration = {},
) {
  return server.app.domain.ssoConfigurations.create(OPERATOR, {
    organizationId,
    issuerUrl,
    clientId: "client",
    clientSecret: "secret",
    displayName: "Example",
    emailDomains: [],
    additionalScopes: [],
    ...options,
  });
}

/** Changes a configuration. */
export function updateConfiguration(server: TestServer, id: string, changes: Partial<SsoConfigurationChanges>) {
  return server.app.domain.ssoConfigurations.update(OPERATOR, id, { claims: {}, emailDomains: [], ...changes });
}

/** Proves a domain for an organization, behind the service's back. */
export async function proveDomain(server: TestServer, organizationId: string, domain: string): Promise<void> {
  const now = server.clock.now();
  await server.storage.write((records) =>
    records.domainVerifications.insert({
      id: newId(),
      organizationId,
      domain,
      state: "verified",
      verificationToken: "token",
      verifiedAt: now,
      lastCheckedAt: now,
      failures: 0,
      createdAt: now,
    }),
  );
}

/** Where a sign-in through a configuration begins. */
export function startUrl(server: TestServer, configurationId: string, query = ""): string {
  return `${server.url}/auth/oidc/start?configuration=${configurationId}${query}`;
}

/** The organization's audit entries about sign-ins, the newest first. */
export async function signInEntries(server: TestServer, organizationId: string): Promise<readonly AuditEntryRecord[]> {
  const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "newest", { limit: 100 });
  return items.filter(({ action }) => action.startsWith("sign_in."));
}

/** How the last sign-in of the organization ended. */
export async function lastReason(server: TestServer, organizationId: string): Promise<unknown> {
  return (await signInEntries(server, organizationId))[0]?.after?.reason;
}

/** How many sessions there are, of everybody. */
export async function countSessions(server: TestServer): Promise<number> {
  const [row] = await server.database.execute("select count(*) as count from sessions");
  return Number(row?.count);
}

/**
 * Makes a change in the middle of a call: when the call has come so far that it seals something.
 * @param purpose a part of what is sealed for.
 */
export async function inTheMiddle<T>(
  { app }: TestServer,
  purpose: string,
  call: () => Promise<T>,
  change: () => Promise<unknown>,
): Promise<T> {
  const pause = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const original = app.environment.keyring.seal;
  const sealing = app.environment.keyring as { seal: typeof original };
  sealing.seal = async (text, of) => {
    if (of.split("/").includes(purpose)) {
      reached.resolve();
      await pause.promise;
    }
    return original(text, of);
  };
  try {
    const answer = call();
    await reached.promise;
    await change();
    pause.resolve();
    return await answer;
  } finally {
    sealing.seal = original;
  }
}
