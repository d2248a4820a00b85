import { parse } from "@bufbuild/cel";
import { checkNodes } from "./guard.ts";
import { MAX_SOURCE_LENGTH } from "./limits.ts";
import { type Node, type Parsed, readNode } from "./nodes.ts";
import { claimPathsOf } from "./paths.ts";
import { type Evaluate, Program } from "./program.ts";
import { checkSyntax } from "./syntax.ts";
import { blankComments, RefusedSource, readTokens } from "./tokens.ts";

/** A checked expression. It may be kept and evaluated any number of times; evaluation is synchronous. */
export interface ClaimsExpression {
  readonly source: string;
  /** The claims that the expression names, as dotted paths such as `address.country`, each once, in the order of the source. */
  readonly claimPaths: readonly string[];
  /** For the evaluator only. */
  readonly compiled: Compiled;
}

/** What the evaluator needs of an expression. */
export interface Compiled {
  /** The source without its comments, which keeps all offsets. */
  readonly text: string;
  readonly parsed: Parsed;
  readonly root: Node;
  readonly program: Program;
  readonly evaluate: Evaluate;
}

/**
 * A compiled expression, or why there is none. `offset` counts Unicode code points from the start of the source, 0 for the
 * first; `reason` is a sentence that also says what would be accepted.
 */
export type CompileResult =
  | { readonly ok: true; readonly expression: ClaimsExpression }
  | { readonly ok: false; readonly offset: number; readonly reason: string };

/**
 * Compiles a claims expression: CEL over the variable `claims`, restricted to
 *
 * - literals (strings, numbers, `true`, `false`, `null`, lists), `claims.name`, `claims["name"]`, `list[0]`
 * - `&&`, `||`, `!`, `?:`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`
 * - `has`, `size`, `startsWith`, `endsWith`, `contains`, `matches` with a literal pattern, `lowerAscii`, `split`, `string`, `int`
 * - the macros `exists`, `all`, `exists_one`, `filter` and `map`, not nested in each other
 *
 * and to the limits of `limits.ts`. Never throws.
 */
export function compileClaimsExpression(source: string): CompileResult {
  try {
    return { ok: true, expression: compile(source) };
  } catch (error) {
    if (error instanceof RefusedSource) {
      return { ok: false, offset: codePoints(source, error.at), reason: error.message };
    }
    throw error;
  }
}

function compile(source: string): ClaimsExpression {
  if (codePoints(source, source.length) > MAX_SOURCE_LENGTH) {
    const at = [...source].slice(0, MAX_SOURCE_LENGTH).join("").length;
    throw new RefusedSource(at, `too long; at most ${MAX_SOURCE_LENGTH} characters are accepted`);
  }
  const tokens = readTokens(source);
  checkSyntax(tokens);
  const text = blankComments(source, tokens);
  const parsed = parseChecked(text);
  const root = readNode(parsed);
  const program = new Program(checkNodes(root, text));
  const compiled = { text, parsed, root, program, evaluate: program.plan(root) };
  return { source, claimPaths: claimPathsOf(root), compiled };
}

/** The syntax is checked before; what the library's parser refuses beyond that is refused as well. */
function parseChecked(text: string): Parsed {
  try {
    return parse(text);
  } catch (error) {
    throw new RefusedSource(0, `not understood: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How many code points the first `end` UTF-16 code units of a text are. */
export function codePoints(text: string, end: number): number {
  return [...text.slice(0, end)].length;
}
