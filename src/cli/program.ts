import { Command } from "commander";
import { VERSION } from "../version.ts";
import { addCommands } from "./commands.ts";

/** Does what the words of the command line say. Failures are printed, and in the exit code. */
export async function run(words: readonly string[]): Promise<void> {
  // `… | head` closes the pipe early; that is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const program = new Command("organization-service")
    .description("Self-hosted control plane for the enterprise sign-on of organizations.")
    .version(VERSION)
    .option("--json", "print results as JSON, for programs")
    .showHelpAfterError("(add --help for what is accepted)")
    .exitOverride();
  try {
    await addCommands(program, words);
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    process.exitCode = (await import("./failure.ts")).reportFailure(error);
  }
}
