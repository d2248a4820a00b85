// Everything that can be said about the schema without running it. Run it with `npm run proto:check`.
//
//   --update-baseline   first replaces the image that `buf breaking` compares with: only for a release, or for a
//                       change that is meant to break clients and says so in the changelog
import { join } from "node:path";
import { buf, root, withGenerated } from "./buf.ts";
import { compareTrees } from "./trees.ts";
import { vendorProtos } from "./vendor-proto.ts";

const baseline = "test/contract/baseline.binpb";

/** A check that ran to its end; `advice` says what to do when it did not pass. */
type Check = { name: string; advice: string; run: () => boolean };

const checks: Check[] = [
  { name: "lint", advice: "Follow the rule that buf names, without an exception.", run: () => buf("lint") },
  {
    name: "format",
    advice: "Run `npx buf format --write proto`.",
    run: () => buf("format", "proto", "--diff", "--exit-code"),
  },
  {
    name: "breaking",
    advice: "Clients in the field depend on what was changed: add beside it instead.",
    run: () => buf("breaking", "proto", "--against", baseline),
  },
  { name: "generated code", advice: "Run `npm run generate` and commit gen/.", run: generatedIsCurrent },
];

function generatedIsCurrent(): boolean {
  const differences = withGenerated((folder) => compareTrees(folder, join(root, "gen")));
  for (const { path, kind } of differences) console.error(`gen/${path} is ${kind}`);
  return differences.length === 0;
}

function updateBaseline(): boolean {
  return buf("build", "proto", "--exclude-source-info", "--output", baseline);
}

vendorProtos();
if (process.argv.includes("--update-baseline") && !updateBaseline()) process.exit(1);

const failed = checks.filter((check) => !check.run());
for (const { name, advice } of failed) console.error(`Failed: ${name}. ${advice}`);
if (failed.length > 0) process.exit(1);
console.log(`Passed: ${checks.map((check) => check.name).join(", ")}.`);
