import { type Command, Option } from "commander";
import { SETTINGS, type Setting } from "../config.ts";

/** Adds `serve`, with a flag for every setting that is no secret. */
export function addServe(program: Command): void {
  const command = program
    .command("serve")
    .description("Start the server. Without any setting it listens on port 8080 and stores in ./data.")
    .addHelpText("after", SECRETS_HELP);
  for (const setting of Object.values(SETTINGS) as Setting<unknown>[]) {
    if (setting.secret) continue;
    command.addOption(new Option(`${flagOf(setting.key)} <value>`, describe(setting)));
  }
  command.action(async (flags: Record<string, string>) => {
    const { serve } = await import("./serve.ts");
    await serve(withFlags(process.env, flags));
  });
}

/** `PUBLIC_URL` → `--public-url`. */
function flagOf(key: string): string {
  return `--${key.toLowerCase().replaceAll("_", "-")}`;
}

function describe({ key, meaning, default: fallback, defaultText }: Setting<unknown>): string {
  const shown = defaultText ?? (Array.isArray(fallback) ? fallback.join(",") || "none" : String(fallback));
  return `${meaning} (default: ${shown}; env: ${key})`;
}

const SECRETS_HELP = `
Settings that are secret come from the environment alone, because other users of the machine see command lines:
${(Object.values(SETTINGS) as Setting<unknown>[])
  .filter((setting) => setting.secret)
  .map((setting) => `  ${setting.key}  ${setting.meaning} (default: ${setting.defaultText})`)
  .join("\n")}`;

/** Flags win over the environment. */
function withFlags(
  env: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const merged = { ...env };
  for (const { key } of Object.values(SETTINGS)) {
    const name = key.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    if (flags[name] !== undefined) merged[key] = flags[name];
  }
  return merged;
}
