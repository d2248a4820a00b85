import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "../dialect.ts";
import type { ScimColumn, ScimCompareOperator, ScimFilter, ScimList, ScimOperand } from "../storage.ts";

/**
 * Conditions over SCIM users and groups as SQL, for both engines.
 *
 * - Every value is a bound parameter. Keys of documents come from the domain's attribute table.
 * - Case is folded before, on both sides, so the condition only ever compares bytes. LIKE, whose case rules and wildcards
 *   differ, is not used: "starts with" is a range that an index serves, "contains" and "ends with" are functions.
 * - A column stands bare on the left of its operator, so an index on it serves the condition.
 * - A condition on an element of a list is one correlated EXISTS: all of it holds for the same element.
 */
export function compileFilter(filter: ScimFilter, target: ScimTarget): RawBuilder<SqlBool> {
  switch (filter.kind) {
    case "and":
    case "or": {
      const parts = filter.filters.map((part) => compileFilter(part, target));
      return sql`(${sql.join(parts, filter.kind === "and" ? sql` and ` : sql` or `)})`;
    }
    case "not":
      return sql`not ${compileFilter(filter.filter, target)}`;
    case "constant":
      return filter.value ? TRUE : sql`(1 = 0)`;
    case "exists":
      return existsElement(filter.list, compileFilter(filter.filter, target), target);
    case "present":
      return present(toOperand(filter.operand, target));
    case "compare":
      return compare(filter.operator, filter.value, toOperand(filter.operand, target), target);
  }
}

/** Where a condition or an order is used. */
export interface ScimTarget {
  readonly dialect: Pick<Dialect, "name">;
  /** What the rows are. */
  readonly resource: "user" | "group";
  /** Alias of the `scim_users` or `scim_groups` row in the query around it. */
  readonly alias: string;
}

/** A value in SQL, in comparable form. */
export interface SqlOperand {
  readonly value: RawBuilder<unknown>;
  readonly kind: "text" | "flag" | "number";
  /** Whether it may be null, which is the absence of a value. */
  readonly nullable: boolean;
}

// Aliases of what conditions join; the query around them must not use these names.
const ELEMENT = "scim_element";
const MEMBERSHIP = "scim_membership";
const RELATED = "scim_related";

const COLUMNS: Readonly<Record<ScimColumn, string>> = {
  id: "id",
  userNameFolded: "user_name_folded",
  displayNameFolded: "display_name_folded",
  externalId: "external_id",
  active: "active",
  createdAt: "created_at",
  updatedAt: "updated_at",
};

/** The SQL of a value. Values of elements stand inside {@link elements} alone. */
export function toOperand(operand: ScimOperand, target: ScimTarget): SqlOperand {
  switch (operand.from) {
    case "column": {
      const { kind, nullable } = operand;
      return { value: column(target.alias, COLUMNS[operand.column]), kind, nullable };
    }
    case "document":
      return text(member(column(target.alias, "folded"), operand.key, target), true);
    case "constant":
      return text(literal(operand.value, target), false);
    case "location":
      return text(sql`(${literal(operand.prefix, target)} || ${column(target.alias, "id")})`, false);
    case "version":
      return text(sql`('W/"' || cast(${column(target.alias, "version")} as text) || '"')`, false);
    case "manager":
      return text(managerName(operand.key, target), true);
    case "element":
      return text(byteOrder(column(ELEMENT, "value"), target), false);
    case "part":
      return text(member(column(ELEMENT, "value"), operand.name, target), true);
    case "relatedId":
      return text(relatedId(target), false);
    case "relatedLocation":
      return text(sql`(${literal(operand.prefix, target)} || ${relatedId(target)})`, false);
    case "relatedDisplay":
      return text(relatedDisplay(target), false);
  }
}

/** The elements of a list, as a table with the columns `value` and, in the order sent, `key` or `ordinality`. */
export function elements(list: ScimList, target: ScimTarget): RawBuilder<unknown> {
  const alias = sql.id(ELEMENT);
  if (list.from === "constant") return sql`(select ${literal(list.value, target)} as value) as ${alias}`;
  if (list.from === "membership") throw new TypeError("memberships have no order");
  const folded = column(target.alias, "folded");
  if (isSqlite(target)) return sql`json_each(${folded}, ${sql.lit(`$."${list.key}"`)}) as ${alias}`;
  const unnest = list.complex ? sql`jsonb_array_elements` : sql`jsonb_array_elements_text`;
  return sql`${unnest}(${folded} -> ${sql.lit(list.key)}) with ordinality as ${alias}(value, ordinality)`;
}

/** The position of an element in its list of the document. */
export function elementPosition(target: ScimTarget): RawBuilder<unknown> {
  return column(ELEMENT, isSqlite(target) ? "key" : "ordinality");
}

const TRUE: RawBuilder<SqlBool> = sql`(1 = 1)`;

