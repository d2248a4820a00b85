import { beforeAll, describe, expect, it } from "vitest";
import type { EngineName } from "../support/storage.ts";
import { deletion } from "./deletion.ts";
import { lifetime } from "./lifetime.ts";
import { NOUNS } from "./nouns/nouns.ts";
import { Recorder } from "./recorder.ts";
import { openSubject } from "./subject.ts";
import { transactions } from "./transactions.ts";

/**
 * The one suite that every engine passes: it holds the engine to the contract in `src/storage/storage.ts` and
 * `src/storage/contract/`. A new noun adds a file to `nouns/` and a line to `nouns/nouns.ts`.
 */
export function conformance(engine: EngineName): void {
  const recorder = new Recorder();
  const subject = openSubject(engine, (storage) => recorder.wrap(storage));

  for (const [noun, { cases }] of Object.entries(NOUNS)) {
    describe(noun, () => {
      beforeAll(() => recorder.enter(noun));
      cases(subject);
    });
  }
  describe("transactions", () => transactions(subject));
  describe("lifetime", () => lifetime(subject));
  describe("deletion of an organization", () => deletion(subject));

  describe("the suite", () => {
    it("has cases of every noun", () => {
      const nouns: string[] = [];
      for (const noun in subject.storage.read) nouns.push(noun);
      expect(Object.keys(NOUNS).sort()).toEqual(nouns.sort());
    });

    it("calls every method of every noun in the cases of that noun", () => {
      expect(recorder.missing(subject.storage.read)).toEqual([]);
    });
  });
}
