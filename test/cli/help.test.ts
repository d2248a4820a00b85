import { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { addApi } from "../../src/cli/api.ts";
import { API_COMMANDS } from "../../src/cli/api-commands.ts";
import { explainFlags } from "../../src/cli/request-flags.ts";
import { addServe } from "../../src/cli/serve-command.ts";
import { addStoreCommands } from "../../src/cli/store-commands.ts";
import { SERVICES } from "../../src/client/services.ts";
import { SETTINGS, type Setting } from "../../src/config.ts";
import { COMMENTS } from "../../src/docs/comments.ts";
import { run } from "../support/process.ts";

const program = new Command("organization-service").configureOutput({ getOutHelpWidth: () => 500 });
addServe(program);
addStoreCommands(program);
addApi(program);
explainFlags(program, COMMENTS);

/** Every command that does something, with the words that lead to it. */
function leaves(command: Command, path: readonly string[] = []): [path: string, command: Command][] {
  const children = command.commands.filter((child) => child.name() !== "help");
  if (children.length === 0) return [[path.join(" "), command]];
  return children.flatMap((child) => leaves(child, [...path, child.name()]));
}

const kebab = (name: string) => name.replaceAll("_", "-");
const settings = Object.values(SETTINGS) as Setting<unknown>[];

/** Methods without a command of their own: of sign-in pages, of programs, or that somebody else than a member calls. */
const BY_CALL = [
  "AccountService/GetSSOLoginURL",
  "AccountService/ListLoginProviders",
  "AccountService/ListSSOLogins",
  "GroupService/GetMembership",
  "IdentityService/ExchangeToken",
  "IdentityService/GetIDToken",
  "OrganizationService/CreateOrganization",
  "OrganizationService/SetStripeCustomerID",
  "UserService/DeleteUser",
  "UserService/GetPersonalAccessToken",
  "UserService/GetUser",
];

describe("--help", () => {
  it.each(leaves(program))("of %s says what it does and what it takes", (_, command) => {
    let help = "";
    command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 500 });
    command.outputHelp();
    expect(command.description()).not.toBe("");
    expect(help).toContain(command.description());
    for (const option of command.options) {
      expect(help).toContain(option.flags);
      expect(option.description, option.flags).not.toBe("");
    }
    for (const argument of command.registeredArguments) expect(help).toContain(argument.name());
  });

  it("of serve names every setting, and keeps secrets to the environment", () => {
    const serve = program.commands.find((command) => command.name() === "serve") as Command;
    let help = "";
    serve.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 500 });
    serve.outputHelp();
    for (const { key, meaning, secret } of settings) {
      expect(help).toContain(key);
      expect(help).toContain(meaning);
      expect(help.includes(`--${kebab(key.toLowerCase())} `)).toBe(secret !== true);
    }
  });
});

describe("commands on the api", () => {
  it.each(API_COMMANDS.map((command) => [command.path.join(" "), command] as const))(
    "%s takes every field of its request",
    (path, { method, argument }) => {
      const [, command] = leaves(program).find(([each]) => each === path) as [string, Command];
      const flags = new Set(command.options.map((option) => option.long));
      const fields = method.input.fields.flatMap((field) =>
        field.name === "filter" && field.message ? field.message.fields : [field],
      );
      for (const { name } of fields) {
        if (name === argument || name === "pagination" || name === "organization_id") continue;
        expect([`--${kebab(name)}`, `--${kebab(name)}-file`].some((flag) => flags.has(flag)) ? name : flags).toBe(name);
      }
    },
  );

  it("are there for every method that answers once, except those that `call` alone reaches", () => {
    const covered = new Set(API_COMMANDS.map(({ method }) => `${method.parent.name}/${method.name}`));
    const methods = Object.values(SERVICES)
      .flatMap((service) => service.methods)
      .filter(({ methodKind }) => methodKind === "unary")
      .map((method) => `${method.parent.name}/${method.name}`);
    expect(methods.filter((method) => !covered.has(method)).sort()).toEqual(BY_CALL);
  });
});

describe("the command itself", () => {
  let help: string;

  beforeAll(async () => {
    const { code, stdout, stderr } = await run(["--help"], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    help = stdout;
  });

  it("lists its commands", () => {
    for (const command of program.commands) expect(help).toMatch(new RegExp(`^  ${command.name()}\\b`, "m"));
  });

  it("says of the flags of a command what the schema says of their fields", async () => {
    const { stdout } = await run(["sso", "update", "--help"], {});
    const words = stdout.replaceAll(/\s+/g, " ");
    expect(words).toContain("--state <value> whether people can sign in through the provider. (inactive or active)");
    expect(words).toContain("--clear-additional-scopes empty the list");
    expect(words).not.toContain("_UNSPECIFIED");
  });

  it("says its version", async () => {
    const { code, stdout } = await run(["--version"], {});
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it("ends with 2 and its help when nothing is asked", async () => {
    expect(await run([], {})).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Commands:") });
  });
});
