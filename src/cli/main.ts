#!/usr/bin/env node
import { Command } from "commander";
import { VERSION } from "../version.ts";
import { addApi } from "./api.ts";
import { reportFailure } from "./failure.ts";
import { addLogin } from "./login.ts";
import { explainFlags } from "./request-flags.ts";
import { addServe } from "./serve-command.ts";
import { addStoreCommands } from "./store-commands.ts";

const program = new Command("organization-service")
  .description("Self-hosted control plane for the enterprise sign-on of organizations.")
  .version(VERSION)
  .option("--json", "print results as JSON, for programs")
  .showHelpAfterError("(add --help for what is accepted)")
  .exitOverride();
addServe(program);
addStoreCommands(program);
addLogin(program);
addApi(program);
// Loaded for the help alone: every command starts faster without.
if (process.argv.some((word) => /^(-h|--help|help)$/.test(word))) {
  explainFlags(program, (await import("../docs/comments.ts")).COMMENTS);
}

// `… | head` closes the pipe early; that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
