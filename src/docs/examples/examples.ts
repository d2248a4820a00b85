import type { DescMethod } from "@bufbuild/protobuf";
import { pathOf } from "../schema.ts";
import { curlExample } from "./curl.ts";
import { goExample } from "./go.ts";
import { pythonExample } from "./python.ts";
import { EXAMPLES, type Example } from "./scenario.ts";
import { typescriptExample } from "./typescript.ts";

/** The languages of the examples, in the order in which they are shown. */
export const LANGUAGES = ["curl", "typescript", "go", "python"] as const;

export type Language = (typeof LANGUAGES)[number];

const PRINTERS: Readonly<Record<Language, (method: DescMethod, example: Example) => string>> = {
  curl: curlExample,
  typescript: typescriptExample,
  go: goExample,
  python: pythonExample,
};

/** The example of a method. */
export function exampleOf(method: DescMethod): Example {
  const example = EXAMPLES.find((each) => each.method === pathOf(method));
  if (!example) throw new Error(`${pathOf(method)} has no example in src/docs/examples/scenario.ts`);
  return example;
}

/** The example of a method in one language: what the reference shows, and what the tests run. */
export function exampleCode(method: DescMethod, language: Language): string {
  return PRINTERS[language](method, exampleOf(method));
}
