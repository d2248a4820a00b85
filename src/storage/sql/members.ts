import { type Kysely, type RawBuilder, type Selectable, sql } from "kysely";
import { foldText } from "../../lib/fold.ts";
import type { MemberFilter, MemberOrder, Role, UserStatus } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { emailKey, GRAM_LENGTH, gramsOfSearch } from "./member-grams.ts";
import type { Tables } from "./schema.ts";

/**
 * Lists of members. Each query has one source whose index gives the order of the list, and reads no more of it than the
 * page needs: an organization of a hundred thousand costs what one of a thousand does. The sources, the first that the
 * filter allows: a few members who are named by id or email; those who have the rarest run of characters of a search;
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
  const conditions = filterConditions(engine, query);
  const plan = await planOf(engine, db, query);
  const branches = plan.branches.map(
    (branch) => sql`select * from (
      select 1 as one from ${branch.from} where ${and([...branch.conditions, ...conditions])} limit ${limit}
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
  /** What the rows are ordered by; the index of the source has it. */
  readonly key: Fragment;
  readonly number: Fragment;
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
    key: query.order.by === "name" ? sql`u.name_key` : sql`u.created_at`,
    number: sql`u.number`,
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
  const search = foldText(query.filter.search ?? "");
  const grams = gramsOfSearch(search);
  const [gram, second] = grams.length === 1 ? grams : await rarestGrams(db, query, grams);
  const branch: Branch = {
    from: sql`member_grams as g cross join users as u`,
    conditions: [
      sql`u.number = g.user_number`,
      sql`g.organization_number = ${organizationNumber(query)}`,
      sql`g.gram = ${gram}`,
      ...(second === undefined ? [] : [hasGram(query, second, sql`g.name_key`, sql`g.user_number`)]),
      // What is no longer than a gram is one.
      ...([...search].length <= GRAM_LENGTH ? [] : [containsSearch(engine, search)]),
    ],
    key: query.order.by === "name" ? sql`g.name_key` : sql`g.joined_at`,
    number: sql`g.user_number`,
  };
  return { before: sql``, branches: [branch] };
}

/** Rows of a gram that are looked at before it counts as common. */
const COMMON = 200;
/** Grams of a search that are compared. */
const COMPARED = 12;

/**
 * Whether the member of a row has another gram, too. Cheaper than a look at the member, because these rows lie in the same
 * order as those of the first gram.
 */
function hasGram(query: MemberQuery, gram: string, nameKey: Fragment, userNumber: Fragment): Fragment {
  const same = [
    sql`s.organization_number = ${organizationNumber(query)}`,
    sql`s.gram = ${gram}`,
    sql`s.name_key = ${nameKey}`,
    sql`s.user_number = ${userNumber}`,
  ];
  return sql`exists (select 1 from member_grams as s where ${and(same)})`;
}

/**
 * The two grams with the fewest members, the rarer first. Of common ones all, the one whose first rows reach farthest: where they lie thinner,
 * less is read until the page is full.
 */
async function rarestGrams(db: Kysely<Tables>, query: MemberQuery, grams: readonly string[]): Promise<string[]> {
  const step = Math.max(1, grams.length / COMPARED);
  const compared = Array.from({ length: Math.min(COMPARED, grams.length) }, (_, at) => grams[Math.floor(at * step)]);
  const { by, descending } = query.order;
  const key = by === "name" ? sql`g.name_key` : sql`g.joined_at`;
  const direction = descending ? sql`desc` : sql`asc`;
  const reach = compared.map((gram) => {
    const rows = sql`select ${key} as key from member_grams as g
      where g.organization_number = ${organizationNumber(query)} and g.gram = ${gram}
      order by ${key} ${direction}, g.user_number ${direction} limit ${COMMON}`;
    const last = descending ? sql`min(key)` : sql`max(key)`;
    return sql`select count(*) as count, ${last} as reach from (${rows}) as r`;
  });
  const { rows } = await sql<{
    count: number;
    reach: string | number | null;
  }>`${sql.join(reach, sql` union all `)}`.execute(db);
  return rows
    .map(({ count, reach }, at) => ({ gram: compared[at] as string, count: Number(count), reach: reach ?? "" }))
    .sort((a, b) => {
      if (a.count !== b.count) return a.count - b.count;
      if (a.count < COMMON || a.reach === b.reach) return 0;
      return a.reach > b.reach === descending ? 1 : -1;
    })
    .slice(0, 2)
    .map(({ gram }) => gram);
}

const organizationNumber = ({ organizationId }: MemberQuery): Fragment =>
  sql`(select o.number from organizations as o where o.id = ${organizationId})`;

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
    conditions.push(sql`not exists (
      select 1 from group_memberships as m where m.user_id = u.id and m.group_id in (${groups})
    )`);
  }
  return conditions;
}

/** The condition of the search on a row of `users`. */
function searchConditions(engine: Engine, query: MemberQuery): Fragment[] {
  if (!query.filter.search) return [];
  const search = foldText(query.filter.search);
  if ([...search].length >= GRAM_LENGTH) return [containsSearch(engine, search)];
  return [hasGram(query, search, sql`u.name_key`, sql`u.number`)];
}

function containsSearch({ dialect }: Engine, search: string): Fragment {
  const inKey = (column: RawBuilder<string>) => dialect.contains(column, search);
  return sql`(${inKey(sql<string>`u.name_key`)} or ${inKey(sql<string>`u.email_key`)})`;
}

function afterPosition({ key, number }: Branch, { order }: MemberQuery, [after, userId]: Position): Fragment {
  const position = sql`(${after}, (select p.number from users as p where p.id = ${userId}))`;
  return order.descending ? sql`(${key}, ${number}) < ${position}` : sql`(${key}, ${number}) > ${position}`;
}

function orderBy({ key, number }: Pick<Branch, "key" | "number">, { order }: MemberQuery): Fragment {
  const direction = order.descending ? sql`desc` : sql`asc`;
  return sql`${key} ${direction}, ${number} ${direction}`;
}

/** The first rows of branches that are each in order. */
function merge(branches: readonly Fragment[], query: MemberQuery, limit: number, before: Fragment) {
  if (branches.length === 1) return sql<UserRow>`${before} ${branches[0]}`;
  const all = branches.map((branch) => sql`select * from (${branch}) as b`);
  const order = orderBy(usersBranch(query, []), query);
  return sql<UserRow>`${before} select u.* from (${sql.join(all, sql` union all `)}) as u order by ${order} limit ${limit}`;
}

const and = (conditions: readonly Fragment[]): Fragment => sql.join([...conditions], sql` and `);
