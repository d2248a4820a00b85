import { type CelFunc, type CelList, CelScalar, type CelValue, celFunc, celList, listType } from "@bufbuild/cel";
import { comparisonFunctions } from "./comparisons.ts";
import type { Patterns } from "./guard.ts";
import type { Meter } from "./meter.ts";
import { stringFunctions } from "./strings.ts";

const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);
const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;

/** The name of the function that counts the iterations of macros; no source can contain it. */
export const STEP_FUNCTION = "@step";

/**
 * The functions whose work depends on the sizes of their operands, each counting it before doing it. They replace the
 * library's own of the same signatures; those that are not here do a constant amount of work.
 */
export function createFunctions(meter: Meter, patterns: Patterns): CelFunc[] {
  return [
    celFunc(STEP_FUNCTION, [BOOL, INT], BOOL, (condition, steps) => {
      meter.charge(Number(steps));
      return condition;
    }),
    ...comparisonFunctions(meter),
    ...stringFunctions(meter, patterns),
    celFunc("int", [STRING], INT, parseInteger),
    celFunc("int", [DOUBLE], INT, truncate),
    celFunc("_+_", [LIST, LIST], LIST, createAppend(meter)),
  ];
}

/** What `filter` and `map` expand to. It keeps the entries of the lists that it made: reading them back converts each again. */
function createAppend(meter: Meter): (list: CelList, appended: CelList) => CelList {
  const made = new WeakMap<CelList, readonly CelValue[]>();
  return (list, appended) => {
    meter.charge(1 + list.size / 64);
    const entries = [...(made.get(list) ?? list), ...appended];
    const result = celList(entries);
    made.set(result, entries);
    return result;
  };
}

function parseInteger(text: string): bigint {
  if (/^[+-]?\d{1,19}$/.test(text)) {
    const value = BigInt(text.replace("+", ""));
    if (value >= MIN_INT && value <= MAX_INT) {
      return value;
    }
  }
  throw new Error("the string is not an integer of 64 bits");
}

function truncate(value: number): bigint {
  if (value > Number(MIN_INT) && value < Number(MAX_INT)) {
    return BigInt(Math.trunc(value));
  }
  throw new Error("the number does not fit in 64 bits");
}
