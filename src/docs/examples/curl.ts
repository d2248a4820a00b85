import type { DescMethod } from "@bufbuild/protobuf";
import { declarationOf, pathOf } from "../schema.ts";
import type { Example } from "./scenario.ts";
import { variablesIn } from "./scenario.ts";
import { indent } from "./tree.ts";

/** The call with curl: Connect's JSON over POST. */
export function curlExample(method: DescMethod, { request }: Example): string {
  const { caller, streaming } = declarationOf(method);
  const json = pretty(request);
  const inline = json === "{}";
  const lines = [
    `curl ${streaming ? "--no-buffer " : ""}"$ORGANIZATION_SERVICE_URL/${pathOf(method)}"`,
    ...(caller === "anyone" ? [] : [`-H "Authorization: Bearer $TOKEN"`]),
    `-H "Content-Type: application/json"`,
    ...(streaming ? [`-H "Accept: application/jsonl"`] : []),
    inline ? "-d '{}'" : "-d @- <<EOF",
  ];
  const command = lines.join(" \\\n  ");
  // Only the first line, so that the example ends.
  const first = streaming ? " | head -n 1" : "";
  return inline ? `${command}${first}\n` : `${command}${first}\n${hereDocument(json)}\nEOF\n`;
}

/** JSON in which short lists and objects inside are on one line. */
function pretty(value: unknown, outer = true): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const list = Array.isArray(value);
  const parts = list
    ? value.map((each) => pretty(each, false))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${pretty(each, false)}`);
  if (parts.length === 0) return list ? "[]" : "{}";
  const line = list ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  if (!outer && line.length <= 60 && !line.includes("\n")) return line;
  const lines = parts.map((part) => `  ${indent(part, "  ")}`).join(",\n");
  return list ? `[\n${lines}\n]` : `{\n${lines}\n}`;
}

/** What the shell would replace is protected, except our variables (POSIX shell, here-document). */
function hereDocument(json: string): string {
  const variables = new Set(variablesIn(JSON.parse(json)));
  return json
    .replace(/\\(?=[\\$`])/g, "\\\\")
    .replaceAll("`", "\\`")
    .replace(/\$(?:([A-Z_]+))?/g, (found, name) => (variables.has(name) ? found : `\\${found}`));
}
