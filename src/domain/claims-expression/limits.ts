/**
 * The limits of a claims expression, at compile time and for one evaluation.
 * A *step* is work that takes about a tenth of a microsecond in the worst case; `bench/claims-expression.ts` looks for that case.
 */

/** Longest source, in Unicode code points (the schema states the same length). */
export const MAX_SOURCE_LENGTH = 4096;

/** Most operands and operators in a source. */
export const MAX_NODES = 256;

/** Deepest nesting of parentheses, brackets and calls in a source. */
export const MAX_DEPTH = 32;

/** Longest pattern of `matches`, in Unicode code points. */
export const MAX_PATTERN_LENGTH = 256;

/** Most instructions of a compiled pattern: bounds repetition counts, whose expansion the pattern's length does not show. */
export const MAX_PATTERN_INSTRUCTIONS = 256;

/** Most entries of a list or an object that an expression reads or makes. */
export const MAX_ENTRIES = 1000;

/** Longest string that an expression reads, in UTF-16 code units. */
export const MAX_STRING_LENGTH = 8192;

/** Longest string that `matches` takes, in UTF-16 code units. */
export const MAX_MATCHED_LENGTH = 2048;

/** Deepest nesting of lists and objects in one claim. */
export const MAX_CLAIM_DEPTH = 16;

/** Most steps of one evaluation. */
export const MAX_STEPS = 500_000;
