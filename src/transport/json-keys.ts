/**
 * Duplicate member names in JSON text. `JSON.parse` keeps the last one in silence; proto3 JSON refuses them.
 */

/**
 * Whether an object in `text` names a member twice, told by counting: a parsed value has fewer members than its text
 * names exactly when some were merged.
 * @param text what `JSON.parse` accepted
 * @param value what it made of it
 */
export function hasDuplicateKeys(text: string, value: unknown): boolean {
  return countKeysInText(text) !== countKeysInValue(value);
}

function countKeysInValue(value: unknown): number {
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      count += countKeysInValue(item);
    }
    return count;
  }
  for (const key of Object.keys(value)) {
    count += 1 + countKeysInValue((value as Record<string, unknown>)[key]);
  }
  return count;
}

function countKeysInText(text: string): number {
  let count = 0;
  let at = text.indexOf('"');
  while (at !== -1) {
    const afterString = endOfString(text, at + 1) + 1;
    if (isNameSeparator(text, afterString)) {
      count++;
    }
    at = text.indexOf('"', afterString);
  }
  return count;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (isEscaped(text, end, start)) {
    end = text.indexOf('"', end + 1);
  }
  return end;
}

function isEscaped(text: string, at: number, start: number): boolean {
  let backslashes = 0;
  while (at - backslashes > start && text.charCodeAt(at - backslashes - 1) === 0x5c) {
    backslashes++;
  }
  return backslashes % 2 === 1;
}

/** In valid JSON a string followed by a colon, whitespace aside, is a member name. */
function isNameSeparator(text: string, start: number): boolean {
  let at = start;
  while (isWhitespace(text.charCodeAt(at))) {
    at++;
  }
  return text.charCodeAt(at) === 0x3a;
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
