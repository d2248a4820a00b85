import { badRequest, type ScimType } from "./errors.ts";

/**
 * The syntax of filters (RFC 7644, figure 1) and of PATCH paths (figure 7), without meaning: names are not looked up here.
 * Every node keeps its offset, in UTF-16 code units from 0.
 */

export type CompareOperator = "eq" | "ne" | "co" | "sw" | "ew" | "gt" | "ge" | "lt" | "le";

/** A word of the text and where it stands. */
export interface Word {
  readonly text: string;
  readonly offset: number;
}

/** A comparison value. */
export interface Literal {
  readonly value: string | number | boolean | null;
  /** As written; for a quoted string without its quotes. */
  readonly text: string;
  readonly quoted: boolean;
  readonly offset: number;
}

/** `operator value` or `pr`, as it follows an attribute. */
export type Test =
  | { readonly operator: "pr"; readonly offset: number }
  | { readonly operator: CompareOperator; readonly offset: number; readonly literal: Literal };

export type Expression =
  | { readonly kind: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "test"; readonly name: Word; readonly test: Test }
  /** `name[filter]`, or `name[filter].sub operator value`. */
  | {
      readonly kind: "valuePath";
      readonly name: Word;
      readonly filter: Expression;
      readonly tail: { readonly name: Word; readonly test: Test } | undefined;
    };

/** A PATCH path: `name`, `name[filter]` or `name[filter].sub`. */
export interface PathSyntax {
  readonly name: Word;
  readonly filter: Expression | undefined;
  readonly sub: Word | undefined;
}

/** Limits of a filter: bytes of UTF-8, nested brackets, comparisons. */
export const FILTER_LIMITS = { bytes: 4096, depth: 20, terms: 50 } as const;

/** Parses a filter. @throws ScimError `invalidFilter` with the offset. */
export function parseFilterSyntax(text: string): Expression {
  return new Parser(text, "invalidFilter").filter();
}

/** Parses a PATCH path. @throws ScimError `invalidPath`, or `invalidFilter` inside the brackets, with the offset. */
export function parsePathSyntax(text: string): PathSyntax {
  return new Parser(text, "invalidPath").path();
}

