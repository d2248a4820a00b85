import { SETTINGS, type Setting } from "../config.ts";

/** The page about every setting, in Markdown, made from the table in `config.ts`. */
export function configurationPage(): string {
  const rows = (Object.values(SETTINGS) as Setting<unknown>[]).map(
    ({ key, meaning, default: fallback, defaultText, secret }) =>
      `| \`${key}\` | ${defaultText ?? shown(fallback)} | ${escapePipes(meaning)}${secret ? " (secret)" : ""} |`,
  );
  return `# Configuration

Settings are environment variables. Each that is no secret is also a flag of \`serve\`: \`PUBLIC_URL\` is \`--public-url\`.
A flag wins over the environment, and an empty value counts as absent. Unusable settings are all named at start, and
nothing is started. The settings in force are the first line of the log, secrets redacted.

| variable | default | meaning |
|--|--|--|
${rows.join("\n")}

This page is made by \`npm run docs\` from \`src/config.ts\`.
`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : `\`${value.join(",")}\``;
  return `\`${String(value)}\``;
}

function escapePipes(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
