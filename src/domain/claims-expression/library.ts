import {
  type CelFunc,
  type CelInput,
  type CelList,
  type CelMap,
  CelScalar,
  type CelValue,
  celFunc,
  celList,
  celMethod,
  isCelList,
  isCelMap,
  listType,
  mapType,
} from "@bufbuild/cel";
import { RE2JS } from "@bufbuild/re2";
import type { Patterns } from "./guard.ts";
import { MAX_ENTRIES, MAX_MATCHED_LENGTH } from "./limits.ts";
import type { Meter } from "./meter.ts";

type MapKey = string | number | bigint | boolean;

const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);
const KEYS = [STRING, DOUBLE, INT, BOOL] as const;

/** The name of the function that counts the iterations of macros; no source can contain it. */
export const STEP_FUNCTION = "@step";

/** The name of the function behind a computed index; the library's own operator reports an absent entry for the wrong node. */
export const INDEX_FUNCTION = "@index";

/** What a new state of a pattern's automaton costs beside its instructions, in steps. */
const STEPS_PER_STATE = 50;

/** A pattern whose automaton has more states than this starts again: the states hold memory for as long as the expression lives. */
const MAX_STATES = 1000;
const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;

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
    celFunc(INDEX_FUNCTION, [LIST, INT], DYN, (list, index) => entry(list.get(Number(index)), index)),
    celFunc(INDEX_FUNCTION, [LIST, DOUBLE], DYN, (list, index) =>
      entry(Number.isInteger(index) ? list.get(index) : undefined, index),
    ),
    ...KEYS.map((key) =>
      celFunc(INDEX_FUNCTION, [MAP, key], DYN, (map: CelMap, index: MapKey) => entry(map.get(index), index)),
    ),
    ...comparisons(meter),
    ...strings(meter),
    ...sizes(meter),
    celMethod("matches", STRING, [STRING], BOOL, function (pattern) {
      return matches(meter, patterns, pattern, this);
    }),
    celFunc("int", [STRING], INT, parseInteger),
    celFunc("int", [DOUBLE], INT, truncate),
    celFunc("_+_", [LIST, LIST], LIST, (left, right) => {
      meter.charge((left.size + right.size) / 16);
      return celList([...left, ...right]);
    }),
  ];
}

function entry(value: CelValue | undefined, index: MapKey): CelValue {
  if (value === undefined) {
    throw new Error(`no entry: ${index}`);
  }
  return value;
}

function comparisons(meter: Meter): CelFunc[] {
  return [
    celFunc("_==_", [DYN, DYN], BOOL, (left, right) => equals(meter, left, right)),
    celFunc("_!=_", [DYN, DYN], BOOL, (left, right) => !equals(meter, left, right)),
    compareStrings(meter, "_<_", (left, right) => left < right),
    compareStrings(meter, "_<=_", (left, right) => left <= right),
    compareStrings(meter, "_>_", (left, right) => left > right),
    compareStrings(meter, "_>=_", (left, right) => left >= right),
    celFunc("@in", [DYN, LIST], BOOL, (value, list) => isIn(meter, value, list)),
    ...KEYS.map((key) => celFunc("@in", [key, MAP], BOOL, (value: MapKey, map: CelMap) => map.has(value))),
  ];
}

function compareStrings(meter: Meter, operator: string, compare: (left: string, right: string) => boolean): CelFunc {
  return celFunc(operator, [STRING, STRING], BOOL, (left, right) => {
    meter.charge(1 + Math.min(left.length, right.length) / 64);
    return compare(left, right);
  });
}

function strings(meter: Meter): CelFunc[] {
  return [
    celMethod("startsWith", STRING, [STRING], BOOL, function (prefix) {
      meter.charge(prefix.length / 64);
      return this.startsWith(prefix);
    }),
    celMethod("endsWith", STRING, [STRING], BOOL, function (suffix) {
      meter.charge(suffix.length / 64);
      return this.endsWith(suffix);
    }),
    celMethod("contains", STRING, [STRING], BOOL, function (part) {
      meter.charge((this.length * (1 + part.length)) / 64);
      return this.includes(part);
    }),
    celMethod("lowerAscii", STRING, [], STRING, function () {
      meter.charge(this.length / 4);
      return this.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    }),
    celMethod("split", STRING, [STRING], LIST, function (separator): CelInput<typeof LIST> {
      return split(meter, this, separator);
    }),
  ];
}

function sizes(meter: Meter): CelFunc[] {
  const countCharacters = (text: string): bigint => {
    meter.charge(text.length / 16);
    let count = 0n;
    for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) {
      count++;
    }
    return count;
  };
  return [
    celFunc("size", [STRING], INT, countCharacters),
    celMethod("size", STRING, [], INT, function () {
      return countCharacters(this);
    }),
  ];
}

function split(meter: Meter, text: string, separator: string): CelList {
  meter.charge((text.length * (1 + separator.length)) / 16);
  const parts = separator === "" ? [...text] : text.split(separator, MAX_ENTRIES + 1);
  if (parts.length > MAX_ENTRIES) {
    meter.fail(`\`split\` makes a list of more than ${MAX_ENTRIES} entries`);
  }
  return celList(parts);
}

/** Charges the worst case, a new state for every character, and gives back what known states saved. */
function matches(meter: Meter, patterns: Patterns, pattern: string, text: string): boolean {
  if (text.length > MAX_MATCHED_LENGTH) {
    meter.fail(`\`matches\` takes strings of at most ${MAX_MATCHED_LENGTH} characters`);
  }
  const compiled = patterns.get(pattern)!;
  const { dfa, prog } = compiled.re2();
  const perState = STEPS_PER_STATE + prog.numInst();
  const characters = text.length + 1;
  meter.charge(characters * (prog.numInst() + perState));
  const known = dfa.stateCount;
  const found = compiled.test(text);
  meter.refund((characters - Math.min(characters, dfa.stateCount - known)) * perState);
  if (dfa.stateCount > MAX_STATES) {
    patterns.set(pattern, RE2JS.compile(pattern));
  }
  return found;
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

/** CEL's equality: numbers by value across types, lists and objects by their members, different types never. */
function equals(meter: Meter, left: CelValue, right: CelValue): boolean {
  meter.charge(1);
  if (typeof left === "string" && typeof right === "string") {
    meter.charge(Math.min(left.length, right.length) / 64);
    return left === right;
  }
  if (isNumber(left) && isNumber(right)) {
    return left <= right && left >= right;
  }
  if (isCelList(left) && isCelList(right)) {
    return equalLists(meter, left, right);
  }
  if (isCelMap(left) && isCelMap(right)) {
    return equalMaps(meter, left, right);
  }
  return left === right;
}

function equalLists(meter: Meter, left: CelList, right: CelList): boolean {
  if (left.size !== right.size) {
    return false;
  }
  for (let index = 0; index < left.size; index++) {
    if (!equals(meter, left.get(index)!, right.get(index)!)) {
      return false;
    }
  }
  return true;
}

function equalMaps(meter: Meter, left: CelMap, right: CelMap): boolean {
  if (left.size !== right.size) {
    return false;
  }
  for (const key of left.keys()) {
    const other = right.get(key);
    if (other === undefined || !equals(meter, left.get(key)!, other)) {
      return false;
    }
  }
  return true;
}

function isIn(meter: Meter, value: CelValue, list: CelList): boolean {
  for (const element of list) {
    if (equals(meter, element, value)) {
      return true;
    }
  }
  return false;
}

function isNumber(value: CelValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
