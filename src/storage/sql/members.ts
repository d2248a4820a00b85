import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Engine } from "./engine.ts";
import {
  and,
  containsSearch,
  type Fragment,
  filterConditions,
  hasGram,
  type MemberQuery,
  type Position,
  ROLES,
  restriction,
  STATUSES,
  searchConditions,
  type UserRow,
} from "./member-conditions.ts";
import { emailKey, GRAM_LENGTH, gramsOfSearch, numberOfPlace, placeOf, searchKey } from "./member-grams.ts";
import { COMMON, leap, leapStart, organizationNumber, rarestFirst } from "./member-search.ts";
import type { Tables } from "./schema.ts";

/*
 * Lists of members. Each query has one source whose index gives the order of the list, and reads no more of it than the
 * page needs: an organization of a hundred thousand costs what one of a thousand does. The sources, the first that the
 * filter allows: a few members who are named by id or email; those with an uncommon login provider; those of a few in each
 * status and role; those who have the runs of characters of a search; one for each status and role; everybody.
 */

/** The rows after the position, at most `limit`. */
export async function selectMembers(
  engine: Engine,
  db: Kysely<Tables>,
  query: MemberQuery,
  limit: number,
  after: Position | undefined,
): Promise<UserRow[]> {
  const plan = await planOf(engine, db, query);
  if (plan === "leaps") return takeFrom(leaping(engine, db, query, limit, after), limit, query.order.first);
  const conditions = filterConditions(engine, query);
  if (query.order.first !== undefined) conditions.push(sql`u.id <> ${query.order.first}`);
  const branches = plan.branches.flatMap((branch) =>
    (after ? beyond(branch, query, after) : [[]]).map((position) => {
      const where = and([...branch.conditions, ...conditions, ...position]);
      return sql`select u.* from ${branch.from} where ${where} order by ${orderBy(branch, query)} limit ${limit}`;
    }),
  );
  const { rows } = await merge(branches, query, limit, plan.before).execute(db);
  return rows;
}

/** The member who comes first, if the filter keeps them. */
export async function selectFirst(
  engine: Engine,
  db: Kysely<Tables>,
  query: MemberQuery,
): Promise<UserRow | undefined> {
  if (query.order.first === undefined) return undefined;
  const { organizationId, order } = query;
  const named = [sql`u.organization_id = ${organizationId}`, sql`u.id = ${order.first}`];
  const conditions = [...named, ...filterConditions(engine, query), ...searchConditions(engine, query)];
  const { rows } = await sql<UserRow>`select u.* from users as u where ${and(conditions)}`.execute(db);
  return rows[0];
}

/** How many members pass the filter, at most `limit`. */
export async function countMembers(
  engine: Engine,
  db: Kysely<Tables>,
  query: MemberQuery,
  limit: number,
): Promise<number> {
  const plan = await planOf(engine, db, query);
  if (plan === "leaps") return (await takeFrom(leaping(engine, db, query, limit, undefined), limit)).length;
  return countRows(db, query, plan, filterConditions(engine, query), limit);
}

async function countRows(
  db: Kysely<Tables>,
  query: MemberQuery,
  { before, branches }: Plan,
  conditions: readonly Fragment[],
  limit: number,
): Promise<number> {
  // In order, although that does not matter: it keeps PostgreSQL from reading the table from its beginning instead.
  const counted = branches.map(
    (branch) => sql`select * from (
      select 1 as one from ${branch.from} where ${and([...branch.conditions, ...conditions])}
      order by ${orderBy(branch, query)} limit ${limit}
    ) as b`,
  );
  const { rows } = await sql<{ count: number }>`${before} select count(*) as count from (
    select * from (${sql.join(counted, sql` union all `)}) as c limit ${limit}
  ) as d`.execute(db);
  return Number(rows[0]?.count);
}

/** One ordered source of rows. Its tables have the users as `u`. */
interface Branch {
  readonly from: Fragment;
  readonly conditions: readonly Fragment[];
  /** What the rows are ordered by; the index of the source has it. The last one is the place, or the user's number. */
  readonly key: readonly [Fragment] | readonly [Fragment, Fragment];
}

