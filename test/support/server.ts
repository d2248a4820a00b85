import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type App, createApp } from "../../src/app.ts";
import { type Config, readConfig } from "../../src/config.ts";
import { MAX_TOKEN_LIFETIME } from "../../src/domain/api-tokens.ts";
import { insertOrganization } from "../../src/domain/organizations.ts";
import type { Context } from "../../src/domain/principals.ts";
import { insertPerson } from "../../src/domain/users.ts";
import { createListener, type ListenerOptions } from "../../src/http/listener.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { GuardedFetch } from "../../src/lib/guarded-fetch.ts";
import { createKeyring } from "../../src/lib/keyring.ts";
import { createLog } from "../../src/lib/log.ts";
import type { Role, Storage } from "../../src/storage/storage.ts";
import { createDatabase, type EngineName, type TestDatabase } from "./storage.ts";

/** A clock that a test moves by hand; it starts at the machine's time. */
export class TestClock implements Clock {
  #offset = 0;
  #stoppedAt: number | undefined;

  now(): number {
    return (this.#stoppedAt ?? systemClock.now()) + this.#offset;
  }

  /** Time stands still during the work, however long that takes. */
  async still<T>(work: () => Promise<T>): Promise<T> {
    this.#stoppedAt = systemClock.now();
    try {
      return await work();
    } finally {
      this.#stoppedAt = undefined;
    }
  }

  /** Moves time forward. */
  advance(ms: number): void {
    this.#offset += ms;
  }
}

/** Someone who can call. */
export interface TestUser {
  readonly userId: string;
  readonly accountId: string;
  readonly organizationId: string;
  readonly token: string;
  readonly tokenId: string;
}

/** The real app on a real socket, over an empty database of one engine. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly app: App;
  readonly storage: Storage;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  /** Every log line so far; the one of a request comes behind its answer. */
  readonly log: readonly string[];
  /** All of them, with those of every request that was answered, as one text. */
  logged(): Promise<string>;
  createOrganization(name?: string): Promise<string>;
  createUser(organizationId: string, role?: Role, email?: string): Promise<TestUser>;
  createOperatorToken(options?: { readOnly?: boolean }): Promise<string>;
  /** Another token of the user. */
  createToken(user: TestUser, options: { readOnly?: boolean; lifetime?: number }): Promise<string>;
  /** Another server process's app over the same database. */
  replica(): Promise<TestServer>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly listener?: Partial<ListenerOptions>;
  /** Seals what is sealed, in base64; without it, a random one. */
  readonly key?: string;
  /** Reaches identity providers; without it, as in production. */
  readonly fetch?: GuardedFetch;
}

const SYSTEM: Context = { caller: { kind: "system" }, requestId: "test", action: "test.setup" };

/** Starts the app. Close it at the end of the test; that drops the database too. */
export async function startTestServer(engine: EngineName, options: TestServerOptions = {}): Promise<TestServer> {
  const database = await createDatabase(engine);
  const key = options.key ?? randomBytes(32).toString("base64");
  const replicas: TestServer[] = [];
  const clock = new TestClock();

  async function start(): Promise<TestServer> {
    const storage = await database.open();
    const lines: string[] = [];
    const config: Config = readConfig({ LOG_LEVEL: "trace", ALLOW_INSECURE_ISSUERS: "true", ...options.env });
    let app: App | undefined;
    const listener = createListener({
      handler: (request, response) => (app as App).handler(request, response),
      overloaded: (request, response) => (app as App).overloaded(request, response),
      isBare: (headers) => (app as App).isBare(headers),
      ...options.listener,
    });
    const address: AddressInfo = await listener.listen(0, "127.0.0.1");
    const url = `http://127.0.0.1:${address.port}`;
    app = createApp({
      config,
      publicUrl: config.publicUrl ?? url,
      storage,
      keyring: createKeyring([key]),
      log: createLog(config.logLevel, { write: (line) => void lines.push(line) }),
      clock,
      ...(options.fetch && { fetch: options.fetch }),
    });
    const { environment, domain } = app;

    const server: TestServer = {
      url,
      port: address.port,
      app,
      storage,
      database,
      clock,
      log: lines,
      async logged() {
        // Turns of the event loop, which is the server's too.
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
        return lines.join("");
      },
      createOrganization: async (name = "Acme") =>
        (
          await storage.write((records) =>
            insertOrganization(environment, records, SYSTEM, { name, inviteDomains: [] }),
          )
        ).id,
      async createUser(organizationId, role = "admin", email = `${randomBytes(4).toString("hex")}@example.com`) {
        const user = await storage.write((records) =>
          insertPerson(environment, records, SYSTEM, {
            organizationId,
            role,
            email,
            name: email,
            loginProvider: "custom",
          }),
        );
        const { token, record } = await domain.apiTokens.createForUser(SYSTEM, user.id, {
          description: "test",
          readOnly: false,
        });
        return { userId: user.id, accountId: user.accountId, organizationId, token, tokenId: record.id };
      },
      createOperatorToken: async ({ readOnly = false } = {}) =>
        (await domain.apiTokens.createForOperator(SYSTEM, { description: "test", readOnly })).token,
      createToken: async (user, { readOnly = false, lifetime = MAX_TOKEN_LIFETIME }) =>
        (await domain.apiTokens.createForUser(SYSTEM, user.userId, { description: "test", readOnly, lifetime })).token,
      async replica() {
        const another = await start();
        replicas.push(another);
        return another;
      },
      async close() {
        await listener.close({ graceMs: 1000 });
        await (app as App).close();
        if (server !== first) return storage.close();
        await Promise.all(replicas.map((each) => each.close()));
        await database.drop();
      },
    };
    return server;
  }

  const first = await start();
  return first;
}