function existsElement(list: ScimList, condition: RawBuilder<SqlBool>, target: ScimTarget): RawBuilder<SqlBool> {
  if (list.from !== "membership") return sql`exists (select 1 from ${elements(list, target)} where ${condition})`;
  const ofUser = target.resource === "user";
  const own = ofUser ? "user_id" : "group_id";
  return sql`exists (
    select 1 from group_memberships as ${sql.id(MEMBERSHIP)}
    join ${sql.table(ofUser ? "scim_groups" : "scim_users")} as ${sql.id(RELATED)}
      on ${column(RELATED, "id")} = ${relatedId(target)}
    where ${column(MEMBERSHIP, own)} = ${column(target.alias, "id")} and ${condition})`;
}

function present({ value, kind, nullable }: SqlOperand): RawBuilder<SqlBool> {
  if (kind !== "text") return nullable ? sql`(${value} is not null)` : TRUE;
  return nullable ? sql`(${value} is not null and ${value} <> '')` : sql`(${value} <> '')`;
}

function compare(
  operator: ScimCompareOperator,
  wanted: string | number | boolean,
  operand: SqlOperand,
  target: ScimTarget,
): RawBuilder<SqlBool> {
  const parameter = encode(wanted, operand);
  const condition =
    typeof parameter === "string"
      ? compareText(operator, operand.value, parameter, target)
      : sql<SqlBool>`${operand.value} ${SYMBOLS[operator]} ${parameter}`;
  return operand.nullable ? sql`(${operand.value} is not null and ${condition})` : sql`(${condition})`;
}

function encode(wanted: string | boolean | number, { kind }: SqlOperand): string | number {
  if (kind === "text") return String(wanted);
  return kind === "flag" ? (wanted ? 1 : 0) : Number(wanted);
}

const SYMBOLS: Readonly<Record<ScimCompareOperator, RawBuilder<unknown> | undefined>> = {
  eq: sql`=`,
  ne: sql`<>`,
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
  co: undefined,
  sw: undefined,
  ew: undefined,
};

function compareText(
  operator: ScimCompareOperator,
  value: RawBuilder<unknown>,
  wanted: string,
  target: ScimTarget,
): RawBuilder<SqlBool> {
  const symbol = SYMBOLS[operator];
  if (symbol) return sql`${value} ${symbol} ${wanted}`;
  // Every string contains the empty one, at both ends.
  if (wanted === "") return TRUE;
  if (operator === "sw") return startsWith(value, wanted);
  const length = [...wanted].length;
  if (isSqlite(target)) {
    return operator === "co" ? sql`instr(${value}, ${wanted}) > 0` : sql`substr(${value}, ${-length}) = ${wanted}`;
  }
  return operator === "co" ? sql`strpos(${value}, ${wanted}) > 0` : sql`right(${value}, ${length}) = ${wanted}`;
}

function startsWith(value: RawBuilder<unknown>, prefix: string): RawBuilder<SqlBool> {
  const end = prefixEnd(prefix);
  return end === undefined ? sql`${value} >= ${prefix}` : sql`${value} >= ${prefix} and ${value} < ${end}`;
}

/**
 * The smallest string that is greater than every string with this prefix, or undefined when there is none. With it
 * "starts with" is a range, which an index serves on both engines.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = [...prefix];
  for (;;) {
    const last = points.pop()?.codePointAt(0);
    if (last === undefined) return undefined;
    if (last === 0x10ffff) continue;
    // The surrogates U+D800 to U+DFFF are no characters.
    return points.join("") + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
}

function managerName(key: string, target: ScimTarget): RawBuilder<unknown> {
  return sql`(
    select ${column(RELATED, "display_name_folded")} from scim_users as ${sql.id(RELATED)}
    where ${column(RELATED, "id")} = ${member(column(target.alias, "folded"), key, target)}
      and ${column(RELATED, "scim_configuration_id")} = ${column(target.alias, "scim_configuration_id")})`;
}

function relatedId({ resource }: ScimTarget): RawBuilder<unknown> {
  return column(MEMBERSHIP, resource === "user" ? "group_id" : "user_id");
}

function relatedDisplay({ resource }: ScimTarget): RawBuilder<unknown> {
  return resource === "user"
    ? column(RELATED, "display_name_folded")
    : sql`coalesce(${column(RELATED, "display_name_folded")}, ${column(RELATED, "user_name_folded")})`;
}

/** A member of a JSON object as text, or null. Keys come from the attribute table, so they need no escape. */
function member(object: RawBuilder<unknown>, key: string, target: ScimTarget): RawBuilder<unknown> {
  const path = isSqlite(target) ? `$."${key}"` : key;
  return byteOrder(sql`(${object} ->> ${sql.lit(path)})`, target);
}

function literal(value: string, target: ScimTarget): RawBuilder<unknown> {
  return byteOrder(sql`cast(${value} as text)`, target);
}

/** PostgreSQL orders by the database's locale unless told otherwise; columns are declared with the "C" collation. */
function byteOrder(value: RawBuilder<unknown>, target: ScimTarget): RawBuilder<unknown> {
  return isSqlite(target) ? value : sql`(${value} collate "C")`;
}

function isSqlite({ dialect }: ScimTarget): boolean {
  return dialect.name === "sqlite";
}

function column(table: string, name: string): RawBuilder<unknown> {
  return sql.ref(`${table}.${name}`);
}

function text(value: RawBuilder<unknown>, nullable: boolean): SqlOperand {
  return { value, kind: "text", nullable };
}