interface Plan {
  /** What stands before the `select`. */
  readonly before: Fragment;
  readonly branches: readonly Branch[];
}

/** The sources of a list. A search in the order of names goes by leaps instead. */
async function planOf(engine: Engine, db: Kysely<Tables>, query: MemberQuery): Promise<Plan | "leaps"> {
  const { filter } = query;
  if (filter.userIds?.length || filter.email) return namedPlan(engine, query);
  if (isUncommon(filter.loginProvider)) return providerPlan(engine, query, filter.loginProvider);
  const states = statesOf(query);
  if (!filter.search) return planOfStates(query, states ?? [[]], []);
  if (states) {
    // Fewer than a search would find, perhaps: a handful of admins among thousands of the name.
    const few = planOfStates(query, states, []);
    if ((await countRows(db, query, few, [], COMMON)) < COMMON) {
      return planOfStates(query, states, searchConditions(engine, query));
    }
  }
  if (query.order.by === "name" && !isGram(searchKey(filter.search))) return "leaps";
  return searchPlan(engine, db, query);
}

/** The conditions of every status and role that the filter keeps; undefined when it keeps all. */
function statesOf({ filter }: MemberQuery): readonly (readonly Fragment[])[] | undefined {
  const statuses = restriction(STATUSES, filter.statuses);
  const roles = restriction(ROLES, filter.roles);
  if (!statuses && !roles) return undefined;
  return (statuses ?? STATUSES).flatMap((status) =>
    (roles ?? ROLES).map((role) => [sql`u.status = ${status}`, sql`u.role = ${role}`]),
  );
}

function planOfStates(
  query: MemberQuery,
  states: readonly (readonly Fragment[])[],
  conditions: readonly Fragment[],
): Plan {
  return { before: sql``, branches: states.map((state) => usersBranch(query, [...state, ...conditions])) };
}

function usersBranch(query: MemberQuery, conditions: readonly Fragment[]): Branch {
  return {
    from: sql`users as u`,
    conditions: [sql`u.organization_id = ${query.organizationId}`, ...conditions],
    key: [query.order.by === "name" ? sql`u.name_key` : sql`u.created_at`, sql`u.number`],
  };
}

/** The index holds the members of these providers alone. Its condition is repeated, or the index would not serve. */
const isUncommon = (provider: string | undefined): provider is string =>
  provider !== undefined && provider !== "custom" && [...provider].length <= 64;
const UNCOMMON: Fragment = sql`u.login_provider <> 'custom' and length(u.login_provider) <= 64`;

function providerPlan(engine: Engine, query: MemberQuery, provider: string): Plan {
  const uncommon = [UNCOMMON, sql`u.login_provider = ${provider}`];
  return { before: sql``, branches: [usersBranch(query, [...uncommon, ...searchConditions(engine, query)])] };
}

/** A few members, found before anything is ordered. */
function namedPlan(engine: Engine, query: MemberQuery): Plan {
  const { organizationId, filter } = query;
  const named = [sql`u.organization_id = ${organizationId}`];
  if (filter.userIds?.length) named.push(sql`u.id in (${sql.join([...filter.userIds])})`);
  if (filter.email) named.push(sql`u.email_key = ${emailKey(filter.email)}`);
  const before = sql`with named as materialized (select u.* from users as u where ${and(named)})`;
  const branch = usersBranch(query, searchConditions(engine, query));
  return { before, branches: [{ ...branch, from: sql`named as u` }] };
}

/** The members who have the rarest run of the search, in the order of the list. */
async function searchPlan(engine: Engine, db: Kysely<Tables>, query: MemberQuery): Promise<Plan> {
  const { organizationId, order } = query;
  const search = searchKey(query.filter.search ?? "");
  const [gram, ...others] = await rarestFirst(db, organizationId, order, gramsOfSearch(search));
  const branch: Branch = {
    from: sql`member_grams as g cross join users as u`,
    conditions: [
      sql`u.number = g.user_number`,
      sql`g.organization_number = ${organizationNumber(organizationId)}`,
      sql`g.gram = ${gram}`,
      // Cheaper than a look at the member.
      ...others.map((other) => hasGram(query, other, sql`g.place`)),
      ...(isGram(search) ? [] : [containsSearch(engine, search)]),
    ],
    key: order.by === "name" ? [sql`g.place`] : [sql`g.joined_at`, sql`g.user_number`],
  };
  return { before: sql``, branches: [branch] };
}

