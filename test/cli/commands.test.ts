import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addCommands, GROUPS } from "../../src/cli/commands.ts";

const names = (program: Command) => program.commands.map((command) => command.name());

async function commandsFor(...words: string[]): Promise<string[]> {
  const program = new Command();
  await addCommands(program, words);
  return names(program);
}

describe("commands", () => {
  it.each(GROUPS.flatMap((group) => (group.words ? [[group.words.join(", "), group] as const] : [])))(
    "%s are what their module adds",
    async (_, group) => {
      const program = new Command();
      await group.add(program);
      expect(names(program)).toEqual(group.words);
    },
  );

  it("are only those that the first word can mean", async () => {
    expect(await commandsFor("serve", "--port", "0")).toEqual(["serve"]);
    expect(await commandsFor("token", "create", "--help")).toEqual(["migrate", "organization", "token", "secrets"]);
  });

  it.each([[], ["--help"], ["help", "serve"], ["--json", "serve"], ["serv"], ["sso", "list"]])(
    "are all of them for %s %s",
    async (...words) => {
      const all = await commandsFor(...words.filter((word) => word !== undefined));
      expect(all).toEqual(expect.arrayContaining(["serve", "migrate", "token", "login", "sso", "call"]));
      expect(new Set(all).size).toBe(all.length);
    },
  );
});
