import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { AuditEntrySqlStore } from "../../src/storage/sql/audit-entries.ts";
import type { AuditFilter } from "../../src/storage/storage.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";
import { newAuditEntry } from "./nouns/audit-entries.ts";
import { type PlanRules, type Watched, watch } from "./plans.ts";
import { addOrganization } from "./records.ts";

const ENTRIES = 20_000;
const PAGE = 25;
/** More rows than any step of a page may read. */
const MANY = 1_000;

const RARE = newId();
const ALSO_RARE = newId();
const MINUTE = 60_000;

const FILTERS: readonly (readonly [string, AuditFilter])[] = [
  ["everything", {}],
  ["an actor of few", { actorIds: [RARE] }],
  ["actors of few and of many", { actorIds: [RARE, "common", ALSO_RARE] }],
  ["a subject of few", { subjectIds: [RARE] }],
  ["subjects", { subjectIds: [RARE, ALSO_RARE, "absent"] }],
  ["a kind of few", { subjectTypes: ["custom_domain"] }],
  ["kinds", { subjectTypes: ["custom_domain", "user"] }],
  ["a principal of few", { actorPrincipals: ["service_account"] }],
  ["principals", { actorPrincipals: ["service_account", "system"] }],
  ["an actor and a kind", { actorIds: [RARE], subjectTypes: ["user"] }],
  ["a short time long ago", { from: 100 * MINUTE, to: 400 * MINUTE }],
  ["a time before everything", { from: 0, to: 1 }],
  ["an actor of few in a short time", { actorIds: [RARE], from: 100 * MINUTE, to: 400 * MINUTE }],
];

const RULES: PlanRules = {
  tables: ["audit_entries"],
  many: MANY,
  isComplaintOfSqlite: (detail, { sql }) =>
    /^SCAN audit_entries/.test(detail) ||
    /^SEARCH audit_entries(?! USING (COVERING )?INDEX)/.test(detail) ||
    // Only the short lists for several values, each of which comes in order, are sorted into one.
    (/TEMP B-TREE/.test(detail) && !sql.includes("union all")),
};

describe.each(ENGINES)("pages of the audit log on %s", (engine) => {
  let database: TestDatabase;
  let watched: Watched<AuditEntrySqlStore>;
  let organizationId: string;

  beforeAll(async () => {
    database = await createDatabase(engine);
    const storage = await database.open();
    organizationId = (await addOrganization(storage)).id;
    const { id: otherId } = await addOrganization(storage);
    await storage.write(async (records) => {
      for (let n = 0; n < ENTRIES; n++) {
        const rare =
          n % 997 === 0 ? { actorId: RARE, subjectId: RARE, actorPrincipal: "service_account" as const } : {};
        const kind = n % 503 === 0 ? "custom_domain" : "user";
        const id = n % 5 === 0 ? otherId : organizationId;
        await records.auditEntries.append(
          newAuditEntry(id, {
            actorId: "common",
            subjectId: newId(),
            subjectType: kind,
            createdAt: n * MINUTE,
            ...rare,
          }),
        );
      }
    });
    // PostgreSQL gathers statistics by itself; on SQLite nobody does, and the plans are those without.
    if (engine === "postgres") await database.execute("analyze");
    watched = await watch(engine, database, (db, sql) => new AuditEntrySqlStore(db, sql, new Set()), RULES);
  }, 180_000);
  afterAll(async () => {
    await watched.close();
    await database.drop();
  });

  async function expectIndexes(): Promise<void> {
    const statements = watched.take();
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) expect(await watched.complaints(statement)).toEqual([]);
  }

  describe.each(["newest", "oldest"] as const)("%s first", (order) => {
    it.each(FILTERS)("%s: indexes serve the first page and a later one", async (_, filter) => {
      const { next } = await watched.store.list(organizationId, filter, order, { limit: PAGE });
      if (next !== undefined) await watched.store.list(organizationId, filter, order, { limit: PAGE, after: next });
      await expectIndexes();
    });
  });

  it("indexes serve those who follow the log", async () => {
    const last = await watched.store.lastSequence(organizationId);
    await watched.store.listChanges(organizationId, last - 100, 100);
    await watched.store.hasMoreThan(organizationId, 10, 100);
    await watched.store.findCreator(organizationId, RARE);
    await expectIndexes();
  });

  it("complains about statements that no index serves", async () => {
    const scan = { sql: "select * from audit_entries where request_id = 'x' order by action", parameters: [] };
    expect(await watched.complaints(scan as never)).not.toEqual([]);
  });
});
