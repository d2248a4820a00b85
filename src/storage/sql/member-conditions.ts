import { type RawBuilder, type Selectable, sql } from "kysely";
import type { MemberFilter, MemberOrder, Role, UserStatus } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { emailKey, GRAM_LENGTH, placeOf, searchKey } from "./member-grams.ts";
import { organizationNumber } from "./member-search.ts";
import type { Tables } from "./schema.ts";

/** What a list of members is asked for. */
export interface MemberQuery {
  readonly organizationId: string;
  readonly filter: MemberFilter;
  readonly order: MemberOrder;
}

/** A row of `users`. */
export type UserRow = Selectable<Tables["users"]>;

/** Where a list goes on: the order's key and the id of a row. */
export type Position = readonly [key: string | number, userId: string];

/** A part of a statement. The users are `u` in it. */
export type Fragment = RawBuilder<unknown>;

export const STATUSES: readonly UserStatus[] = ["active", "suspended", "left"];
export const ROLES: readonly Role[] = ["admin", "member"];

/** What a list of values leaves of all; undefined when it leaves everything. */
export function restriction<T>(all: readonly T[], given: readonly T[] | undefined): readonly T[] | undefined {
  const kept = all.filter((value) => given?.includes(value));
  return kept.length === 0 || kept.length === all.length ? undefined : kept;
}

/** Every condition of the filter but the search, which the sources meet in different ways. */
export function filterConditions({ dialect }: Engine, { filter }: MemberQuery): Fragment[] {
  const conditions: Fragment[] = [];
  const statuses = restriction(STATUSES, filter.statuses);
  const roles = restriction(ROLES, filter.roles);
  if (statuses) conditions.push(sql`u.status in (${sql.join(statuses)})`);
  if (roles) conditions.push(sql`u.role in (${sql.join(roles)})`);
  if (filter.userIds?.length) conditions.push(sql`u.id in (${sql.join([...filter.userIds])})`);
  if (filter.email) conditions.push(sql`u.email_key = ${emailKey(filter.email)}`);
  if (filter.loginProvider !== undefined) conditions.push(sql`u.login_provider = ${filter.loginProvider}`);
  if (filter.groupId !== undefined) {
    conditions.push(sql`exists (
      select 1 from group_memberships as m where m.user_id = u.id and m.group_id = ${filter.groupId}
    )`);
  }
  if (filter.terms) {
    const accepted = sql`exists (
      select 1 from terms_of_service_acceptances as a where a.user_id = u.id and a.version_id = ${filter.terms.versionId}
    )`;
    conditions.push(filter.terms.accepted ? accepted : sql`not ${accepted}`);
  }
  if (filter.excludeGroupIds?.length) {
    const groups = sql`select e.value from ${dialect.elements(JSON.stringify(filter.excludeGroupIds))} as e`;
    // A scalar for the same reason as in `hasGram`, and not null in the likelier case, as PostgreSQL guesses.
    conditions.push(sql`(
      select case when count(*) = 0 then 1 end
      from group_memberships as m where m.user_id = u.id and m.group_id in (${groups})
    ) is not null`);
  }
  return conditions;
}

/** The condition of the search on a row of `users`. */
export function searchConditions(engine: Engine, query: MemberQuery): Fragment[] {
  if (!query.filter.search) return [];
  const search = searchKey(query.filter.search);
  if ([...search].length >= GRAM_LENGTH) return [containsSearch(engine, search)];
  return [hasGram(query, search, placeOf(sql`u.name_key`, sql`u.number`))];
}

/** Whether the name or email contains the text of a search of several grams. */
export function containsSearch({ dialect }: Engine, search: string): Fragment {
  const inKey = (column: RawBuilder<string>) => dialect.contains(column, search);
  return sql`(${inKey(sql<string>`u.name_key`)} or ${inKey(sql<string>`u.email_key`)})`;
}

/**
 * Whether the member at the place has the gram. A scalar is looked up for one row at a time; of an `exists`, PostgreSQL may
 * make a join that reads everybody who has the gram.
 */
export function hasGram({ organizationId }: MemberQuery, gram: string, place: Fragment): Fragment {
  const same = [
    sql`s.organization_number = ${organizationNumber(organizationId)}`,
    sql`s.gram = ${gram}`,
    sql`s.place = ${place}`,
  ];
  return sql`(select s.user_number from member_grams as s where ${and(same)}) is not null`;
}

/** All of the conditions, of which there is one at least. */
export const and = (conditions: readonly Fragment[]): Fragment => sql.join([...conditions], sql` and `);
