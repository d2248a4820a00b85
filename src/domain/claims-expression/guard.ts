import { RE2JS } from "@bufbuild/re2";
import { MAX_PATTERN_INSTRUCTIONS, MAX_PATTERN_LENGTH } from "./limits.ts";
import { childrenOf, type MacroNode, type Node, OPERATORS, startOf, stringLiteral } from "./nodes.ts";
import { RefusedSource } from "./tokens.ts";

type CallNode = Extract<Node, { kind: "call" }>;

/** Compiled patterns of an expression, by their text. */
export type Patterns = Map<string, RE2JS>;

const MACROS = new Set(["exists", "all", "exists_one", "filter", "map"]);

const LOGICAL = new Set(["&&", "||", "!", "?:"]);

/** Functions by name: how many arguments they take when called on a value, and when called with everything as arguments. */
const FUNCTIONS: ReadonlyMap<string, { readonly method?: number; readonly global?: number }> = new Map([
  ["size", { method: 0, global: 1 }],
  ["startsWith", { method: 1 }],
  ["endsWith", { method: 1 }],
  ["contains", { method: 1 }],
  ["matches", { method: 1 }],
  ["lowerAscii", { method: 0 }],
  ["split", { method: 1 }],
  ["string", { global: 1 }],
  ["int", { global: 1 }],
]);

const USAGE: ReadonlyMap<string, string> = new Map([
  ["has", "has(claims.name)"],
  ["size", "claims.groups.size()"],
  ["startsWith", 'claims.email.startsWith("a")'],
  ["endsWith", 'claims.email.endsWith("@example.com")'],
  ["contains", 'claims.email.contains("@")'],
  ["matches", 'claims.email.matches("^a.*$")'],
  ["lowerAscii", "claims.email.lowerAscii()"],
  ["split", 'claims.scope.split(" ")'],
  ["string", "string(claims.level)"],
  ["int", "int(claims.level)"],
  ["exists", 'claims.groups.exists(group, group == "admins")'],
  ["all", 'claims.groups.all(group, group != "guests")'],
  ["exists_one", 'claims.groups.exists_one(group, group == "admins")'],
  ["filter", 'claims.groups.filter(group, group.startsWith("a"))'],
  ["map", "claims.groups.map(group, group.lowerAscii())"],
]);

const NEVER_BOOLEAN_CALLS = new Set(["size", "lowerAscii", "split", "string", "int"]);
const NEVER_BOOLEAN_MACROS = new Set(["filter", "map"]);
const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;

/**
 * Checks a parsed expression against the allow-list of variables, operators, functions and macros, and compiles its patterns.
 * @throws RefusedSource at the first node that is not on it, saying what is.
 */
export function checkNodes(root: Node, source: string): Patterns {
  return new Guard(source).checkRoot(root);
}

class Guard {
  readonly #source: string;
  readonly #patterns = new Map<string, RE2JS>();

  constructor(source: string) {
    this.#source = source;
  }

  checkRoot(root: Node): Patterns {
    this.#check(root, undefined);
    this.#checkCondition(root, "the expression");
    return this.#patterns;
  }

