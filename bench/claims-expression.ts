/**
 * Searches for the slowest evaluation of a claims expression that the limits admit, and prints it beside a typical one:
 * random attacks at first, then changes of the slowest ones. Every evaluation ends within its budget of steps; what is
 * looked for is the step that takes longest.
 *
 *   node bench/claims-expression.ts [--seconds 20] [--seed 1]
 */
import { formatTable } from "../src/cli/output.ts";
import { MAX_STEPS } from "../src/domain/claims-expression/limits.ts";
import { type Claims, compileClaimsExpression, evaluateClaimsExpression } from "../src/domain/claims-expression.ts";
import { readArguments } from "./support/arguments.ts";

const { flags } = readArguments(import.meta.filename, { seconds: 20, seed: 1 });

/** An attack: the body of a macro, repeated, over claims of some size. */
interface Attack {
  readonly macro: string;
  readonly range: string;
  readonly term: string;
  readonly join: string;
  readonly terms: number;
  readonly entries: number;
  readonly characters: number;
  readonly alphabet: string;
  readonly pattern: string;
}

interface Measured {
  readonly attack: Attack;
  readonly source: string;
  readonly milliseconds: number;
  readonly steps: number;
}

const CHOICES: { readonly [Key in keyof Attack]: readonly Attack[Key][] } = {
  macro: ["exists", "all", "exists_one", "filter", "map"],
  range: [
    "claims.list",
    "claims.lists",
    "claims.object",
    "claims.list.map(y, claims.list)",
    "claims.text.split('b')",
    "claims",
  ],
  term: [
    "x in claims.list",
    "claims.list in claims.lists",
    "claims.list == claims.copy",
    "claims.lists == claims.lists2",
    "claims.text == claims.text2",
    "claims.text < claims.text2",
    "claims.text.contains(claims.part)",
    "claims.text.startsWith(claims.text2)",
    "claims.text.lowerAscii() == x",
    "claims.text.split('a') == x",
    "claims.text.split('').size() == 1",
    "size(claims.text) == 1",
    "claims.text.matches(PATTERN)",
    "x.matches(PATTERN)",
    "x.absent == 1",
    "claims.absent.a.b",
    "claims.deep[0][0][0] == x",
    "claims.object == claims.object2",
    "x < 1",
    "x[0] == 1",
    "int(x) == 1",
    "string(x) == claims.text",
    "[x, x, x, x] == claims.list",
    "has(claims.object.absent)",
    "(x.absent ? true : false)",
    "!x",
    "claims[x] == 1",
    "x == x",
    "x",
    "(x ? true : false)",
    "[1, 2, 3].size() == 3",
  ],
  join: [" || ", " && ", " == "],
  terms: [1, 2, 5, 10, 20, 40, 60],
  entries: [1, 10, 50, 200, 500, 1000],
  characters: [1, 10, 100, 1000, 2000, 8000],
  alphabet: ["a", "ab", "aB", "é", "😀", "a1 -"],
  pattern: [
    "(a+)+$",
    "[ab]*a[ab]{100}$",
    "(?:a?){80}a{80}$",
    "(\\\\b|a)*$",
    "(?i)(é|a)*b$",
    "\\\\pL*\\\\pN$",
    "^(?:[ab]*a){20}b$",
    "^(?:a|b|ab)*c",
  ],
};

const TYPICAL = {
  source: `claims.email_verified && claims.email.endsWith("@example.com") && claims.groups.exists(g, g == "admins")`,
  claims: { email_verified: true, email: "jane@example.com", groups: ["dev", "ops", "all-staff", "admins"] },
};

/** Numbers from 0 to 1 that a seed determines (a linear congruential generator). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function makeAttack(random: () => number, parent?: Attack): Attack {
  const attack: Record<string, unknown> = { ...parent };
  for (const [key, values] of Object.entries(CHOICES)) {
    if (parent === undefined || random() < 0.25) {
      attack[key] = values[Math.floor(random() * values.length)];
    }
  }
  return attack as unknown as Attack;
}

function makeSource({ macro, range, term, join, terms, pattern }: Attack): string {
  const body = Array(terms)
    .fill(`(${term.replace("PATTERN", `"${pattern}"`)})`)
    .join(join);
  return `claims.size() > 0 && ${range}.${macro}(x, ${body}) == claims.text`;
}

const made = new Map<string, Claims>();

/** Claims by their sizes: making them takes longer than evaluating. */
function claimsFor(attack: Attack): Claims {
  const key = JSON.stringify([attack.entries, attack.characters, attack.alphabet]);
  const claims = made.get(key) ?? makeClaims(attack);
  made.set(key, claims);
  return claims;
}

