import { type Kysely, type RawBuilder, sql } from "kysely";
import type { MemberOrder } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { placeText } from "./member-grams.ts";
import type { Tables } from "./schema.ts";

/** Rows of a gram that are looked at before it counts as common. */
export const COMMON = 200;

/** Sorts above the place of every member. */
const END = "\u{10ffff}\u{10ffff}";

type Direction = Pick<MemberOrder, "descending">;

/** The organization's number, in SQL. */
export const organizationNumber = (organizationId: string): RawBuilder<number> =>
  sql<number>`(select o.number from organizations as o where o.id = ${organizationId})`;

/**
 * The grams with those of the fewest members first. Of common ones, those whose first rows reach farthest: where they lie
 * thinner, less is read until a page is full.
 */
export async function rarestFirst(
  db: Kysely<Tables>,
  organizationId: string,
  { descending }: Direction,
  grams: readonly string[],
): Promise<readonly string[]> {
  if (grams.length <= 1) return grams;
  const last = descending ? sql`min(r.joined_at)` : sql`max(r.joined_at)`;
  const counts = grams.map((gram) => {
    const rows = sql`select g.joined_at from member_grams as g
      where g.organization_number = ${organizationNumber(organizationId)} and g.gram = ${gram}
      order by g.joined_at ${descending ? sql`desc` : sql`asc`} limit ${COMMON}`;
    return sql`select count(*) as count, ${last} as reach from (${rows}) as r`;
  });
  const { rows } = await sql<{ count: number; reach: number | null }>`${sql.join(counts, sql` union all `)}`.execute(
    db,
  );
  return rows
    .map(({ count, reach }, at) => ({ gram: grams[at] ?? "", count: Number(count), reach: reach ?? 0 }))
    .sort((a, b) => a.count - b.count || (descending ? a.reach - b.reach : b.reach - a.reach))
    .map(({ gram }) => gram);
}

/** From where a search by leaps goes on: an organization's number, and a place in its order of names. */
export interface LeapStart {
  readonly organization: number;
  readonly after: string;
}

/** The start of a search by leaps, after a member's name and id or from one end; undefined without such an organization. */
export async function leapStart(
  engine: Engine,
  db: Kysely<Tables>,
  organizationId: string,
  { descending }: Direction,
  after: readonly [nameKey: string, userId: string] | undefined,
): Promise<LeapStart | undefined> {
  const [nameKey = "", userId = ""] = after ?? [];
  const [row] = await engine.rows(db, "members.leapStart", [userId, organizationId], (db) =>
    db
      .selectFrom("organizations as o")
      .select((e) => ["o.number", e.selectFrom("users as u").select("u.number").where("u.id", "=", "").as("user")])
      .where("o.id", "=", ""),
  );
  if (!row) return undefined;
  const end = descending ? END : "";
  return { organization: row.number, after: after ? placeText(nameKey, row.user ?? 0) : end };
}

/** What {@link leap} found: in order, at most as many as were asked for. */
export interface Leaped {
  readonly places: readonly string[];
  /** Whether there may be more after the last one. */
  readonly more: boolean;
}

/**
 * The places of the next members who have all of the grams, in the order of names. The lists of the grams are in the same
 * order, so where one has no member for a while the others skip: a leap is a look-up in each list, however many members lie
 * between.
 */
export async function leap(
  engine: Engine,
  db: Kysely<Tables>,
  grams: readonly string[],
  { descending }: Direction,
  { organization, after }: LeapStart,
  limit: number,
): Promise<Leaped> {
  // In the order in which the placeholders stand in the statement: the look-ups of a leap from the last to the first.
  const lists = grams.map((gram) => [organization, gram]);
  const landing = lists.toReversed().flat();
  const parameters = [...landing, after, ...landing, ...lists.slice(0, -1).flat(), limit];
  const name = `members.leap ${grams.length} ${descending ? "descending" : "ascending"}`;
  const rows = await engine.rows(db, name, parameters, (db) => ({
    compile: () => leapStatement(grams.length, descending).compile(db),
  }));
  // A landing was a hit when the count is higher at the next one.
  const places = rows
    .filter(({ place, hits }, at) => place !== null && (rows[at + 1]?.hits ?? hits) > hits)
    .map(({ place }) => place ?? "");
  return { places, more: places.length === limit };
}

/**
 * Row by row: a landing, which is a member of the last list, and how many of the landings before had every gram. It ends
 * where a list ends, with null, or when there are enough.
 */
function leapStatement(grams: number, descending: boolean) {
  const [beyond, orAt, nearest] = descending ? [sql`<`, sql`<=`, sql`max`] : [sql`>`, sql`>=`, sql`min`];
  const list = sql`member_grams as g where g.organization_number = ${0} and g.gram = ${""}`;
  const land = (from: RawBuilder<unknown>): RawBuilder<unknown> =>
    Array.from({ length: grams }).reduce<RawBuilder<unknown>>(
      (place, _, at) => sql`(select ${nearest}(g.place) from ${list} and g.place ${at === 0 ? beyond : orAt} ${place})`,
      from,
    );
  // Scalars: of an `exists`, PostgreSQL may make a hash table of everybody who has the gram.
  const others = Array.from(
    { length: grams - 1 },
    () => sql`(select g.user_number from ${list} and g.place = l.place) is not null`,
  );
  const isHit = sql`case when ${sql.join([sql`l.place is not null`, ...others], sql` and `)} then 1 else 0 end`;
  return sql<{ place: string | null; hits: number }>`with recursive leaps (place, hits) as (
      select ${land(sql`${""}`)}, 0
      union all
      select ${land(sql`l.place`)}, l.hits + ${isHit} from leaps as l where l.place is not null and l.hits < ${0}
    )
    select l.place, l.hits from leaps as l`;
}
