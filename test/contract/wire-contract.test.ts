import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderFile } from "./render.ts";
import { loadSchema } from "./schema.ts";

const golden = join(import.meta.dirname, "wire-contract.golden");

// A difference here reaches clients in the field. `UPDATE_GOLDEN=1 npx vitest run test/contract` takes it over; review
// the diff line by line: only additions are harmless.
test("the wire contract is the golden one, with rules and options, which buf breaking does not see", async () => {
  const files = await loadSchema();
  const actual = files.map(renderFile).join("\n");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, actual);
  expect(actual).toBe(readFileSync(golden, "utf8"));
});