const OPERATORS: ReadonlySet<string> = new Set(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

type Token =
  | { readonly kind: "(" | ")" | "[" | "]"; readonly text: string; readonly offset: number }
  | { readonly kind: "word"; readonly text: string; readonly offset: number }
  | { readonly kind: "string"; readonly text: string; readonly offset: number; readonly value: string }
  | { readonly kind: "end"; readonly text: string; readonly offset: number };

class Parser {
  readonly #text: string;
  #scimType: ScimType;
  #position = 0;
  #token: Token;
  #depth = 0;
  #terms = 0;

  constructor(text: string, scimType: ScimType) {
    this.#text = text;
    this.#scimType = scimType;
    if (Buffer.byteLength(text) > FILTER_LIMITS.bytes) {
      throw badRequest(scimType, `The filter is longer than ${FILTER_LIMITS.bytes} bytes.`, 0);
    }
    this.#token = this.#scan();
  }

  filter(): Expression {
    const expression = this.#or(false);
    this.#expectEnd("and, or, or the end of the filter");
    return expression;
  }

  path(): PathSyntax {
    const name = this.#word("an attribute name");
    if (!this.#at("[")) {
      this.#expectEnd("[ or the end of the path");
      return { name, filter: undefined, sub: undefined };
    }
    this.#scimType = "invalidFilter";
    const filter = this.#bracket();
    this.#scimType = "invalidPath";
    const sub = this.#subAttribute();
    this.#expectEnd("a sub-attribute such as .value, or the end of the path");
    return { name, filter, sub };
  }

  #or(inBrackets: boolean): Expression {
    return this.#chain("or", () => this.#chain("and", () => this.#factor(inBrackets)));
  }

  #chain(kind: "and" | "or", operand: () => Expression): Expression {
    const first = operand();
    if (!this.#isKeyword(kind)) return first;
    const operands = [first];
    while (this.#isKeyword(kind)) {
      this.#next();
      operands.push(operand());
    }
    return { kind, operands };
  }

  #factor(inBrackets: boolean): Expression {
    if (this.#at("(")) return this.#nested(")", () => this.#or(inBrackets));
    const name = this.#word("an attribute name, not or (");
    if (name.text.toLowerCase() === "not") {
      if (!this.#at("(")) throw this.#unexpected("( after not");
      return { kind: "not", operand: this.#nested(")", () => this.#or(inBrackets)) };
    }
    if (this.#at("[")) {
      if (inBrackets) throw this.#error("a value path cannot stand inside another one", this.#token.offset);
      return this.#valuePath(name);
    }
    this.#countTerm(name);
    return { kind: "test", name, test: this.#test() };
  }

  #valuePath(name: Word): Expression {
    const filter = this.#bracket();
    const sub = this.#subAttribute();
    if (!sub) return { kind: "valuePath", name, filter, tail: undefined };
    this.#countTerm(sub);
    return { kind: "valuePath", name, filter, tail: { name: sub, test: this.#test() } };
  }

  #bracket(): Expression {
    return this.#nested("]", () => this.#or(true));
  }

  /** The word directly behind a closing bracket, without its dot. */
  #subAttribute(): Word | undefined {
    const { kind, text, offset } = this.#token;
    if (kind !== "word" || !text.startsWith(".")) return undefined;
    this.#next();
    return { text: text.slice(1), offset: offset + 1 };
  }

  #nested(close: ")" | "]", inner: () => Expression): Expression {
    if (++this.#depth > FILTER_LIMITS.depth) {
      throw this.#error(`brackets are nested deeper than ${FILTER_LIMITS.depth}`, this.#token.offset);
    }
    this.#next();
    const expression = inner();
    if (!this.#at(close)) throw this.#unexpected(`and, or, or ${close}`);
    this.#next();
    this.#depth--;
    return expression;
  }

  #test(): Test {
    const { text, offset } = this.#word("an operator");
    const operator = text.toLowerCase();
    if (operator === "pr") return { operator, offset };
    if (!OPERATORS.has(operator)) {
      throw this.#error("an operator is one of eq, ne, co, sw, ew, gt, ge, lt, le, pr", offset);
    }
    return { operator: operator as CompareOperator, offset, literal: this.#literal() };
  }

  #literal(): Literal {
    const token = this.#token;
    if (token.kind !== "string" && token.kind !== "word") {
      throw this.#unexpected("a value: a string in double quotes, true, false, null or a number");
    }
    this.#next();
    const { text, offset } = token;
    if (!isStorable(token.kind === "string" ? token.value : text)) {
      throw this.#error("the value has a character that no value can have", offset);
    }
    if (token.kind === "string") return { value: token.value, text: token.value, quoted: true, offset };
    const constant = CONSTANTS.get(text.toLowerCase());
    if (constant !== undefined) return { value: constant, text, quoted: false, offset };
    return { value: NUMBER.test(text) ? Number(text) : text, text, quoted: false, offset };
  }

  #countTerm(at: Word): void {
    if (++this.#terms > FILTER_LIMITS.terms) {
      throw this.#error(`a filter has at most ${FILTER_LIMITS.terms} comparisons`, at.offset);
    }
  }

  #word(expected: string): Word {
    const { kind, text, offset } = this.#token;
    if (kind !== "word") throw this.#unexpected(expected);
    this.#next();
    return { text, offset };
  }

  #at(kind: Token["kind"]): boolean {
    return this.#token.kind === kind;
  }

  #isKeyword(keyword: string): boolean {
    return this.#token.kind === "word" && this.#token.text.toLowerCase() === keyword;
  }

  #expectEnd(expected: string): void {
    if (this.#token.kind !== "end") throw this.#unexpected(expected);
  }

  #next(): void {
    this.#token = this.#scan();
  }

  #scan(): Token {
    while (/[ \t\r\n]/.test(this.#text.charAt(this.#position))) this.#position++;
    const offset = this.#position;
    const first = this.#text.charAt(offset);
    if (first === "") return { kind: "end", text: "", offset };
    if (first === '"') return this.#scanString(offset);
    if (first === "(" || first === ")" || first === "[" || first === "]") {
      this.#position++;
      return { kind: first, text: first, offset };
    }
    const text = /^[^ \t\r\n()[\]"]+/.exec(this.#text.slice(offset))?.[0] ?? first;
    this.#position += text.length;
    return { kind: "word", text, offset };
  }

  /** A JSON string (RFC 8259, section 7). */
  #scanString(offset: number): Token {
    const text = /^"(?:[^"\\]|\\.)*"/s.exec(this.#text.slice(offset))?.[0];
    if (text === undefined) throw this.#error("the string has no closing double quote", offset);
    this.#position += text.length;
    return { kind: "string", text, offset, value: this.#decode(text, offset) };
  }

  #decode(text: string, offset: number): string {
    try {
      return JSON.parse(text) as string;
    } catch {
      throw this.#error("the string has an escape or control character that JSON does not allow", offset);
    }
  }

  #unexpected(expected: string): Error {
    return this.#error(`expected ${expected}`, this.#token.offset);
  }

  #error(problem: string, offset: number): Error {
    const noun = this.#scimType === "invalidPath" ? "path" : "filter";
    return badRequest(this.#scimType, `Error in the ${noun} at offset ${offset}: ${problem}.`, offset);
  }
}

/** Whether both databases can hold the string as it is: Unicode without NUL and without unpaired surrogates. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
