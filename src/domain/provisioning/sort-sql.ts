import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Attribute, ResourceType } from "./attribute.ts";
import { badRequest } from "./errors.ts";
import { resolveName } from "./names.ts";
import { elementOperand, elementPosition, elements, type QueryTarget, rowOperand } from "./operands.ts";
import type { CursorPosition } from "./paging.ts";

/**
 * Sorting (RFC 7644, section 3.4.2.3). Rows without a value come last in ascending order and first in descending order; of a
 * multi-valued attribute the primary element counts, or else the first. Strings are ordered folded unless the attribute is
 * caseExact, by code point. Rows with equal values stay in the order of their ids, which is the order of creation.
 */
export interface Order {
  readonly attribute: Attribute;
  readonly descending: boolean;
}

/** An order as it is used in a query. */
export interface CompiledOrder {
  /** The sort value of the row, to select along: a page's last one goes into its cursor. */
  readonly value: RawBuilder<string | number | null>;
  /** What stands behind `order by`. */
  readonly orderBy: RawBuilder<unknown>;
  /** The rows behind a position. */
  after(position: CursorPosition): RawBuilder<SqlBool>;
}

/**
 * Reads `sortBy` and `sortOrder`. Without sortBy there is no order to speak of: resources come as they were created.
 * @throws ScimError `invalidPath` for a sortBy, `invalidValue` for a sortOrder, that means nothing here.
 */
export function parseOrder(type: ResourceType, sortBy: unknown, sortOrder: unknown): Order | undefined {
  if (sortBy === undefined || sortBy === null || sortBy === "") return undefined;
  const direction = String(sortOrder ?? "ascending").toLowerCase();
  if (direction !== "ascending" && direction !== "descending") {
    throw badRequest("invalidValue", "sortOrder takes ascending or descending.");
  }
  const resolved = typeof sortBy === "string" ? resolveName(type, sortBy) : undefined;
  const attribute = resolved?.kind === "attribute" ? simpleOf(resolved.attribute) : undefined;
  if (!attribute || attribute.ignoreWrites || attribute.stored.in === "membership") {
    throw badRequest("invalidPath", `sortBy takes an attribute of ${type.name} with a simple value, no membership.`);
  }
  return { attribute, descending: direction === "descending" };
}

/** An order as SQL; without one, the order of creation. */
export function compileOrder(order: Order | undefined, type: ResourceType, target: QueryTarget): CompiledOrder {
  const id = sql.ref(`${target.alias}.id`);
  if (!order) {
    return { value: sql`null`, orderBy: sql`${id}`, after: (position) => sql`${id} > ${position.id}` };
  }
  const value = sortValue(order.attribute, type, target);
  const direction = order.descending ? sql`desc` : sql`asc`;
  return {
    value,
    orderBy: sql`(${value} is null) ${direction}, ${value} ${direction}, ${id}`,
    after: (position) => behind(value, id, order.descending, position),
  };
}

function behind(
  value: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  descending: boolean,
  { id: lastId, sortValue: last }: CursorPosition,
): RawBuilder<SqlBool> {
  if (last === null || last === undefined) {
    const sameGroup = sql<SqlBool>`(${value} is null and ${id} > ${lastId})`;
    return descending ? sql`(${sameGroup} or ${value} is not null)` : sameGroup;
  }
  const equal = sql`(${value} = ${last} and ${id} > ${lastId})`;
  return descending
    ? sql`(${value} is not null and (${value} < ${last} or ${equal}))`
    : sql`(${value} is null or ${value} > ${last} or ${equal})`;
}

function sortValue(attribute: Attribute, type: ResourceType, target: QueryTarget): RawBuilder<string | number | null> {
  const list = attribute.multiValued ? attribute : attribute.parent?.multiValued ? attribute.parent : undefined;
  if (!list) return rowOperand(attribute, type, target).value as RawBuilder<string | number | null>;
  const { value } = elementOperand(attribute, list, target);
  const primary = list.sub("primary");
  const first = primary
    ? sql`case when ${elementOperand(primary, list, target).value} = 'true' then 0 else 1 end, `
    : sql``;
  return sql`(
    select ${value} from ${elements(list, type, target)} order by ${first}${elementPosition(target)} limit 1)`;
}

function simpleOf(attribute: Attribute): Attribute | undefined {
  return attribute.type === "complex" ? attribute.sub("value") : attribute;
}
