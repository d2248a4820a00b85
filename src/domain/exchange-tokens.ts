import { invalidField, ServiceError } from "../lib/errors.ts";
import { challengeOf, comparisonCodeOf, isChallenge, isVerifier } from "../lib/proof-key.ts";
import { createToken, hashToken, isToken } from "../lib/tokens.ts";
import type { ExchangeTokenRecord } from "../storage/storage.ts";
import { type CreatedApiToken, insertApiToken } from "./api-tokens.ts";
import type { Environment } from "./environment.ts";
import { type Context, invalidCredential, requirePerson } from "./principals.ts";

/** How long a person's consent waits for the program to collect it, in milliseconds. */
export const EXCHANGE_TOKEN_LIFETIME_MS = 2 * 60_000;

const MAX_HOST_LENGTH = 100;

/** What a program says of itself when it sends a person to the browser. */
export interface ProgramSignIn {
  /** See `ProofKey`. */
  readonly challenge: string;
  /** Name of the machine, as the program tells it. */
  readonly host: string;
}

/**
 * Sign-ins of programs: a person who is signed in in the browser agrees that a program may act for them, and the program gets
 * an api token of theirs.
 *
 * The browser hands over a code. It opens nothing alone: an exchange token is `<code>.<verifier>`, and the verifier is what
 * only the program has whose challenge the person agreed to (RFC 7636). So neither a code that is seen on its way, nor one
 * that is slipped to another program, is of use. Only a hash of code and challenge is stored.
 */
export function createExchangeTokens(environment: Environment) {
  const { storage, clock } = environment;
  return {
    /**
     * The code for a program to which the caller agreed. It goes with the session in which they did.
     * @throws ServiceError `person_required`, `request_invalid` (challenge), `credential_invalid` when the session has ended
     *   since the caller was known by it.
     */
    async create({ caller }: Context, { challenge, host }: ProgramSignIn): Promise<string> {
      const person = requirePerson(caller);
      if (person.credential !== "session") {
        throw new ServiceError("person_required", "only a person in a browser can agree to the sign-in of a program");
      }
      if (!isChallenge(challenge)) {
        throw invalidField("challenge", "challenge", "must be a SHA-256 in base64url, as RFC 7636 makes it");
      }
      const code = createToken("exchange");
      const now = clock.now();
      const record: ExchangeTokenRecord = {
        hash: hashOf(code, challenge),
        organizationId: person.organizationId,
        userId: person.userId,
        sessionId: person.credentialId,
        description: describe(challenge, host),
        createdAt: now,
        expiresAt: now + EXCHANGE_TOKEN_LIFETIME_MS,
      };
      await storage.write(async (records) => {
        // The user before the session, as those who end a user's sessions take them.
        const user = await records.users.lock(record.organizationId, record.userId);
        const session = user && (await records.sessions.lock(record.organizationId, record.sessionId));
        if (!session || user.status !== "active") throw invalidCredential();
        await records.exchangeTokens.insert(record);
      });
      return code;
    },

    /**
     * Turns an exchange token into an api token of the person who agreed: once, on whichever replica.
     * @throws ServiceError `exchange_token_invalid`, whatever is wrong with it.
     */
    async redeem(context: Context, exchangeToken: string): Promise<CreatedApiToken> {
      const hash = parse(exchangeToken);
      return storage.write(async (records) => {
        const found = await records.exchangeTokens.find(hash);
        if (!found) throw invalidToken();
        // The user before the token, as those who end a user's sessions take them.
        const user = await records.users.lock(found.organizationId, found.userId);
        const taken = await records.exchangeTokens.take(hash);
        if (!taken || !user || found.expiresAt <= clock.now() || user.status !== "active") throw invalidToken();
        const person: Context["caller"] = {
          kind: "user",
          userId: user.id,
          accountId: user.accountId,
          organizationId: user.organizationId,
          role: user.role,
          readOnly: false,
          credential: "session",
          credentialId: found.sessionId,
        };
        const input = { description: found.description, readOnly: false };
        return insertApiToken(environment, records, { ...context, caller: person }, user, input);
      });
    },

    /** Deletes what ran out unused, and says how many. */
    async deleteExpired(): Promise<number> {
      return storage.write((records) => records.exchangeTokens.deleteExpired(clock.now()));
    },
  };
}

export type ExchangeTokens = ReturnType<typeof createExchangeTokens>;

/** The hash by which an exchange token is found. */
function parse(exchangeToken: string): string {
  const dot = exchangeToken.indexOf(".");
  const code = exchangeToken.slice(0, Math.max(dot, 0));
  const verifier = exchangeToken.slice(dot + 1);
  if (!isToken("exchange", code) || !isVerifier(verifier)) throw invalidToken();
  return hashOf(code, challengeOf(verifier));
}

function hashOf(code: string, challenge: string): string {
  return hashToken(`${code}.${challenge}`);
}

/** The code in it is the one that browser and terminal show: the owner finds the token of a terminal by it. */
function describe(challenge: string, host: string): string {
  const name = host.replace(/\p{C}/gu, "").trim().slice(0, MAX_HOST_LENGTH).toWellFormed();
  return `organization-service login${name && ` on ${name}`} (${comparisonCodeOf(challenge)})`;
}

function invalidToken(): ServiceError {
  return new ServiceError(
    "exchange_token_invalid",
    "the exchange token is not good: it was used, ran out, or belongs to another sign-in; sign in again",
  );
}
