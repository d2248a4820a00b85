import {
  type CelFunc,
  type CelList,
  type CelMap,
  CelScalar,
  type CelValue,
  celFunc,
  celType,
  isCelList,
  isCelMap,
} from "@bufbuild/cel";
import type { Meter } from "./meter.ts";

const { BOOL, DYN } = CelScalar;

/**
 * Operators of the library, and the functions here that take their place: its own try up to twenty signatures for each call,
 * count nothing, and report an absent entry for another node.
 */
export const REPLACED_OPERATORS: ReadonlyMap<string, string> = new Map([
  ["!_", "@not"],
  ["_[_]", "@index"],
  ["@in", "@contains"],
  ["_==_", "@equal"],
  ["_!=_", "@different"],
  ["_<_", "@less"],
  ["_<=_", "@less_equal"],
  ["_>_", "@greater"],
  ["_>=_", "@greater_equal"],
]);

/** The functions behind the replaced operators. Each counts its work before doing it. */
export function comparisonFunctions(meter: Meter): CelFunc[] {
  return [
    celFunc("@not", [DYN], BOOL, (value) => (typeof value === "boolean" ? !value : refuseTypes(value))),
    celFunc("@index", [DYN, DYN], DYN, entryOf),
    celFunc("@contains", [DYN, DYN], BOOL, (value, container) => isIn(meter, value, container)),
    celFunc("@equal", [DYN, DYN], BOOL, (left, right) => equals(meter, left, right)),
    celFunc("@different", [DYN, DYN], BOOL, (left, right) => !equals(meter, left, right)),
    celFunc("@less", [DYN, DYN], BOOL, (left, right) => isLess(meter, left, right)),
    celFunc("@less_equal", [DYN, DYN], BOOL, (left, right) => !isLess(meter, right, left)),
    celFunc("@greater", [DYN, DYN], BOOL, (left, right) => isLess(meter, right, left)),
    celFunc("@greater_equal", [DYN, DYN], BOOL, (left, right) => !isLess(meter, left, right)),
  ];
}

/** Numbers by value across types, strings by UTF-16 code units, `false` before `true`. */
function isLess(meter: Meter, left: CelValue, right: CelValue): boolean {
  if (isNumber(left) && isNumber(right)) {
    return left < right;
  }
  if (typeof left === "string" && typeof right === "string") {
    meter.charge(Math.min(left.length, right.length) / 64);
    return left < right;
  }
  if (typeof left === "boolean" && typeof right === "boolean") {
    return left < right;
  }
  return refuseTypes(left, right);
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

function isIn(meter: Meter, value: CelValue, container: CelValue): boolean {
  if (isCelMap(container) && isKey(value)) {
    return container.has(value);
  }
  if (!isCelList(container)) {
    return refuseTypes(value, container);
  }
  for (const element of container) {
    if (equals(meter, element, value)) {
      return true;
    }
  }
  return false;
}

function entryOf(container: CelValue, index: CelValue): CelValue {
  const entry = findEntry(container, index);
  if (entry === undefined) {
    throw new Error(`no entry: ${index}`);
  }
  return entry;
}

function findEntry(container: CelValue, index: CelValue): CelValue | undefined {
  if (isCelMap(container) && isKey(index)) {
    return container.get(index);
  }
  if (isCelList(container) && isNumber(index)) {
    return Number.isInteger(Number(index)) ? container.get(Number(index)) : undefined;
  }
  return refuseTypes(container, index);
}

function isNumber(value: CelValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isKey(value: CelValue): value is string | number | bigint | boolean {
  return typeof value === "string" || typeof value === "boolean" || isNumber(value);
}

/** Says it like the library does. */
function refuseTypes(...values: readonly CelValue[]): never {
  const types = values.map((value) => celType(value).name).join(", ");
  throw new Error(`found no matching overload for operator applied to '(${types})'`);
}