/** Whether the text of a search is a gram itself, so that its rows are all that is to be found. */
const isGram = (search: string): boolean => [...search].length <= GRAM_LENGTH;

/** Members at a time, at most. */
const MAX_LEAPS = 1000;

/** The searched members after the position, by leaps from hit to hit; what the filter drops of these is read in vain. */
async function* leaping(
  engine: Engine,
  db: Kysely<Tables>,
  query: MemberQuery,
  limit: number,
  after: Position | undefined,
): AsyncGenerator<UserRow> {
  const { organizationId, order } = query;
  const search = searchKey(query.filter.search ?? "");
  const conditions = [...filterConditions(engine, query), containsSearch(engine, search)];
  let start = await leapStart(engine, db, organizationId, order, after && [String(after[0]), after[1]]);
  for (let size = Math.min(limit, MAX_LEAPS); start; size = Math.min(4 * size, MAX_LEAPS)) {
    const { places, more } = await leap(engine, db, gramsOfSearch(search), order, start, size);
    const rows = await selectByNumber(engine, db, places.map(numberOfPlace), conditions);
    yield* rows;
    start = more ? { ...start, after: places.at(-1) ?? "" } : undefined;
  }
}

/** The users with these numbers that meet the conditions, in the order of the numbers. */
async function selectByNumber(
  engine: Engine,
  db: Kysely<Tables>,
  numbers: readonly number[],
  conditions: readonly Fragment[],
): Promise<readonly UserRow[]> {
  const named = engine.dialect.isOneOf(sql<number>`u.number`, numbers);
  const { rows } = await sql<UserRow>`select u.* from users as u where ${and([named, ...conditions])}`.execute(db);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return numbers.map((number) => byNumber.get(number)).filter((row) => row !== undefined);
}

const numberOf = (userId: string): Fragment => sql`(select p.number from users as p where p.id = ${userId})`;

const placeAfter = ([key, userId]: Position): RawBuilder<string> => placeOf(sql`${key}`, numberOf(userId));

/**
 * What lies beyond a position: with the same key, and with another one. Two sources, because SQLite compares pairs by their
 * first part alone when the second one is a row's number, and would read all rows with the key.
 */
function beyond(
  { key: [key, number] }: Branch,
  { order }: MemberQuery,
  position: Position,
): readonly (readonly Fragment[])[] {
  const isBeyond = order.descending ? sql`<` : sql`>`;
  if (!number) return [[sql`${key} ${isBeyond} ${placeAfter(position)}`]];
  const [after, userId] = position;
  return [[sql`${key} = ${after}`, sql`${number} ${isBeyond} ${numberOf(userId)}`], [sql`${key} ${isBeyond} ${after}`]];
}

function orderBy({ key }: Pick<Branch, "key">, { order }: MemberQuery): Fragment {
  return sql.join(key.map((part) => sql`${part} ${order.descending ? sql`desc` : sql`asc`}`));
}

/** The first rows of branches that are each in order. */
function merge(branches: readonly Fragment[], query: MemberQuery, limit: number, before: Fragment) {
  if (branches.length === 1) return sql<UserRow>`${before} ${branches[0]}`;
  const all = branches.map((branch) => sql`select * from (${branch}) as b`);
  const order = orderBy(usersBranch(query, []), query);
  return sql<UserRow>`${before} select u.* from (${sql.join(all, sql` union all `)}) as u order by ${order} limit ${limit}`;
}

/** The first rows, without that of one user. */
async function takeFrom(rows: AsyncIterable<UserRow>, limit: number, except?: string): Promise<UserRow[]> {
  const taken: UserRow[] = [];
  for await (const each of rows) {
    if (each.id === except) continue;
    taken.push(each);
    if (taken.length === limit) break;
  }
  return taken;
}
