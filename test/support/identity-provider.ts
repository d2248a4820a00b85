import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Adapter, type AdapterPayload, type ClientMetadata, Provider } from "oidc-provider";

/** What a person's provider says about them. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** A real OpenID provider in this process, which lets the current person in without asking. */
export interface TestIdentityProvider {
  readonly issuer: string;
  /** Who signs in next. */
  person: Claims;
  /** Adds or replaces a client. */
  putClient(client: ClientMetadata & { readonly client_id: string }): void;
  close(): Promise<void>;
}

class MapAdapter implements Adapter {
  readonly #name: string;
  readonly #rows: Map<string, AdapterPayload>;

  constructor(name: string, rows: Map<string, AdapterPayload>) {
    this.#name = name;
    this.#rows = rows;
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#rows.set(`${this.#name} ${id}`, payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#rows.get(`${this.#name} ${id}`);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...this.#rows.values()].find((row) => row.uid === uid);
  }

  async findByUserCode(): Promise<undefined> {}

  async destroy(id: string): Promise<void> {
    this.#rows.delete(`${this.#name} ${id}`);
  }

  async consume(id: string): Promise<void> {
    const row = await this.find(id);
    if (row) row.consumed = Math.floor(Date.now() / 1000);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, row] of this.#rows) if (row.grantId === grantId) this.#rows.delete(key);
  }
}

/** Starts a provider on a loopback port. */
export async function startIdentityProvider(person: Claims): Promise<TestIdentityProvider> {
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rows = new Map<string, AdapterPayload>();
  const idp: TestIdentityProvider = {
    issuer,
    person,
    putClient: (client) => void rows.set(`Client ${client.client_id}`, client as AdapterPayload),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
  const provider = new Provider(issuer, {
    adapter: (name: string) => new MapAdapter(name, rows),
    jwks: { keys: [await signingKey()] },
    cookies: { keys: ["a key that signs cookies in tests"] },
    claims: {
      openid: ["sub", "oid"],
      email: ["email", "email_verified"],
      profile: ["name", "given_name", "family_name", "picture"],
      groups: ["groups"],
    },
    scopes: ["openid", "email", "profile", "groups"],
    conformIdTokenClaims: true,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ ...idp.person, sub }) }),
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid email profile groups");
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();

  async function handle(request: Parameters<typeof callback>[0], response: Parameters<typeof callback>[1]) {
    if (!request.url?.startsWith("/interaction/")) return callback(request, response);
    // Whoever comes is the current person.
    await provider.interactionFinished(request, response, { login: { accountId: idp.person.sub, remember: false } });
  }
  return idp;
}

async function signingKey() {
  const { exportJWK, generateKeyPair } = await import("jose");
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: "first", alg: "RS256", use: "sig" };
}
