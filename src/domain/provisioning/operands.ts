import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Attribute, ResourceType } from "./attribute.ts";
import { USER } from "./attributes.ts";
import { fold } from "./fold.ts";

/** Where a compiled condition or order is used. */
export interface QueryTarget {
  readonly dialect: "sqlite" | "postgres";
  /** Alias of the `scim_users` or `scim_groups` row in the query around it. */
  readonly alias: string;
  /** SCIM base URL of the configuration, without a slash at its end: part of every URL that a resource shows. */
  readonly baseUrl: string;
}

/** The value of a simple attribute in SQL, in comparable form. */
export interface Operand {
  readonly value: RawBuilder<unknown>;
  /** `text`: strings, and booleans of the document; `flag`: 0 or 1; `number`: milliseconds. */
  readonly kind: "text" | "flag" | "number";
  /** Whether it may be null, which is the absence of a value. */
  readonly nullable: boolean;
}

// Aliases of what the conditions join; the query around them must not use these names.
const ELEMENT = "scim_element";
const MEMBERSHIP = "scim_membership";
const RELATED = "scim_related";

/** A simple attribute of the row. */
export function rowOperand(attribute: Attribute, type: ResourceType, target: QueryTarget): Operand {
  const { stored } = attribute;
  switch (stored.in) {
    case "column": {
      const value = column(target.alias, stored.folded ?? stored.column);
      const kind = attribute.type === "boolean" ? "flag" : attribute.type === "dateTime" ? "number" : "text";
      return { value, kind, nullable: stored.nullable ?? false };
    }
    case "document":
      return text(member(column(target.alias, "folded"), attribute.path, target), true);
    case "computed":
      return computedOperand(attribute, type, target);
    case "membership":
    case "nowhere":
      throw new TypeError(`${attribute.path} is no value of the row`);
  }
}

/** A part of the element that {@link existsElement} looks at, or the element itself when the list is of simple values. */
export function elementOperand(attribute: Attribute, list: Attribute, target: QueryTarget): Operand {
  if (list.stored.in === "membership") return text(membershipValue(attribute, list, target), false);
  const element = column(ELEMENT, "value");
  if (attribute === list) return text(byteOrder(element, target), false);
  return text(member(element, attribute.name, target), true);
}

/** Whether the list has an element for which the condition, made of {@link elementOperand}s, holds. */
export function existsElement(
  list: Attribute,
  type: ResourceType,
  target: QueryTarget,
  condition: RawBuilder<SqlBool>,
): RawBuilder<SqlBool> {
  if (list.stored.in !== "membership")
    return sql`exists (select 1 from ${elements(list, type, target)} where ${condition})`;
  const own = type === USER ? "user_id" : "group_id";
  const other = type === USER ? "group_id" : "user_id";
  return sql`exists (
    select 1 from group_memberships as ${sql.id(MEMBERSHIP)}
    join ${sql.table(type === USER ? "scim_groups" : "scim_users")} as ${sql.id(RELATED)}
      on ${column(RELATED, "id")} = ${column(MEMBERSHIP, other)}
    where ${column(MEMBERSHIP, own)} = ${column(target.alias, "id")} and ${condition})`;
}

/** The elements of a list of the document, as a table with the columns `value` and, in the order sent, `key` or `ordinality`. */
export function elements(list: Attribute, type: ResourceType, target: QueryTarget): RawBuilder<unknown> {
  const alias = sql.id(ELEMENT);
  // Without extensions the list of schemas is always the same, and the row needs no document.
  if (list.name === "schemas" && type.extensions.length === 0) {
    return sql`(select ${literal(type.schema.id, target)} as value) as ${alias}`;
  }
  const folded = column(target.alias, "folded");
  if (target.dialect === "sqlite") return sql`json_each(${folded}, ${sql.lit(`$."${list.path}"`)}) as ${alias}`;
  const unnest = list.type === "complex" ? sql`jsonb_array_elements` : sql`jsonb_array_elements_text`;
  return sql`${unnest}(${folded} -> ${sql.lit(list.path)}) with ordinality as ${alias}(value, ordinality)`;
}

/** The position of an element in its list of the document. */
export function elementPosition({ dialect }: QueryTarget): RawBuilder<unknown> {
  return column(ELEMENT, dialect === "sqlite" ? "key" : "ordinality");
}

function computedOperand(attribute: Attribute, type: ResourceType, target: QueryTarget): Operand {
  const id = column(target.alias, "id");
  switch (attribute.name) {
    case "resourceType":
      return text(literal(type.name, target), false);
    case "location":
      return text(sql`(${literal(`${target.baseUrl}${type.endpoint}/`, target)} || ${id})`, false);
    case "version":
      return text(sql`('W/"' || cast(${column(target.alias, "version")} as text) || '"')`, false);
    case "displayName":
      return text(managerName(attribute, target), true);
    default:
      throw new TypeError(`${attribute.path} is not computed`);
  }
}

/** The displayName of the user whom the manager's value names, if this configuration knows them. */
function managerName(attribute: Attribute, target: QueryTarget): RawBuilder<unknown> {
  const managerId = member(column(target.alias, "folded"), `${attribute.parent?.path}.value`, target);
  return sql`(
    select ${column(RELATED, "display_name_folded")} from scim_users as ${sql.id(RELATED)}
    where ${column(RELATED, "id")} = ${managerId}
      and ${column(RELATED, "scim_configuration_id")} = ${column(target.alias, "scim_configuration_id")})`;
}

function membershipValue(attribute: Attribute, list: Attribute, target: QueryTarget): RawBuilder<unknown> {
  const ofUsers = list.name === "members";
  const id = column(MEMBERSHIP, ofUsers ? "user_id" : "group_id");
  switch (attribute.name) {
    case "value":
      return id;
    case "$ref":
      return sql`(${literal(`${target.baseUrl}${ofUsers ? "/Users/" : "/Groups/"}`, target)} || ${id})`;
    case "display":
      return ofUsers
        ? sql`coalesce(${column(RELATED, "display_name_folded")}, ${column(RELATED, "user_name_folded")})`
        : column(RELATED, "display_name_folded");
    case "type":
      return literal(fold(ofUsers ? "User" : "direct"), target);
    default:
      throw new TypeError(`${attribute.path} is no part of a membership`);
  }
}

/** A member of a JSON object as text, or null. Keys come from the attribute table, so they need no escape. */
function member(object: RawBuilder<unknown>, key: string, target: QueryTarget): RawBuilder<unknown> {
  const path = target.dialect === "sqlite" ? `$."${key}"` : key;
  return byteOrder(sql`(${object} ->> ${sql.lit(path)})`, target);
}

function literal(value: string, target: QueryTarget): RawBuilder<unknown> {
  return byteOrder(sql`cast(${value} as text)`, target);
}

/** PostgreSQL orders by the database's locale unless told otherwise; columns are declared with the "C" collation. */
function byteOrder(value: RawBuilder<unknown>, { dialect }: QueryTarget): RawBuilder<unknown> {
  return dialect === "sqlite" ? value : sql`(${value} collate "C")`;
}

function column(table: string, name: string): RawBuilder<unknown> {
  return sql.ref(`${table}.${name}`);
}

function text(value: RawBuilder<unknown>, nullable: boolean): Operand {
  return { value, kind: "text", nullable };
}
