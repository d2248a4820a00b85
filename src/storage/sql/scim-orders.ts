import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ScimOrder, ScimPosition } from "../storage.ts";
import { elementPosition, elements, type ScimTarget, toOperand } from "./scim-filters.ts";

/** An order as it is used in a query. */
export interface CompiledOrder {
  /** The sort value of the row, to select along: a page's last one is part of its position. */
  readonly value: RawBuilder<string | number | null>;
  /** What stands behind `order by`. */
  readonly orderBy: RawBuilder<unknown>;
  /** The rows behind a position. */
  after(position: ScimPosition): RawBuilder<SqlBool>;
}

/** An order as SQL; without one, that in which the records were made. */
export function compileOrder(order: ScimOrder | undefined, target: ScimTarget): CompiledOrder {
  const number = sql.ref(`${target.alias}.number`);
  if (!order) {
    return { value: sql`null`, orderBy: sql`${number}`, after: (position) => sql`${number} > ${position.number}` };
  }
  const value = sortValue(order, target);
  const direction = order.descending ? sql`desc` : sql`asc`;
  return {
    value,
    orderBy: sql`(${value} is null) ${direction}, ${value} ${direction}, ${number}`,
    after: (position) => behind(value, number, order.descending, position),
  };
}

function behind(
  value: RawBuilder<unknown>,
  number: RawBuilder<unknown>,
  descending: boolean,
  { number: lastNumber, sortValue: last }: ScimPosition,
): RawBuilder<SqlBool> {
  if (last === null || last === undefined) {
    const sameGroup = sql<SqlBool>`(${value} is null and ${number} > ${lastNumber})`;
    return descending ? sql`(${sameGroup} or ${value} is not null)` : sameGroup;
  }
  const equal = sql`(${value} = ${last} and ${number} > ${lastNumber})`;
  return descending
    ? sql`(${value} is not null and (${value} < ${last} or ${equal}))`
    : sql`(${value} is null or ${value} > ${last} or ${equal})`;
}

function sortValue({ operand, list }: ScimOrder, target: ScimTarget): RawBuilder<string | number | null> {
  const { value } = toOperand(operand, target);
  if (!list) return value as RawBuilder<string | number | null>;
  const first = list.primary
    ? sql`case when ${toOperand(list.primary, target).value} = 'true' then 0 else 1 end, `
    : sql``;
  return sql`(
    select ${value} from ${elements(list.list, target)} order by ${first}${elementPosition(target)} limit 1)`;
}
