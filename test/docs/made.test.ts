/** What `npm run docs` writes is what the source says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { schemaComments } from "../../scripts/schema-comments.ts";
import { COMMENTS } from "../../src/docs/comments.ts";
import { referenceFiles } from "../../src/docs/reference.ts";

const folder = join(import.meta.dirname, "../../docs/reference");

test("the comments are those of the schema", () => {
  expect(COMMENTS).toEqual(schemaComments());
});

test("the static reference is up to date: otherwise run `npm run docs`", () => {
  const files = referenceFiles("http://localhost:8080");
  // Beside them is what keeps the formatter away from them.
  expect(readdirSync(folder).sort()).toEqual([...files.keys(), "biome.json"].sort());
  const outdated = [...files].filter(([name, make]) => readFileSync(join(folder, name), "utf8") !== make());
  expect(outdated.map(([name]) => name)).toEqual([]);
});
