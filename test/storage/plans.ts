import { join } from "node:path";
import Database from "better-sqlite3";
import { type CompiledQuery, Kysely, PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";
import { postgresDialect, sqliteDialect } from "../../src/storage/dialect.ts";
import { Engine, PLANNED_ANEW } from "../../src/storage/sql/engine.ts";
import type { Tables } from "../../src/storage/sql/schema.ts";
import type { EngineName, TestDatabase } from "../support/storage.ts";

/** A store over a connection that shows which statements it sends, and what the engine makes of them. */
export interface Watched<Store> {
  readonly store: Store;
  /** The statements since the last time. */
  take(): readonly CompiledQuery[];
  /** Complaints about the plan of a statement: none when indexes serve it. */
  complaints(query: CompiledQuery): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What to complain about. */
export interface PlanRules {
  /** Tables of which no statement may read everything. */
  readonly tables: readonly string[];
  /** More rows than any step of a statement may read. */
  readonly many: number;
  /** Whether a step of SQLite's plan is one to complain about. */
  readonly isComplaintOfSqlite: (detail: string, query: CompiledQuery) => boolean;
}

/** Opens a store of the database so that its statements are seen. */
export async function watch<Store>(
  engine: EngineName,
  { location }: TestDatabase,
  open: (db: Kysely<Tables>, engine: Engine) => Store,
  rules: PlanRules,
): Promise<Watched<Store>> {
  const sent: CompiledQuery[] = [];
  const log = (event: { readonly query: CompiledQuery }) => void sent.push(event.query);
  const take = () => sent.splice(0);
  if (engine === "sqlite") {
    const file = new Database(join(location.dataDir, "organization-service.sqlite"), { readonly: true });
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }), log });
    return {
      store: open(db, new Engine(sqliteDialect)),
      take,
      complaints: async (query) => {
        const plan = file.prepare(`explain query plan ${query.sql}`).all(...query.parameters);
        const details = (plan as { readonly detail: string }[]).map(({ detail }) => detail);
        return details.filter((detail) => rules.isComplaintOfSqlite(detail, query));
      },
      close: () => db.destroy(),
    };
  }
  // As the service does it: 64-bit integers are numbers.
  const types = { getTypeParser: (oid: number) => (oid === 20 ? Number : pg.types.getTypeParser(oid)) };
  const pool = new pg.Pool({ connectionString: location.databaseUrl, max: 1, types: types as pg.CustomTypesConfig });
  // A connection that closes may still hear that its database is dropped.
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log });
  return {
    store: open(db, new Engine(postgresDialect)),
    take,
    complaints: async (query) => (await plansOfPostgres(pool, query)).flatMap((node) => complaintsOf(node, rules)),
    close: () => db.destroy(),
  };
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The plan as it ran: for these very values, and, unless it is planned anew, as the server keeps it for any. */
async function plansOfPostgres(pool: pg.Pool, { sql, parameters }: CompiledQuery): Promise<PlanNode[]> {
  const plans: PlanNode[] = [];
  const call = parameters.length === 0 ? "watched" : `watched(${parameters.map(literal).join(", ")})`;
  const modes = sql.includes(PLANNED_ANEW) ? ["force_custom_plan"] : ["force_custom_plan", "force_generic_plan"];
  for (const mode of modes) {
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

function complaintsOf(node: PlanNode, rules: PlanRules): string[] {
  const { "Node Type": type, "Relation Name": table = "" } = node;
  const read = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
  const own: string[] = [];
  if (type === "Seq Scan" && rules.tables.includes(table)) own.push(`${type} on ${table}`);
  if (read > rules.many) own.push(`${type} on ${table} reads ${read} rows`);
  return [...own, ...(node.Plans ?? []).flatMap((child) => complaintsOf(child, rules))];
}
