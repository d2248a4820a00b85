import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { UserSqlStore } from "../../src/storage/sql/users.ts";
import type { MemberFilter, MemberOrder } from "../../src/storage/storage.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";
import { insertUser } from "./nouns/users.ts";
import { type PlanRules, type Watched, watch } from "./plans.ts";
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

/** A look at every row of a table, or a sort of what could be everything. */
const RULES: PlanRules = {
  tables: ["users", "member_grams"],
  many: MANY,
  // The members who are named, and the pages of several sources, are few: those may be sorted.
  isComplaintOfSqlite: (detail) =>
    /^SCAN (?!e\b|l\b|leaps|named|u\b|b\b|c\b|d\b|r\b|CONSTANT|\(|\d)/.test(detail) || /^SCAN users/.test(detail),
};

describe.each(ENGINES)("pages of members on %s", (engine) => {
  let database: TestDatabase;
  let watched: Watched<UserSqlStore>;
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
    watched = await watch(engine, database, (db, sql) => new UserSqlStore(db, sql), RULES);
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
          watched.store.list(organizationId, filter, { ...order, first }, { limit: PAGE, after });
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
      await watched.store.count(organizationId, filter, PAGE);
      for (const statement of watched.take()) expect(await watched.complaints(statement)).toEqual([]);
    },
  );

  it("complains about a statement that no index serves", async () => {
    const scan = { sql: "select * from users where avatar_url = 'x' order by avatar_url", parameters: [] };
    expect(await watched.complaints(scan as never)).not.toEqual([]);
  });
});
