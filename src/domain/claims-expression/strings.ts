import {
  type CelFunc,
  type CelInput,
  type CelList,
  CelScalar,
  celFunc,
  celList,
  celMethod,
  listType,
} from "@bufbuild/cel";
import { RE2JS } from "@bufbuild/re2";
import type { Patterns } from "./guard.ts";
import { MAX_ENTRIES, MAX_MATCHED_LENGTH } from "./limits.ts";
import type { Meter } from "./meter.ts";

const { BOOL, INT, STRING } = CelScalar;
const LIST = listType(CelScalar.DYN);

/** What a new state of a pattern's automaton costs beside its instructions, in steps. */
const STEPS_PER_STATE = 50;

/** A pattern whose automaton has more states than this starts again: the states hold memory for as long as the expression lives. */
const MAX_STATES = 1000;

/** The functions of strings. Each counts its work before doing it. */
export function stringFunctions(meter: Meter, patterns: Patterns): CelFunc[] {
  return [
    celMethod("startsWith", STRING, [STRING], BOOL, function (prefix) {
      meter.charge(prefix.length / 32);
      return this.startsWith(prefix);
    }),
    celMethod("endsWith", STRING, [STRING], BOOL, function (suffix) {
      meter.charge(suffix.length / 32);
      return this.endsWith(suffix);
    }),
    celMethod("contains", STRING, [STRING], BOOL, function (part) {
      meter.charge((this.length * (1 + part.length)) / 64);
      return this.includes(part);
    }),
    celMethod("lowerAscii", STRING, [], STRING, function () {
      meter.charge(this.length / 4);
      return this.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    }),
    celMethod("split", STRING, [STRING], LIST, function (separator): CelInput<typeof LIST> {
      return split(meter, this, separator);
    }),
    celMethod("matches", STRING, [STRING], BOOL, function (pattern) {
      return matches(meter, patterns, pattern, this);
    }),
    celFunc("size", [STRING], INT, (text) => countCharacters(meter, text)),
    celMethod("size", STRING, [], INT, function () {
      return countCharacters(meter, this);
    }),
  ];
}

function countCharacters(meter: Meter, text: string): bigint {
  meter.charge(text.length / 16);
  let count = 0n;
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) {
    count++;
  }
  return count;
}

function split(meter: Meter, text: string, separator: string): CelList {
  meter.charge((text.length * (1 + separator.length)) / 16);
  const parts = separator === "" ? [...text] : text.split(separator, MAX_ENTRIES + 1);
  if (parts.length > MAX_ENTRIES) {
    meter.fail(`\`split\` makes a list of more than ${MAX_ENTRIES} entries`);
  }
  return celList(parts);
}

/** Charges the worst case, a new state for every character, and gives back what known states saved. */
function matches(meter: Meter, patterns: Patterns, pattern: string, text: string): boolean {
  if (text.length > MAX_MATCHED_LENGTH) {
    meter.fail(`\`matches\` takes strings of at most ${MAX_MATCHED_LENGTH} characters`);
  }
  const compiled = patterns.get(pattern)!;
  const { dfa, prog } = compiled.re2();
  const perState = STEPS_PER_STATE + prog.numInst();
  const characters = text.length + 1;
  meter.charge(characters * (prog.numInst() + perState));
  const known = dfa.stateCount;
  const found = compiled.test(text);
  meter.refund((characters - Math.min(characters, dfa.stateCount - known)) * perState);
  if (dfa.stateCount > MAX_STATES) {
    patterns.set(pattern, RE2JS.compile(pattern));
  }
  return found;
}