  /** `variable` is the macro's element when the node is in a macro's body, undefined otherwise. */
  #check(node: Node, variable: string | undefined): void {
    switch (node.kind) {
      case "literal":
        this.#checkLiteral(node);
        break;
      case "name":
        this.#checkName(node, variable);
        break;
      case "macro":
        this.#checkMacro(node, variable);
        break;
      case "unsupported":
        throw new RefusedSource(node.at, `${node.what} are not available in a claims expression`);
      default:
        this.#checkCall(node);
        for (const child of childrenOf(node)) {
          this.#check(child, variable);
        }
    }
  }

  #checkLiteral(node: Extract<Node, { kind: "literal" }>): void {
    const { constant } = node;
    if (constant.case === "int64Value" && (constant.value < MIN_INT || constant.value > MAX_INT)) {
      throw new RefusedSource(node.at, "this integer does not fit in 64 bits");
    }
    if (constant.case === "doubleValue" && !Number.isFinite(constant.value)) {
      throw new RefusedSource(node.at, "this number is too large");
    }
    if (constant.case === "bytesValue" || constant.case === "uint64Value") {
      throw new RefusedSource(node.at, "only strings, numbers, true, false and null are available as literals");
    }
  }

  #checkName(node: Extract<Node, { kind: "name" }>, variable: string | undefined): void {
    if (node.name !== "claims" && node.name !== variable) {
      const known = variable === undefined ? "`claims`" : `\`claims\` and \`${variable}\``;
      throw new RefusedSource(node.at, `unknown name \`${node.name}\`; available here: ${known}`);
    }
  }

  #checkMacro(node: MacroNode, variable: string | undefined): void {
    const at = this.#nameAt(node.at);
    if (!MACROS.has(node.name)) {
      this.#refuseFunction(node.name, at);
    }
    if (variable !== undefined) {
      throw new RefusedSource(
        at,
        `\`${node.name}\` inside another macro; macros cannot be nested, but they can follow each other`,
      );
    }
    if (node.variable === "claims") {
      throw new RefusedSource(at, `\`${node.name}\` would hide \`claims\`; give its variable another name`);
    }
    this.#check(node.range, undefined);
    for (const body of node.bodies) {
      this.#check(body, node.variable);
    }
    if (node.name !== "map" || node.bodies.length === 2) {
      this.#checkCondition(node.bodies[0]!, `the condition of \`${node.name}\``);
    }
  }

  #checkCall(node: Node): void {
    if (node.kind !== "call") {
      return;
    }
    const operator = OPERATORS.get(node.name);
    if (operator === undefined) {
      this.#checkFunction(node);
    } else if (LOGICAL.has(operator)) {
      for (const condition of operator === "?:" ? node.args.slice(0, 1) : node.args) {
        this.#checkCondition(condition, `what \`${operator}\` takes`);
      }
    }
  }

  #checkFunction(node: CallNode): void {
    const at = this.#nameAt(node.at);
    const arity = FUNCTIONS.get(node.name);
    const expected = node.target === undefined ? arity?.global : arity?.method;
    if (node.args.length !== expected) {
      this.#refuseFunction(node.name, at);
    }
    if (node.name === "matches") {
      this.#checkPattern(node.args[0]!);
    }
  }

  /** Refuses what can never be true or false, whatever the claims are. */
  #checkCondition(node: Node, what: string): void {
    if (isNeverBoolean(node)) {
      throw new RefusedSource(
        startOf(node, this.#source),
        `${what} must be true or false, and this never is; compare it with something`,
      );
    }
  }

  #checkPattern(node: Node): void {
    const pattern = stringLiteral(node);
    if (pattern === undefined) {
      throw new RefusedSource(
        node.at,
        `the pattern of \`matches\` must be a literal string, as in ${USAGE.get("matches")}`,
      );
    }
    if ([...pattern].length > MAX_PATTERN_LENGTH) {
      throw new RefusedSource(
        node.at,
        `this pattern is too long; at most ${MAX_PATTERN_LENGTH} characters are accepted`,
      );
    }
    this.#patterns.set(pattern, compilePattern(pattern, node.at));
  }

  #refuseFunction(name: string, at: number): never {
    const usage = USAGE.get(name);
    const message =
      usage === undefined
        ? `\`${name}\` is not available; available: ${[...USAGE.keys()].join(", ")}`
        : `\`${name}\` is written as ${usage}`;
    throw new RefusedSource(at, message);
  }

  /** The library places a call at the space before it, or at the dot when it is on a value; its name follows. */
  #nameAt(at: number): number {
    return at + (/^\s*\.?\s*/.exec(this.#source.slice(at))?.[0].length ?? 0);
  }
}

function isNeverBoolean(node: Node): boolean {
  switch (node.kind) {
    case "literal":
      return node.constant.case !== "boolValue";
    case "list":
      return true;
    case "macro":
      return NEVER_BOOLEAN_MACROS.has(node.name);
    case "call":
      if (node.name === "_?_:_") {
        return node.args.slice(1).some(isNeverBoolean);
      }
      return NEVER_BOOLEAN_CALLS.has(node.name);
    case "name":
      return node.name === "claims";
    default:
      return false;
  }
}

function compilePattern(pattern: string, at: number): RE2JS {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace("error parsing regexp: ", "") : String(error);
    throw new RefusedSource(at, `this pattern is not a regular expression of RE2's syntax: ${reason}`);
  }
  if (compiled.re2().prog.numInst() > MAX_PATTERN_INSTRUCTIONS) {
    throw new RefusedSource(at, "this pattern is too large; use smaller repetition counts");
  }
  return compiled;
}
