import { type Kysely, type RawBuilder, sql } from "kysely";
import type { MemberOrder } from "../storage.ts";
import { numberOfPlace } from "./member-grams.ts";
import type { Tables } from "./schema.ts";

/** Rows of a gram that are looked at before it counts as common. */
const COMMON = 200;

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

/**
 * The next members after a place who have all of the grams, in the order of names; from one end without a place. The lists
 * of the grams are in the same order, so where one has no member for a while the others skip: a leap is a look-up in each,
 * however many members lie between.
 */
export async function leapTo(
  db: Kysely<Tables>,
  organizationId: string,
  grams: readonly string[],
  { descending }: Direction,
  after: string | RawBuilder<string> | undefined,
  limit: number,
): Promise<readonly { readonly place: string; readonly userNumber: number }[]> {
  const of = (gram: string, condition: RawBuilder<unknown>) => sql`member_grams as g
    where g.organization_number = ${organizationNumber(organizationId)} and g.gram = ${gram} and g.place ${condition}`;
  const [strictly, orAt, first] = descending ? [sql`<`, sql`<=`, sql`max`] : [sql`>`, sql`>=`, sql`min`];
  const next = (from: RawBuilder<unknown>) =>
    grams.reduce<RawBuilder<unknown>>(
      (place, gram, at) =>
        sql`(select ${first}(g.place) from ${of(gram, sql`${at === 0 ? strictly : orAt} ${place}`)})`,
      from,
    );
  // Scalars: of an `exists`, PostgreSQL may make a hash table of everybody who has the gram.
  const hits = grams.map((gram) => sql`(select g.user_number from ${of(gram, sql`= l.place`)}) is not null`);
  const isHit = sql`case when ${sql.join(hits, sql` and `)} then 1 else 0 end`;
  const { rows } = await sql<{ place: string }>`with recursive leaps (place, hits) as (
      select ${next(sql`${after ?? (descending ? END : "")}`)}, 0
      union all
      select ${next(sql`l.place`)}, l.hits + ${isHit}
      from leaps as l where l.place is not null and l.hits < ${limit}
    )
    select l.place from leaps as l where l.place is not null and ${isHit} = 1 limit ${limit}`.execute(db);
  return rows.map(({ place }) => ({ place, userNumber: numberOfPlace(place) }));
}
