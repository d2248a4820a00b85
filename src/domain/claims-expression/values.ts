import { type CelInput, type CelValue, celList, celMap, isCelList, isCelMap } from "@bufbuild/cel";
import { MAX_CLAIM_DEPTH, MAX_ENTRIES, MAX_STRING_LENGTH } from "./limits.ts";
import { LimitReached, type Meter } from "./meter.ts";

/** Claims as an identity provider sent them: the payload of an ID token, with userinfo merged in. */
export type Claims = Readonly<Record<string, unknown>>;

const STEPS_PER_VALUE = 3;
const SHOWN_LENGTH = 200;

/**
 * The variable `claims`. Each claim is converted when it is first read, so one that is over the limits fails only an
 * expression that uses it. Only own properties exist, whatever their names.
 *
 * JSON numbers that are integers, and that a double holds exactly, become `int`, all others `double`; CEL compares the two by value.
 */
export function claimsToCel(claims: Claims, meter: Meter): CelValue {
  return celMap(new ClaimsView(claims, meter));
}

/** A value as JSON, shortened: for people, not for machines. Of `claims` itself, which may be over the limits, only the brackets. */
export function showValue(value: CelValue): string {
  try {
    return shorten(JSON.stringify(toShown(value, 0)) ?? String(value));
  } catch (error) {
    if (error instanceof LimitReached) {
      return "{…}";
    }
    throw error;
  }
}

/** The first 200 characters of a text. */
export function shorten(text: string): string {
  const characters = [...text.slice(0, 2 * SHOWN_LENGTH + 2)];
  return characters.length <= SHOWN_LENGTH ? text : `${characters.slice(0, SHOWN_LENGTH).join("")}…`;
}

/** What a value of a claim is called in messages. */
export function describeType(value: unknown): string {
  if (value === null) {
    return "null";
  }
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

class ClaimsView implements ReadonlyMap<string, CelInput> {
  readonly #claims: Claims;
  readonly #meter: Meter;
  readonly #converted = new Map<string, CelInput>();
  #names: readonly string[] | undefined;

  constructor(claims: Claims, meter: Meter) {
    this.#claims = claims;
    this.#meter = meter;
  }

  get size(): number {
    this.#names ??= Object.keys(this.#claims).filter((name) => this.has(name));
    if (this.#names.length > MAX_ENTRIES) {
      this.#meter.fail(`there are more than ${MAX_ENTRIES} claims`);
    }
    return this.#names.length;
  }

  get(name: string): CelInput | undefined {
    if (!this.has(name)) {
      return undefined;
    }
    let value = this.#converted.get(name);
    if (value === undefined) {
      value = new Converter(this.#meter, name).convert(this.#claims[name], 0);
      this.#converted.set(name, value);
    }
    return value;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#claims, name) && this.#claims[name] !== undefined;
  }

  *keys(): MapIterator<string> {
    if (this.size > 0) {
      yield* this.#names!;
    }
  }

  *entries(): MapIterator<[string, CelInput]> {
    for (const name of this.keys()) {
      yield [name, this.get(name)!];
    }
  }

  *values(): MapIterator<CelInput> {
    for (const [, value] of this.entries()) {
      yield value;
    }
  }

  [Symbol.iterator](): MapIterator<[string, CelInput]> {
    return this.entries();
  }

  forEach(callback: (value: CelInput, key: string, map: ReadonlyMap<string, CelInput>) => void): void {
    for (const [name, value] of this.entries()) {
      callback(value, name, this);
    }
  }
}

class Converter {
  readonly #meter: Meter;
  readonly #name: string;

  constructor(meter: Meter, name: string) {
    this.#meter = meter;
    this.#name = name;
  }

  convert(value: unknown, depth: number): CelInput {
    this.#meter.charge(STEPS_PER_VALUE);
    if (value === null || typeof value === "boolean") {
      return value;
    }
    if (typeof value === "string") {
      return this.#convertString(value);
    }
    if (typeof value === "number" && Number.isFinite(value)) {
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    }
    if (typeof value === "object") {
      return this.#convertContainer(value, depth + 1);
    }
    return this.#fail("is not a JSON value");
  }

  #convertString(value: string): string {
    if (value.length > MAX_STRING_LENGTH) {
      this.#fail(`holds a string of more than ${MAX_STRING_LENGTH} characters`);
    }
    return value;
  }

  #convertContainer(value: object, depth: number): CelInput {
    if (depth > MAX_CLAIM_DEPTH) {
      this.#fail(`is nested more than ${MAX_CLAIM_DEPTH} levels deep`);
    }
    if (Array.isArray(value)) {
      this.#checkEntries(value.length, "list");
      return celList(value.map((element: unknown) => this.convert(element, depth)));
    }
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    this.#checkEntries(entries.length, "object");
    return celMap(new Map(entries.map(([key, member]) => [key, this.convert(member, depth)])));
  }

  #checkEntries(count: number, what: string): void {
    if (count > MAX_ENTRIES) {
      this.#fail(
        `holds ${what === "list" ? "a list" : "an object"} of ${count} entries; at most ${MAX_ENTRIES} can be used`,
      );
    }
  }

  #fail(what: string): never {
    return this.#meter.fail(`the claim \`${this.#name}\` ${what}`);
  }
}

/** Builds a JSON value of which only the first entries and levels are kept, so that showing a large claim costs little. */
function toShown(value: CelValue, depth: number): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === "string") {
    return value.slice(0, 2 * SHOWN_LENGTH);
  }
  if (depth >= 4 && (isCelList(value) || isCelMap(value))) {
    return "…";
  }
  if (isCelList(value)) {
    return Array.from({ length: Math.min(value.size, SHOWN_LENGTH / 2) }, (_, index) =>
      toShown(value.get(index)!, depth + 1),
    );
  }
  if (isCelMap(value)) {
    const keys = [...value.keys()].slice(0, SHOWN_LENGTH / 2);
    return Object.fromEntries(keys.map((key) => [String(key), toShown(value.get(key)!, depth + 1)]));
  }
  return value;
}
