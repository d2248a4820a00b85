import type { UserCaller } from "../../src/domain/principals.ts";
import { sessionCookieName } from "../../src/domain/sessions.ts";
import { newId } from "../../src/lib/ids.ts";
import { createProofKey } from "../../src/lib/proof-key.ts";
import { createToken, hashToken } from "../../src/lib/tokens.ts";
import type { TestServer, TestUser } from "./server.ts";

/** A browser of a user that is signed in. */
export interface TestSession {
  readonly id: string;
  readonly token: string;
  /** The cookie that carries it. */
  readonly cookie: { readonly name: string; readonly value: string };
  /** Headers of a call that one of our own pages makes. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who calls with it. */
  readonly caller: UserCaller;
}

/** Signs a user in without a provider, for an hour. */
export async function openTestSession(server: TestServer, user: TestUser): Promise<TestSession> {
  const { organizationId, userId, accountId } = user;
  const token = createToken("session");
  const now = server.clock.now();
  const id = newId();
  await server.storage.write((records) =>
    records.sessions.insert({
      id,
      organizationId,
      userId,
      ssoConfigurationId: undefined,
      hash: hashToken(token),
      userAgent: "test",
      ipAddress: "127.0.0.1",
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now + 3_600_000,
    }),
  );
  const { publicUrl } = server.app.environment.settings;
  const cookie = { name: sessionCookieName(publicUrl), value: token };
  return {
    id,
    token,
    cookie,
    headers: { cookie: `${cookie.name}=${cookie.value}`, "sec-fetch-site": "same-origin" },
    caller: {
      kind: "user",
      userId,
      accountId,
      organizationId,
      role: "member",
      readOnly: false,
      credential: "session",
      credentialId: id,
    },
  };
}

/** Lets the session's person agree to the sign-in of a program, and returns the exchange token that the program makes of it. */
export async function createTestExchangeToken(server: TestServer, { caller }: Pick<TestSession, "caller">) {
  const { challenge, verifier } = createProofKey();
  const context = { caller, requestId: "test", action: "" };
  const code = await server.app.domain.exchangeTokens.create(context, { challenge, host: "laptop" });
  return `${code}.${verifier}`;
}
