import { type Kysely, type RawBuilder, type Selectable, sql } from "kysely";
import type { MemberFilter, MemberOrder, Role, UserStatus } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { emailKey, GRAM_LENGTH, gramsOfSearch, numberOfPlace, placeOf, searchKey } from "./member-grams.ts";
import { leap, leapStart, organizationNumber, rarestFirst } from "./member-search.ts";
import type { Tables } from "./schema.ts";

/**
 * Lists of members. Each query has one source whose index gives the order of the list, and reads no more of it than the
 * page needs: an organization of a hundred thousand costs what one of a thousand does. The sources, the first that the
 * filter allows: a few members who are named by id or email; those who have the runs of characters of a search;
 * those with an uncommon login provider; one for each status and role; everybody.
 */
export interface MemberQuery {
  readonly organizationId: string;
  readonly filter: MemberFilter;
  readonly order: MemberOrder;
}

export type UserRow = Selectable<Tables["users"]>;

/** Where a list goes on: the order's key and the id of a row. */
export type Position = readonly [key: string | number, userId: string];

const STATUSES: readonly UserStatus[] = ["active", "suspended", "left"];
const ROLES: readonly Role[] = ["admin", "member"];

type Fragment = RawBuilder<unknown>;

/** The rows after the position, at most `limit`. */
export async function selectMembers(
  engine: Engine,
  db: Kysely<Tables>,
  query: MemberQuery,
  limit: number,
  after: Position | undefined,
): Promise<UserRow[]> {
  if (isLeaping(query)) {
    return takeFrom(leaping(engine, db, query, limit, after), limit, query.order.first);
  }
  const conditions = filterConditions(engine, query);
  if (query.order.first !== undefined) conditions.push(sql`u.id <> ${query.order.first}`);
  const plan = await planOf(engine, db, query);
  const branches = plan.branches.map((branch) => {
    const all = [
      ...branch.conditions,
      ...conditions,
      ...(after === undefined ? [] : [afterPosition(branch, query, after)]),
    ];
    return sql`select u.* from ${branch.from} where ${and(all)} order by ${orderBy(branch, query)} limit ${limit}`;
  });
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
  if (isLeaping(query)) return (await takeFrom(leaping(engine, db, query, limit, undefined), limit)).length;
  const conditions = filterConditions(engine, query);
  const plan = await planOf(engine, db, query);
  // In order, although that does not matter: it keeps PostgreSQL from reading the table from its beginning instead.
  const branches = plan.branches.map(
    (branch) => sql`select * from (
      select 1 as one from ${branch.from} where ${and([...branch.conditions, ...conditions])}
      order by ${orderBy(branch, query)} limit ${limit}
    ) as b`,
  );
  const { rows } = await sql<{ count: number }>`${plan.before} select count(*) as count from (
    select * from (${sql.join(branches, sql` union all `)}) as c limit ${limit}
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

async function planOf(engine: Engine, db: Kysely<Tables>, query: MemberQuery): Promise<Plan> {
  const { filter } = query;
  if (filter.userIds?.length || filter.email) return namedPlan(engine, query);
  if (filter.search) return searchPlan(engine, db, query);
  if (isUncommon(filter.loginProvider)) return providerPlan(query, filter.loginProvider);
  const statuses = restriction(STATUSES, filter.statuses);
  const roles = restriction(ROLES, filter.roles);
  if (!statuses && !roles) return { before: sql``, branches: [usersBranch(query, [])] };
  const states = (statuses ?? STATUSES).flatMap((status) => (roles ?? ROLES).map((role) => ({ status, role })));
  return {
    before: sql``,
    branches: states.map(({ status, role }) => usersBranch(query, [sql`u.status = ${status}`, sql`u.role = ${role}`])),
  };
}

/** What a list of values leaves of all; undefined when it leaves everything. */
function restriction<T>(all: readonly T[], given: readonly T[] | undefined): readonly T[] | undefined {
  const kept = all.filter((value) => given?.includes(value));
  return kept.length === 0 || kept.length === all.length ? undefined : kept;
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

function providerPlan(query: MemberQuery, provider: string): Plan {
  const branch = usersBranch(query, [UNCOMMON, sql`u.login_provider = ${provider}`]);
  return { before: sql``, branches: [branch] };
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

/** Whether a search is for several runs in the order of names, where members are found by leaps. */
const isLeaping = ({ filter, order }: MemberQuery): boolean =>
  Boolean(filter.search) &&
  !isGram(searchKey(filter.search ?? "")) &&
  order.by === "name" &&
  !filter.userIds?.length &&
  !filter.email;

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

/** Every condition of the filter but the search, which the sources meet in different ways. */
function filterConditions({ dialect }: Engine, { filter }: MemberQuery): Fragment[] {
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
function searchConditions(engine: Engine, query: MemberQuery): Fragment[] {
  if (!query.filter.search) return [];
  const search = searchKey(query.filter.search);
  if ([...search].length >= GRAM_LENGTH) return [containsSearch(engine, search)];
  return [hasGram(query, search, placeOf(sql`u.name_key`, sql`u.number`))];
}

function containsSearch({ dialect }: Engine, search: string): Fragment {
  const inKey = (column: RawBuilder<string>) => dialect.contains(column, search);
  return sql`(${inKey(sql<string>`u.name_key`)} or ${inKey(sql<string>`u.email_key`)})`;
}

/**
 * Whether the member at the place has the gram. A scalar is looked up for one row at a time; of an `exists`, PostgreSQL may
 * make a join that reads everybody who has the gram.
 */
function hasGram({ organizationId }: MemberQuery, gram: string, place: Fragment): Fragment {
  const same = [
    sql`s.organization_number = ${organizationNumber(organizationId)}`,
    sql`s.gram = ${gram}`,
    sql`s.place = ${place}`,
  ];
  return sql`(select s.user_number from member_grams as s where ${and(same)}) is not null`;
}

const numberOf = (userId: string): Fragment => sql`(select p.number from users as p where p.id = ${userId})`;

const placeAfter = ([key, userId]: Position): RawBuilder<string> => placeOf(sql`${key}`, numberOf(userId));

function afterPosition({ key }: Branch, { order }: MemberQuery, position: Position): Fragment {
  const after = key.length === 1 ? placeAfter(position) : sql`(${position[0]}, ${numberOf(position[1])})`;
  return sql`${row(key)} ${order.descending ? sql`<` : sql`>`} ${after}`;
}

const row = (key: Branch["key"]): Fragment => (key.length === 1 ? key[0] : sql`(${sql.join([...key])})`);

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

const and = (conditions: readonly Fragment[]): Fragment => sql.join([...conditions], sql` and `);

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
