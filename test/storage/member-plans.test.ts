import { join } from "node:path";
import Database from "better-sqlite3";
import { type CompiledQuery, Kysely, PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { postgresDialect, sqliteDialect } from "../../src/storage/dialect.ts";
import { Engine } from "../../src/storage/sql/engine.ts";
import type { Tables } from "../../src/storage/sql/schema.ts";
import { UserSqlStore } from "../../src/storage/sql/users.ts";
import type { MemberFilter, MemberOrder, UserStore } from "../../src/storage/storage.ts";
import { createDatabase, ENGINES, type EngineName, type TestDatabase } from "../support/storage.ts";
import { insertUser } from "./nouns/users.ts";
import { addOrganization } from "./records.ts";

/** Members of the organization that is asked, and of another one. */
const MEMBERS = 4000;
const OTHERS = 2000;
const PAGE = 25;
/** More rows than any step of a page may read; a tenth of what a step that reads everybody would. */
const MANY = MEMBERS / 10;

const FIRST = ["Anna", "Ben", "Carla", "David", "Eva", "Frank", "Grace", "Hannah", "Ivan", "Julia", "Mia", "Susanne"];
const LAST = ["Smith", "Johnson", "Anderson", "Larsson"];

const ORDERS: readonly MemberOrder[] = (["name", "joined"] as const).flatMap((by) =>
  [false, true].map((descending) => ({ by, descending })),
);

const FILTERS: readonly (readonly [string, MemberFilter])[] = [
  ["everybody", {}],
  ["one status", { statuses: ["suspended"] }],
  ["several statuses", { statuses: ["active", "suspended"] }],
  ["a role", { roles: ["admin"] }],
  ["statuses and a role", { statuses: ["active", "left"], roles: ["member"] }],
  ["a provider of nearly all", { loginProvider: "custom" }],
  ["a provider of few", { loginProvider: "github" }],
  ["a provider of nobody", { loginProvider: "magiclink" }],
  ["an email", { email: "Anna.Smith.480@example.com" }],
  ["users", { userIds: [newId(), newId()] }],
  ["excluded groups", { excludeGroupIds: [newId(), newId()] }],
  ["a letter", { search: "a" }],
  ["two letters", { search: "la" }],
  ["three letters", { search: "ann" }],
  ["a surname", { search: "Larsson" }],
  ["a full name", { search: "susanne larsson" }],
  ["a part of all emails", { search: "@example.com" }],
  ["nobody", { search: "susanne zyzzy" }],
  ["a surname and a status", { search: "Larsson", statuses: ["active"] }],
  ["a name and a state of few", { search: "ann", roles: ["admin"], statuses: ["suspended"] }],
  ["a surname and a provider of few", { search: "Larsson", loginProvider: "github" }],
];

/** The store over a connection that shows which statements it sends, and what the engine makes of them. */
interface Watched {
  readonly users: UserStore;
  /** The statements since the last time. */
  take(): readonly CompiledQuery[];
  /** Complaints about the plan of a statement: none when indexes serve it. */
  complaints(query: CompiledQuery): Promise<readonly string[]>;
  close(): Promise<void>;
}

describe.each(ENGINES)("pages of members on %s", (engine) => {
  let database: TestDatabase;
  let watched: Watched;
  let organizationId: string;

  beforeAll(async () => {
    database = await createDatabase(engine);
    const storage = await database.open();
    const { id: otherId } = await addOrganization(storage);
    organizationId = (await addOrganization(storage)).id;
    for (const [id, size] of [
      [otherId, OTHERS],
      [organizationId, MEMBERS],
    ] as const) {
      await storage.write(async (records) => {
        for (let n = 0; n < size; n++) {
          const first = FIRST[n % FIRST.length];
          const last = LAST[Math.floor(n / FIRST.length) % LAST.length];
          await insertUser(records, id, {
            name: `${first} ${last}`,
            email: `${first}.${last}.${n}@example.com`,
            status: n % 7 === 0 ? "suspended" : n % 11 === 0 ? "left" : "active",
            role: n % 13 === 0 ? "admin" : "member",
            loginProvider: n % 101 === 0 ? "github" : "custom",
            createdAt: 1_700_000_000_000 + n,
          });
        }
      });
    }
    await database.execute("analyze");
    watched = await watch(engine, database);
  }, 180_000);
  afterAll(async () => {
    await watched.close();
    await database.drop();
  });

  describe.each(ORDERS)("by $by, descending: $descending", (order) => {
    it.each(FILTERS)(
      "%s: indexes serve the first page, a later one, and the member who comes first",
      async (_, filter) => {
        watched.take();
        const page = (after?: string, first?: string) =>
          watched.users.list(organizationId, filter, { ...order, first }, { limit: PAGE, after });
        const { next, items } = await page();
        if (next !== undefined) await page(next);
        if (items[3]) await page(undefined, items[3].id);
        const statements = watched.take();
        expect(statements.length).toBeGreaterThan(0);
        for (const statement of statements) expect(await watched.complaints(statement)).toEqual([]);
      },
    );
  });

  it.each(FILTERS.filter(([, { search }]) => search === undefined))(
    "%s: indexes serve the count",
    async (_, filter) => {
      watched.take();
      await watched.users.count(organizationId, filter, PAGE);
      for (const statement of watched.take()) expect(await watched.complaints(statement)).toEqual([]);
    },
  );

  it("complains about a statement that no index serves", async () => {
    const scan = { sql: "select * from users where avatar_url = 'x' order by avatar_url", parameters: [] };
    expect(await watched.complaints(scan as never)).not.toEqual([]);
  });
});

async function watch(engine: EngineName, { location }: TestDatabase): Promise<Watched> {
  const sent: CompiledQuery[] = [];
  const log = (event: { readonly query: CompiledQuery }) => void sent.push(event.query);
  const take = () => sent.splice(0);
  if (engine === "sqlite") {
    const file = new Database(join(location.dataDir, "organization-service.sqlite"), { readonly: true });
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }), log });
    return {
      users: new UserSqlStore(db, new Engine(sqliteDialect)),
      take,
      complaints: async ({ sql, parameters }) => {
        const steps = file.prepare(`explain query plan ${sql}`).all(...parameters) as { readonly detail: string }[];
        return steps.map(({ detail }) => detail).filter(isComplaintOfSqlite);
      },
      close: () => db.destroy(),
    };
  }
  // As the service does it: 64-bit integers are numbers.
  const types = { getTypeParser: (oid: number) => (oid === 20 ? Number : pg.types.getTypeParser(oid)) };
  const pool = new pg.Pool({ connectionString: location.databaseUrl, max: 1, types: types as pg.CustomTypesConfig });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log });
  return {
    users: new UserSqlStore(db, new Engine(postgresDialect)),
    take,
    complaints: async (query) => (await plansOfPostgres(pool, query)).flatMap(complaintsOfPostgres),
    close: () => db.destroy(),
  };
}

