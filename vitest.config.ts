import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute or so: one of them that begins last has the whole run wait for it. */
const LONG = [
  "rpc/permissions",
  "transport/differential",
  "storage/conformance",
  "package/package",
  "rpc/fuzz",
  "rpc/events",
  "storage/member-plans",
  "cli/store-commands",
  "cli/api-commands",
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((name) => moduleId.endsWith(`/test/${name}.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    // One more than the processors of the smallest machine: many tests wait for processes, browsers and databases.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A second, which it is otherwise, is not much on a busy machine.
    expect: { poll: { timeout: 15_000 } },
  },
});
