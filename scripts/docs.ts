// Writes the pages that are made from source: `docs/configuration.md` from the table of settings, and the API reference and
// the OpenAPI document from the schema. Run it with `npm run docs`; a test fails when one is not what the source says.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configurationPage } from "../src/docs/configuration.ts";
import { root } from "./buf.ts";
import { schemaComments } from "./schema-comments.ts";

/** The URL that the static files call by: what the server has when nothing is configured. */
const BASE_URL = "http://localhost:8080";

/** Writes a file unless it is the same already. */
function write(path: string, text: string): void {
  const target = join(root, path);
  if (existsSync(target) && readFileSync(target, "utf8") === text) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  process.stdout.write(`wrote ${path}\n`);
}

/** The comments as a module, in the form that the formatter gives it. */
function commentsModule(): string {
  const entries = Object.entries(schemaComments()).map(([name, comment]) => {
    const [key, value] = [JSON.stringify(name), JSON.stringify(comment)];
    const line = `  ${key}: ${quoted(value)},`;
    return line.length <= 120 ? line : `  ${key}:\n    ${quoted(value)},`;
  });
  return `/** The comment of every element of the schema, by its full name: the generated code has none. Made by \`npm run docs\`. */
export const COMMENTS: Readonly<Record<string, string>> = {
${entries.join("\n")}
};
`;
}

/** A string literal with the quotes that need fewer escapes. */
function quoted(json: string): string {
  if (!json.includes('\\"') || json.includes("'")) return json;
  return `'${json.slice(1, -1).replaceAll('\\"', '"')}'`;
}

write("docs/configuration.md", configurationPage());
write("src/docs/comments.ts", commentsModule());

// They read the module that was written just now.
const { referenceFiles } = await import("../src/docs/reference.ts");
const reference = referenceFiles(BASE_URL);
for (const [name, make] of reference) write(`docs/reference/${name}`, make());
for (const name of readdirSync(join(root, "docs/reference"))) {
  if (reference.has(name) || name === "biome.json") continue;
  rmSync(join(root, "docs/reference", name));
  process.stdout.write(`removed docs/reference/${name}\n`);
}