/** A look at every row of a table, or a sort of what could be everything. */
function isComplaintOfSqlite(detail: string): boolean {
  // The members who are named, and the pages of several sources, are few: those may be sorted.
  return /^SCAN (?!e\b|l\b|leaps|named|u\b|b\b|c\b|d\b|r\b|CONSTANT|\(|\d)/.test(detail) || /^SCAN users/.test(detail);
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The plan as it ran: once for these very values, and once as the server keeps it for any. */
async function plansOfPostgres(pool: pg.Pool, { sql, parameters }: CompiledQuery): Promise<PlanNode[]> {
  const plans: PlanNode[] = [];
  const call = parameters.length === 0 ? "watched" : `watched(${parameters.map(literal).join(", ")})`;
  for (const mode of ["force_custom_plan", "force_generic_plan"]) {
    await pool.query(`set plan_cache_mode = ${mode}`);
    await pool.query(`prepare watched as ${sql}`);
    try {
      const { rows } = await pool.query(`explain (analyze, format json) execute ${call}`);
      plans.push(rows[0]["QUERY PLAN"][0].Plan);
    } finally {
      await pool.query("deallocate watched");
    }
  }
  return plans;
}

function literal(value: unknown): string {
  if (typeof value === "number") return String(value);
  return pg.escapeLiteral(Array.isArray(value) ? `{${value.join(",")}}` : String(value));
}

function complaintsOfPostgres(node: PlanNode): string[] {
  const { "Node Type": type, "Relation Name": table = "" } = node;
  const read = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
  const own: string[] = [];
  if (type === "Seq Scan" && /^(users|member_grams)$/.test(table)) own.push(`${type} on ${table}`);
  if (read > MANY) own.push(`${type} on ${table} reads ${read} rows`);
  return [...own, ...(node.Plans ?? []).flatMap(complaintsOfPostgres)];
}
