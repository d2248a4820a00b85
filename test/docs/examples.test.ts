/** Every example of the reference, as it is shown there, against a running server. */
import { expect, test } from "vitest";
import { EXAMPLES } from "../../src/docs/examples/scenario.ts";
import { METHODS, pathOf } from "../../src/docs/schema.ts";
import { curlRunner, typescriptRunner } from "./runners.ts";
import { runExamples } from "./scenario.ts";

test("every method has one example, and nothing else has", () => {
  expect(EXAMPLES.map(({ method }) => method).sort()).toEqual(METHODS.map(pathOf).sort());
});

test("the examples for curl run", async () => {
  expect(await runExamples(curlRunner())).toEqual([]);
}, 120_000);

test("the examples in TypeScript run", async () => {
  expect(await runExamples(typescriptRunner())).toEqual([]);
}, 120_000);
