import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** The flags of a benchmark with their defaults: a positive number, a text, or words of which the first is the default. */
type Defaults = Readonly<Record<string, number | string | readonly string[]>>;

/** What the flags come to. */
type Values<D extends Defaults> = {
  readonly [K in keyof D]: D[K] extends number ? number : D[K] extends readonly (infer W)[] ? W : string;
};

/**
 * Reads the arguments of a benchmark. `--help` prints the comment at the top of its file; whatever is not understood is said,
 * and the process ends with 2.
 * @param file the benchmark's own path, `import.meta.filename`.
 * @param words what may be said without a flag; all of it is meant when none is.
 */
export function readArguments<const D extends Defaults, const W extends string = never>(
  file: string,
  defaults: D,
  words: readonly W[] = [],
): { flags: Values<D>; words: readonly W[] } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: words.length > 0,
      options: {
        help: { type: "boolean", short: "h" },
        ...Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" as const }])),
      },
    });
    const given: Readonly<Record<string, unknown>> = values;
    if (given.help) {
      process.stdout.write(`${commentOf(file)}\n`);
      process.exit();
    }
    const flags = Object.entries(defaults).map(([name, fallback]) => [name, toValue(name, given[name], fallback)]);
    const chosen = positionals.map((word) => oneOf(words, word, "an argument"));
    return { flags: Object.fromEntries(flags) as Values<D>, words: chosen.length > 0 ? chosen : words };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}

function toValue(name: string, given: unknown, fallback: Defaults[string]): number | string {
  if (typeof fallback === "string") return given === undefined ? fallback : String(given);
  if (typeof fallback !== "number") return oneOf(fallback, given ?? fallback[0], `--${name}`);
  const number = given === undefined ? fallback : Number(given);
  if (number > 0) return number;
  throw new Error(`--${name} is ${given}: expected a number above 0`);
}

function oneOf<W extends string>(words: readonly W[], given: unknown, what: string): W {
  const found = words.find((word) => word === given);
  if (found !== undefined) return found;
  throw new Error(`${what} is ${given}: expected one of ${words.filter((word) => word !== "").join(", ")}`);
}

/** The comment that the file begins with, as text. */
function commentOf(file: string): string {
  const comment = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  return comment.replaceAll(/^ \* ?/gm, "");
}
