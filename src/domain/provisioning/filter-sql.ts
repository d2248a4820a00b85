import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Attribute, ResourceType } from "./attribute.ts";
import type { Comparison, Filter } from "./filter.ts";
import type { CompareOperator } from "./filter-syntax.ts";
import { prefixEnd } from "./fold.ts";
import { elementOperand, existsElement, type Operand, type QueryTarget, rowOperand } from "./operands.ts";

/**
 * Filters as SQL conditions over the rows of `rows.ts`, for SQLite and PostgreSQL, by the rules that `filter.ts` states.
 *
 * - Every value is a bound parameter. Names of tables, columns and JSON keys come from the attribute table.
 * - Case is folded in JavaScript, on both sides, so the condition only ever compares bytes. LIKE, whose case rules and
 *   wildcards differ, is not used: "starts with" is a range that an index serves, "contains" and "ends with" are functions.
 * - A column stands bare on the left of its operator, so an index on it serves the condition.
 * - Each part is true or false, never null, so that `not` is the plain opposite.
 * - A value path is one correlated EXISTS over the elements: its conditions hold for the same element.
 */
export function compileFilter(filter: Filter, type: ResourceType, target: QueryTarget): RawBuilder<SqlBool> {
  const compile = (part: Filter, operandOf: (attribute: Attribute) => Operand): RawBuilder<SqlBool> => {
    switch (part.kind) {
      case "and":
      case "or": {
        const parts = part.filters.map((one) => compile(one, operandOf));
        return sql`(${sql.join(parts, part.kind === "and" ? sql` and ` : sql` or `)})`;
      }
      case "not":
        return sql`not ${compile(part.filter, operandOf)}`;
      case "constant":
        return part.value ? TRUE : sql`(1 = 0)`;
      case "exists": {
        const inner = compile(part.filter, (attribute) => elementOperand(attribute, part.attribute, target));
        return existsElement(part.attribute, type, target, inner);
      }
      case "present":
        return present(operandOf(part.attribute));
      case "compare":
        return compare(part, operandOf(part.attribute), target);
    }
  };
  return compile(filter, (attribute) => rowOperand(attribute, type, target));
}

const TRUE: RawBuilder<SqlBool> = sql`(1 = 1)`;

function present({ value, kind, nullable }: Operand): RawBuilder<SqlBool> {
  if (kind !== "text") return nullable ? sql`(${value} is not null)` : TRUE;
  return nullable ? sql`(${value} is not null and ${value} <> '')` : sql`(${value} <> '')`;
}

function compare({ operator, value: wanted }: Comparison, operand: Operand, target: QueryTarget): RawBuilder<SqlBool> {
  const parameter = encode(wanted, operand);
  const condition =
    typeof parameter === "string"
      ? compareText(operator, operand.value, parameter, target)
      : sql<SqlBool>`${operand.value} ${SYMBOLS[operator]} ${parameter}`;
  return operand.nullable ? sql`(${operand.value} is not null and ${condition})` : sql`(${condition})`;
}

function encode(wanted: string | boolean | number, { kind }: Operand): string | number {
  if (kind === "text") return String(wanted);
  return kind === "flag" ? (wanted ? 1 : 0) : Number(wanted);
}

const SYMBOLS: Readonly<Record<CompareOperator, RawBuilder<unknown> | undefined>> = {
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
  operator: CompareOperator,
  value: RawBuilder<unknown>,
  wanted: string,
  { dialect }: QueryTarget,
): RawBuilder<SqlBool> {
  const symbol = SYMBOLS[operator];
  if (symbol) return sql`${value} ${symbol} ${wanted}`;
  // Every string contains the empty one, at both ends.
  if (wanted === "") return TRUE;
  if (operator === "sw") return startsWith(value, wanted);
  const length = [...wanted].length;
  if (dialect === "sqlite") {
    return operator === "co" ? sql`instr(${value}, ${wanted}) > 0` : sql`substr(${value}, ${-length}) = ${wanted}`;
  }
  return operator === "co" ? sql`strpos(${value}, ${wanted}) > 0` : sql`right(${value}, ${length}) = ${wanted}`;
}

function startsWith(value: RawBuilder<unknown>, prefix: string): RawBuilder<SqlBool> {
  const end = prefixEnd(prefix);
  return end === undefined ? sql`${value} >= ${prefix}` : sql`${value} >= ${prefix} and ${value} < ${end}`;
}
