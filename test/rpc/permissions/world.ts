import { randomUUID } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { createToken } from "../../../src/lib/tokens.ts";
import { callJson } from "../../support/call.ts";
import type { TestDns } from "../../support/dns-server.ts";
import type { TestServer, TestUser } from "../../support/server.ts";

/** Everybody who may come along. */
export const CALLERS = [
  "none",
  "bad token",
  "malformed header",
  "revoked",
  "expired",
  "suspended",
  "member",
  "admin",
  "read-only admin",
  "admin of another organization",
  "operator",
  "read-only operator",
] as const;

export type CallerName = (typeof CALLERS)[number];

/** Credentials that open nothing, by server: whose they once were does not matter, so every world has the same ones. */
const dead = new WeakMap<TestServer, Map<CallerName, Promise<Record<string, string>>>>();

/** Short, because every three letters of an address are a row of the index that members are searched by. */
let people = 0;
const nextEmail = () => `${++people}@x.io`;

/** One organization with its people, made as they are needed. */
export class World {
  readonly server: TestServer;
  readonly organizationId: string;
  /** An admin who makes what requests are about, and never is the caller of a test. */
  readonly owner: TestUser;
  readonly #users = new Map<CallerName, TestUser>();

  /** The name servers that the service asks. */
  readonly dns: TestDns;
  readonly #made = new Map<string, Promise<unknown>>();

  static async create(server: TestServer, dns: TestDns): Promise<World> {
    const organizationId = await server.createOrganization();
    return new World(server, dns, organizationId, await server.createUser(organizationId, "admin", nextEmail()));
  }

  private constructor(server: TestServer, dns: TestDns, organizationId: string, owner: TestUser) {
    this.server = server;
    this.dns = dns;
    this.organizationId = organizationId;
    this.owner = owner;
  }

  /** Calls as the owner, for what a request needs; the call must succeed. */
  async make(method: string, request: JsonObject, service?: string) {
    const { status, body } = await callJson(this.server, method, request, {
      token: this.owner.token,
      ...(service !== undefined && { service }),
    });
    if (status !== 200) throw new Error(`${method} as the owner: ${JSON.stringify(body)}`);
    return body;
  }

  /** Makes what the organization can have but once, for the first who asks. */
  once<T>(what: string, make: () => Promise<T>): Promise<T> {
    if (!this.#made.has(what)) this.#made.set(what, make());
    return this.#made.get(what) as Promise<T>;
  }

  /** The person behind a caller that has one. */
  async userOf(caller: CallerName): Promise<TestUser> {
    let user = this.#users.get(caller);
    if (!user) {
      const elsewhere = caller === "admin of another organization";
      const organizationId = elsewhere ? await this.server.createOrganization() : this.organizationId;
      user = await this.server.createUser(organizationId, caller === "member" ? "member" : "admin", nextEmail());
      this.#users.set(caller, user);
    }
    return user;
  }

  /** The headers that a caller sends, whose credential is by then what the name says. */
  async headersOf(caller: CallerName): Promise<Record<string, string>> {
    switch (caller) {
      case "none":
        return {};
      case "malformed header":
        return { authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}` };
      case "bad token":
        return bearer(createToken("api"));
      case "operator":
      case "read-only operator": {
        const token = await this.server.createOperatorToken({ readOnly: caller === "read-only operator" });
        return { ...bearer(token), "x-organization-id": this.organizationId };
      }
      case "revoked":
      case "expired":
      case "suspended":
        return this.#deadHeaders(caller);
      default:
        return bearer(await this.#tokenOf(caller));
    }
  }

  #deadHeaders(caller: CallerName): Promise<Record<string, string>> {
    const known = dead.get(this.server) ?? new Map();
    dead.set(this.server, known);
    if (!known.has(caller)) known.set(caller, this.#tokenOf(caller).then(bearer));
    return known.get(caller);
  }

  async #tokenOf(caller: CallerName): Promise<string> {
    const { server } = this;
    const user = await this.userOf(caller);
    switch (caller) {
      case "read-only admin":
        return server.createToken(user, { readOnly: true });
      case "expired": {
        const token = await server.createToken(user, { lifetime: 1 });
        server.clock.advance(1000);
        return token;
      }
      case "revoked":
        await server.storage.write((records) => records.apiTokens.delete(user.tokenId));
        return user.token;
      case "suspended":
        await server.storage.write(async (records) => {
          const record = await records.users.get(this.organizationId, user.userId);
          await records.users.update({ ...record!, status: "suspended", suspendedByAdmin: true });
        });
        return user.token;
      default:
        return user.token;
    }
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** The same request about rows that nobody has. */
export function withUnknownIds(request: JsonObject): JsonObject {
  const known = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  return JSON.parse(JSON.stringify(request).replace(known, () => randomUUID()));
}