function makeClaims({ entries, characters, alphabet }: Attack): Claims {
  const random = createRandom(entries + characters);
  const letters = [...alphabet];
  const text = (length: number): string =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)])
      .join("")
      .slice(0, length);
  const list = Array.from({ length: entries }, (_, index) => text(Math.min(characters, 500)) + index);
  const object = Object.fromEntries(list.map((entry, index) => [`${entry.slice(0, 20)}${index}`, entry]));
  const long = text(characters);
  return {
    text: long,
    text2: `${long.slice(0, -1)}!`,
    part: `${long.slice(0, characters / 2)}!`,
    list,
    copy: [...list],
    lists: Array.from({ length: entries }, () => list.slice(0, 200)),
    lists2: Array.from({ length: entries }, () => list.slice(0, 200)),
    object,
    object2: { ...object },
    deep: [[[[1]]]],
  };
}

/** Processor time of this thread: what else the machine does is not counted. */
function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

/** Undefined when the expression does not compile: the limits do not admit it. */
function measure(attack: Attack): Measured | undefined {
  const source = makeSource(attack);
  const result = compileClaimsExpression(source);
  if (!result.ok) {
    return undefined;
  }
  const claims = claimsFor(attack);
  const start = process.threadCpuUsage();
  const { cost } = evaluateClaimsExpression(result.expression, claims);
  return { attack, source, milliseconds: millisecondsSince(start), steps: cost };
}

/** The least of several times: what the machine did meanwhile does not count. */
function remeasure(found: Measured): Measured {
  const times = Array.from({ length: 5 }, () => measure(found.attack)!);
  return times.reduce((least, time) => (time.milliseconds < least.milliseconds ? time : least));
}

function search(seconds: number, random: () => number): { best: readonly Measured[]; tried: number } {
  const end = performance.now() + seconds * 1000;
  let best: readonly Measured[] = [];
  let tried = 0;
  while (performance.now() < end) {
    const parent = best[Math.floor(random() * best.length)];
    const found = measure(makeAttack(random, random() < 0.5 ? parent?.attack : undefined));
    if (found === undefined) {
      continue;
    }
    tried++;
    if (best.length < 10 || found.milliseconds > best.at(-1)!.milliseconds) {
      const others = best.filter(({ source }) => source !== found.source);
      best = [...others, remeasure(found)].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 10);
    }
  }
  return { best, tried };
}

function measureTypical(): Measured {
  const result = compileClaimsExpression(TYPICAL.source);
  if (!result.ok) {
    throw new Error(result.reason);
  }
  const rounds = 20_000;
  let steps = 0;
  const start = process.threadCpuUsage();
  for (let round = 0; round < rounds; round++) {
    steps = evaluateClaimsExpression(result.expression, TYPICAL.claims).cost;
  }
  const milliseconds = millisecondsSince(start) / rounds;
  return { attack: makeAttack(() => 0), source: TYPICAL.source, milliseconds, steps };
}

function row(name: string, { source, milliseconds, steps }: Measured): Readonly<Record<string, string>> {
  const shown = source.length > 100 ? `${source.slice(0, 100)}…` : source;
  const perStep = ((milliseconds * 1e6) / steps).toFixed(0);
  return { name, milliseconds: milliseconds.toFixed(3), steps: String(steps), nsPerStep: perStep, expression: shown };
}

const typical = measureTypical();
const { best, tried } = search(flags.seconds, createRandom(flags.seed));
const rows = [row("typical", typical), ...best.map((found, index) => row(`worst ${index + 1}`, found))];
console.log(`${tried} evaluations in ${flags.seconds} s from seed ${flags.seed}; the budget is ${MAX_STEPS} steps\n`);
console.log(formatTable(rows, ["name", "milliseconds", "steps", "nsPerStep", "expression"]));
