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
