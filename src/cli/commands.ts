import type { Command } from "commander";

/** Commands that are defined together, by their first words. */
interface Group {
  /** Undefined for the rest. */
  readonly words?: readonly string[];
  add(program: Command): Promise<void>;
}

/** In the order of the help. */
export const GROUPS: readonly Group[] = [
  { words: ["serve"], add: async (program) => (await import("./serve-command.ts")).addServe(program) },
  {
    words: ["migrate", "organization", "token", "secrets"],
    add: async (program) => (await import("./store-commands.ts")).addStoreCommands(program),
  },
  { words: ["login", "logout"], add: async (program) => (await import("./login.ts")).addLogin(program) },
  { add: async (program) => (await import("./api.ts")).addApi(program) },
];

/**
 * Adds the commands that the arguments can mean: those of the group that the first one names, or else all of them. A server
 * starts much faster without the commands of the api, and none of its memory goes to them.
 */
export async function addCommands(program: Command, words: readonly string[]): Promise<void> {
  const named = GROUPS.filter((group) => group.words?.includes(words[0] ?? ""));
  for (const group of named.length > 0 ? named : GROUPS) await group.add(program);
  // What the schema says of the flags is long, and for the help alone.
  if (words.some((each) => /^(-h|--help|help)$/.test(each))) {
    const [{ explainFlags }, { COMMENTS }] = await Promise.all([
      import("./request-flags.ts"),
      import("../docs/comments.ts"),
    ]);
    explainFlags(program, COMMENTS);
  }
}
