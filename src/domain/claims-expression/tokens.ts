/** What a token is: an identifier or keyword, a literal, an operator or bracket, or the end of the source. */
export type TokenKind = "name" | "string" | "number" | "symbol" | "end";

/** One token; `start` and `end` count UTF-16 code units. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Raised inside the compiler where a source is refused; `at` counts UTF-16 code units, and `message` says what would be accepted. */
export class RefusedSource extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.name = "RefusedSource";
    this.at = at;
  }
}

const SPACE = /(?:[\t\n\f\r ]|\/\/[^\r\n]*)+/y;
const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const NUMBER = /0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SYMBOL = /&&|\|\||[=!<>]=|[<>!?:.,()[\]{}+*/%-]/y;
const RAW_STRING = /[rR](?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?!"")[^"\r\n]*"|'(?!'')[^'\r\n]*')/y;
const STRING =
  /"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?!"")(?:[^"\\\r\n]|\\.)*"|'(?!'')(?:[^'\\\r\n]|\\.)*'|""(?!")|''(?!')/y;
const ESCAPE = /\\(?:[abfnrtv\\?"'`]|[xX][0-9a-fA-F]{2}|[0-3][0-7]{2}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

const HINTS: ReadonlyMap<string, string> = new Map([
  ["=", "write == to compare"],
  ["&", "write && for and"],
  ["|", "write || for or"],
  ["`", 'write claims["..."] for a claim whose name is not a plain word'],
]);

/**
 * Splits a source into tokens, the last of them `end`. Spaces and `//` comments separate tokens.
 * @throws RefusedSource at the first character that begins no token.
 */
export function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const space = match(SPACE, source, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = readToken(source, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: source.length, end: source.length });
  return tokens;
}

/** The source with every comment turned into spaces, so that all offsets stay: the library's grammar does not take every comment. */
export function blankComments(source: string, tokens: readonly Token[]): string {
  let blanked = "";
  for (const token of tokens) {
    blanked += source.slice(blanked.length, token.start).replace(/[^\r\n]/g, " ");
    blanked += source.slice(token.start, token.end);
  }
  return blanked;
}

function readToken(source: string, at: number): Token {
  return (
    readString(source, at) ??
    readNumber(source, at) ??
    readPlain("name", NAME, source, at) ??
    readPlain("symbol", SYMBOL, source, at) ??
    refuseCharacter(source, at)
  );
}

function readPlain(kind: TokenKind, pattern: RegExp, source: string, at: number): Token | undefined {
  const text = match(pattern, source, at);
  return text === undefined ? undefined : { kind, text, start: at, end: at + text.length };
}

function readString(source: string, at: number): Token | undefined {
  const raw = readPlain("string", RAW_STRING, source, at);
  if (raw !== undefined) {
    return raw;
  }
  if (/^(?:[bB][rR]?|[rR][bB])["']/.test(source.slice(at, at + 3))) {
    throw new RefusedSource(at, "bytes are not available in a claims expression; write a string");
  }
  const token = readPlain("string", STRING, source, at);
  if (token !== undefined) {
    checkEscapes(token);
  } else if (/^[rR]?["']/.test(source.slice(at, at + 2))) {
    throw new RefusedSource(at, "this string has no closing quote");
  }
  return token;
}

function checkEscapes(token: Token): void {
  for (let at = token.text.indexOf("\\"); at !== -1; at = token.text.indexOf("\\", at)) {
    const found = match(ESCAPE, token.text, at);
    const point = Number.parseInt(found?.match(/^\\[uU](.*)/)?.[1] ?? "0", 16);
    if (found === undefined || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      throw new RefusedSource(
        token.start + at,
        'unknown escape in a string; write \\\\ for a backslash, or a raw string such as r"\\d+"',
      );
    }
    at += found.length;
  }
}

function readNumber(source: string, at: number): Token | undefined {
  const token = readPlain("number", NUMBER, source, at);
  if (token !== undefined && /[_a-zA-Z0-9]/.test(source.charAt(token.end))) {
    throw new RefusedSource(at, "this number is malformed; write an integer such as 42 or a decimal such as 4.2");
  }
  return token;
}

function refuseCharacter(source: string, at: number): never {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  const hint = HINTS.get(character);
  throw new RefusedSource(at, `unexpected character ${quote(character)}${hint === undefined ? "" : `; ${hint}`}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
