import type { Expression, Literal, Test } from "../../../../src/domain/provisioning/filter-syntax.ts";

/**
 * Filters evaluated over what the service shows, JSON as a client sees it. It knows nothing of the attribute table, of the
 * typed filter or of folded documents: it walks the bare syntax, and what is case exact is written down here once more.
 */

type Json = unknown;

const CASE_EXACT = [
  /(^|\.)id$/,
  /(^|\.)externalid$/,
  /^schemas$/,
  /^meta\./,
  /\$ref$/,
  /^profileurl$/,
  /^(photos|x509certificates|groups|members)\.value$/,
  /manager\.value$/,
];
const BOOLEAN = /(^active|\.primary)$/;
const TIME = /^meta\.(created|lastmodified)$/;
/** Complex attributes of which a comparison means the value. */
const PLURAL = /^(emails|phonenumbers|ims|photos|entitlements|roles|x509certificates|groups|members)$|:manager$/;

/** Whether the filter holds for a resource of the type with these URNs. */
export function evaluate(expression: Expression, resource: Json): boolean {
  switch (expression.kind) {
    case "and":
      return expression.operands.every((operand) => evaluate(operand, resource));
    case "or":
      return expression.operands.some((operand) => evaluate(operand, resource));
    case "not":
      return !evaluate(expression.operand, resource);
    case "test":
      return test(expression.test, normalPath(expression.name.text), resource);
    case "valuePath": {
      const path = normalPath(expression.name.text);
      return valuesAt(resource, path).some(
        (element) =>
          evaluateElement(expression.filter, path, element) &&
          (!expression.tail ||
            test(expression.tail.test, `${path}.${expression.tail.name.text.toLowerCase()}`, element)),
      );
    }
  }
}

function evaluateElement(expression: Expression, path: string, element: Json): boolean {
  switch (expression.kind) {
    case "and":
      return expression.operands.every((operand) => evaluateElement(operand, path, element));
    case "or":
      return expression.operands.some((operand) => evaluateElement(operand, path, element));
    case "not":
      return !evaluateElement(expression.operand, path, element);
    case "test":
      return test(expression.test, `${path}.${expression.name.text.toLowerCase()}`, element);
    case "valuePath":
      throw new Error("nested value path");
  }
}

/** Lower case, without the URN of a core schema. */
function normalPath(name: string): string {
  return name.toLowerCase().replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, "");
}

/** @param scope the resource, or the element that the last step of the path is looked up in. */
function test(test: Test, path: string, scope: Json): boolean {
  const inElement = !isResource(scope);
  const last = path.slice(path.lastIndexOf(".") + 1);
  const whole = PLURAL.test(path) && test.operator !== "pr" ? `${path}.value` : path;
  const values = inElement ? valuesAt(scope, last) : valuesAt(scope, whole);
  const present = values.some(isPresent);
  if (test.operator === "pr") return present;
  if (test.literal.value === null) return test.operator === "eq" ? !present : present;
  return values.some((value) => compare(test.operator, value, test.literal, whole));
}

const isResource = (scope: Json): boolean => typeof scope === "object" && scope !== null && "schemas" in scope;

function isPresent(value: Json): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(isPresent);
  return value !== undefined && value !== null && value !== "";
}

/** All values that a path leads to. */
function valuesAt(scope: Json, path: string): Json[] {
  const { urn, steps } = splitPath(path);
  let values = urn === undefined ? [scope] : step(scope, urn);
  for (const name of steps) values = values.flatMap((value) => step(value, name));
  return values;
}

function splitPath(path: string): { urn: string | undefined; steps: string[] } {
  const match = /^(urn:.*:user)(?::(.*))?$/.exec(path);
  return match ? { urn: match[1], steps: (match[2] ?? "").split(".") } : { urn: undefined, steps: path.split(".") };
}

function step(value: Json, name: string): Json[] {
  if (typeof value !== "object" || value === null) return [];
  const key = Object.keys(value).find((candidate) => candidate.toLowerCase() === name);
  const found = key === undefined ? undefined : (value as Record<string, Json>)[key];
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

function compare(operator: string, actual: Json, literal: Literal, path: string): boolean {
  if (BOOLEAN.test(path)) return (operator === "eq") === (actual === (literal.text.toLowerCase() === "true"));
  if (TIME.test(path)) return compareNumbers(operator, Date.parse(String(actual)), Date.parse(toUtc(literal.text)));
  if (typeof actual !== "string") return false;
  const exact = CASE_EXACT.some((pattern) => pattern.test(path));
  return compareStrings(operator, exact ? actual : folded(actual), exact ? literal.text : folded(literal.text));
}

const toUtc = (text: string): string => {
  const cut = text.toUpperCase().replace(/(\.\d{3})\d+/, "$1");
  return /(Z|[+-]\d\d:\d\d)$/.test(cut) ? cut : `${cut}Z`;
};

/** Letter by letter, so that a sigma is a sigma wherever it stands. */
const folded = (text: string): string => [...text].map((letter) => letter.toLowerCase().replace("ς", "σ")).join("");

function compareStrings(operator: string, actual: string, wanted: string): boolean {
  if (operator === "co") return actual.indexOf(wanted) >= 0;
  if (operator === "sw") return actual.slice(0, wanted.length) === wanted;
  if (operator === "ew") return wanted === "" || actual.slice(-wanted.length) === wanted;
  return compareNumbers(operator, codePointOrder(actual, wanted), 0);
}

function codePointOrder(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => [...text].map((letter) => letter.codePointAt(0) as number));
  for (let index = 0; ; index++) {
    const [x, y] = [left?.[index], right?.[index]];
    if (x === undefined || y === undefined) return (x === undefined ? 0 : 1) - (y === undefined ? 0 : 1);
    if (x !== y) return x - y;
  }
}

function compareNumbers(operator: string, a: number, b: number): boolean {
  switch (operator) {
    case "eq":
      return a === b;
    case "ne":
      return a !== b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}
