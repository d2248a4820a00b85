/**
 * The comparable form of a string whose attribute is not caseExact. It is computed here alone and stored beside the value,
 * because SQLite's lower() knows ASCII only and PostgreSQL's depends on a locale. Folding is done piece by piece: the final
 * sigma, the one context-sensitive rule of toLowerCase, is undone, so that a folded prefix is a prefix of the folded string.
 */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ");
}

/** Order of two strings by code point, as both databases compare: SQLite's BINARY and PostgreSQL's "C" collation. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * The smallest string that is greater than every string with this prefix, or undefined when there is none. With it
 * "starts with" is a range, which an index serves on both engines.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = [...prefix];
  for (;;) {
    const last = points.pop()?.codePointAt(0);
    if (last === undefined) return undefined;
    if (last === 0x10ffff) continue;
    // The surrogates U+D800 to U+DFFF are no characters.
    return points.join("") + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
}
