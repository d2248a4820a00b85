/**
 * Header fields of a call, in the shape of the web's `Headers`, without its price while nobody looks.
 */
import type { IncomingHttpHeaders } from "node:http";

/** Header or trailer fields in order, name and value by turns; names in lower case. */
export type FieldList = string[];

/** Valid field names in lower case, by the spelling that was asked for (RFC 9110 section 5.1). Bounded. */
const knownNames = new Map<string, string>();
const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * A `Headers` that reads straight from Node's header object until it is changed or walked; only then is a real
 * `Headers` built and used from there on. Behaves like the web class in every method and passes `instanceof Headers`.
 */
export class LazyHeaders implements Headers {
  readonly #source: IncomingHttpHeaders | undefined;
  #built: Headers | undefined;

  static #isLinked = false;

  /** @param source Node's header object, lower-case names; undefined for an empty collection */
  constructor(source: IncomingHttpHeaders | undefined) {
    this.#source = source;
    if (!LazyHeaders.#isLinked) {
      // `instanceof Headers` holds; every method of the web class is overridden here, since its private state is absent.
      // Done for the first call, not at start: Node loads a whole HTTP client when `Headers` is first touched.
      Object.setPrototypeOf(LazyHeaders.prototype, Headers.prototype);
      LazyHeaders.#isLinked = true;
    }
  }

  /** Whether anything but the source may be in here. */
  get isBuilt(): boolean {
    return this.#built !== undefined;
  }

  get(name: string): string | null {
    if (this.#built !== undefined) {
      return this.#built.get(name);
    }
    return this.#source === undefined ? emptyGet(name) : sourceGet(this.#source, name);
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  set(name: string, value: string): void {
    this.#build().set(name, value);
  }

  append(name: string, value: string): void {
    this.#build().append(name, value);
  }

  delete(name: string): void {
    this.#build().delete(name);
  }

  getSetCookie(): string[] {
    return this.#build().getSetCookie();
  }

  forEach(callback: (value: string, key: string, parent: Headers) => void, thisArg?: unknown): void {
    this.#build().forEach((value, key) => {
      callback.call(thisArg, value, key, this);
    });
  }

  keys() {
    return this.#build().keys();
  }

  values() {
    return this.#build().values();
  }

  entries() {
    return this.#build().entries();
  }

  [Symbol.iterator]() {
    return this.#build()[Symbol.iterator]();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): Headers {
    return this.#build();
  }

  #build(): Headers {
    this.#built ??= buildHeaders(this.#source);
    return this.#built;
  }
}

/** What may stand in a field value: RFC 9110 section 5.5 with obs-text. Node refuses the rest when it is too late. */
const unsendable = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * The fields of `headers` as a list, every name behind `namePrefix`.
 * @throws TypeError for a value that HTTP cannot carry
 */
export function fieldsOf(headers: Headers, namePrefix = ""): FieldList {
  const fields: FieldList = [];
  headers.forEach((value, name) => {
    if (unsendable.test(value)) {
      throw new TypeError(`the value of header ${name} holds a character that HTTP cannot carry`);
    }
    fields.push(namePrefix + name, value);
  });
  return fields;
}

/**
 * Removes every field of `target` and copies those of `source` into it; nothing happens when they are one object.
 */
export function replaceHeaders(target: Headers, source: Headers): void {
  if (source === target) {
    return;
  }
  for (const key of [...target.keys()]) {
    target.delete(key);
  }
  source.forEach((value, key) => {
    target.append(key, value);
  });
}

function buildHeaders(source: IncomingHttpHeaders | undefined): Headers {
  const headers = new Headers();
  for (const [key, value] of Object.entries(source ?? {})) {
    if (value === undefined || key.startsWith(":")) {
      continue;
    }
    for (const one of Array.isArray(value) ? value : [value]) {
      headers.append(key, one);
    }
  }
  return headers;
}

function emptyGet(name: string): null {
  lowerName(name);
  return null;
}

function sourceGet(source: IncomingHttpHeaders, name: string): string | null {
  const key = lowerName(name);
  const value = Object.hasOwn(source, key) ? source[key] : undefined;
  if (value === undefined) {
    return null;
  }
  return Array.isArray(value) ? value.join(", ") : value;
}

function lowerName(name: string): string {
  const known = knownNames.get(name);
  if (known !== undefined) {
    return known;
  }
  const text = String(name);
  if (!tokenPattern.test(text)) {
    throw new TypeError(`Headers: ${JSON.stringify(text)} is an invalid header name.`);
  }
  const lower = text.toLowerCase();
  if (knownNames.size < 1024) {
    knownNames.set(name, lower);
  }
  return lower;
}
