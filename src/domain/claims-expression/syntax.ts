import { MAX_DEPTH, MAX_NODES } from "./limits.ts";
import { RefusedSource, type Token } from "./tokens.ts";

const BINARY = new Set(["&&", "||", "==", "!=", "<", "<=", ">", ">=", "in"]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%"]);
const LITERAL_NAMES = new Set(["true", "false", "null"]);
const RESERVED_NAMES = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);

/**
 * Checks that tokens form an expression of the supported syntax, before the library's parser sees them: that parser
 * reports most mistakes at the outermost operator and recurses without a bound.
 * @throws RefusedSource at the token that does not belong, or that is over the limits of nodes or nesting.
 */
export function checkSyntax(tokens: readonly Token[]): void {
  const reader = new Reader(tokens);
  reader.readExpression();
  if (reader.token.kind !== "end") {
    reader.refuse("an operator or the end");
  }
}

class Reader {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;
  #nodes = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get token(): Token {
    return this.#tokens[this.#index]!;
  }

  readExpression(): void {
    this.#readOperands();
    while (this.#take("?")) {
      this.#countNode();
      this.#readOperands();
      this.#expect(":", "an operator or the `:` of the condition");
      this.#readOperands();
    }
  }

  refuse(expected: string): never {
    const { token } = this;
    if (token.kind === "symbol" && ARITHMETIC.has(token.text)) {
      throw new RefusedSource(token.start, "arithmetic is not available in a claims expression");
    }
    const found = token.kind === "end" ? "the end of the expression" : `\`${token.text.slice(0, 40)}\``;
    throw new RefusedSource(token.start, `unexpected ${found}; expected ${expected}`);
  }

  #readOperands(): void {
    this.#readOperand();
    while (this.#isBinary()) {
      this.#countNode();
      this.#index++;
      this.#readOperand();
    }
  }

  #isBinary(): boolean {
    return this.token.kind !== "string" && BINARY.has(this.token.text);
  }

  #readOperand(): void {
    while (this.#is("!")) {
      this.#countNode();
      this.#index++;
    }
    this.#readPrimary();
    while (this.#readSuffix());
  }

  #readPrimary(): void {
    const { token } = this;
    this.#countNode();
    if (token.kind === "string" || token.kind === "number") {
      this.#index++;
    } else if (token.kind === "name") {
      this.#readName();
    } else if (this.#is("-")) {
      this.#readNegative();
    } else if (this.#is("(")) {
      this.#nest(() => this.#readGroup());
    } else if (this.#is("[")) {
      this.#nest(() => this.#readList("]"));
    } else if (this.#is("{")) {
      throw new RefusedSource(
        token.start,
        "maps are not available in a claims expression; write a list such as [1, 2]",
      );
    } else {
      this.refuse("a value");
    }
  }

  #readName(): void {
    const { token } = this;
    if (token.text === "in") {
      this.refuse("a value");
    }
    if (RESERVED_NAMES.has(token.text)) {
      throw new RefusedSource(token.start, `\`${token.text}\` is a reserved word; expected a value`);
    }
    this.#index++;
    if (LITERAL_NAMES.has(token.text)) {
      return;
    }
    if (/^(?:true|false)/.test(token.text)) {
      // The library's parser reads these as the literal and stops behind it.
      throw new RefusedSource(token.start, "a variable's name cannot begin with true or false; choose another");
    }
    if (this.#is("(")) {
      this.#nest(() => this.#readList(")"));
    } else if (this.#is("{")) {
      throw new RefusedSource(this.token.start, "messages are not available in a claims expression");
    }
  }

  #readNegative(): void {
    const minus = this.token;
    const number = this.#tokens[this.#index + 1];
    if (number?.kind !== "number" || number.start !== minus.end) {
      throw new RefusedSource(
        minus.start,
        "arithmetic is not available; write a negative number as -1, without a space",
      );
    }
    this.#index += 2;
  }

  #readGroup(): void {
    this.readExpression();
    this.#expect(")", "an operator or the closing `)`");
  }

  #readList(close: ")" | "]"): void {
    while (!this.#take(close)) {
      this.readExpression();
      if (!this.#take(",")) {
        this.#expect(close, `an operator, \`,\` or the closing \`${close}\``);
        return;
      }
      if (close === ")" && this.#is(close)) {
        this.refuse("another argument");
      }
    }
  }

  #readSuffix(): boolean {
    if (this.#is("[")) {
      this.#countNode();
      this.#nest(() => {
        this.readExpression();
        this.#expect("]", "an operator or the closing `]`");
      });
      return true;
    }
    if (!this.#take(".")) {
      return false;
    }
    this.#countNode();
    this.#readMember();
    return true;
  }

  #readMember(): void {
    const { token } = this;
    if (token.kind !== "name") {
      this.refuse("the name of a claim or of a function");
    }
    if (LITERAL_NAMES.has(token.text) || token.text === "in") {
      throw new RefusedSource(
        token.start,
        `\`${token.text}\` is a keyword; write ["${token.text}"] for a claim of that name`,
      );
    }
    this.#index++;
    if (this.#is("(")) {
      this.#nest(() => this.#readList(")"));
    }
  }

  /** Runs `read` after the opening bracket, one level deeper. */
  #nest(read: () => void): void {
    if (this.#depth >= MAX_DEPTH) {
      throw new RefusedSource(
        this.token.start,
        `nested too deeply; at most ${MAX_DEPTH} levels of brackets are accepted`,
      );
    }
    this.#index++;
    this.#depth++;
    read();
    this.#depth--;
  }

  #countNode(): void {
    this.#nodes++;
    if (this.#nodes > MAX_NODES) {
      throw new RefusedSource(this.token.start, `too long; at most ${MAX_NODES} operands and operators are accepted`);
    }
  }

  #is(symbol: string): boolean {
    return this.token.kind === "symbol" && this.token.text === symbol;
  }

  #take(symbol: string): boolean {
    if (!this.#is(symbol)) {
      return false;
    }
    this.#index++;
    return true;
  }

  #expect(symbol: string, expected: string): void {
    if (!this.#take(symbol)) {
      this.refuse(expected);
    }
  }
}
