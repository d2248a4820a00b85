import { deepStrictEqual } from "node:assert/strict";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";
import { walk } from "./cases/pages.ts";
import { startChild } from "./children/child.ts";
import { newAccount, newOrganization } from "./records.ts";

/** Acknowledgements after which the writer is killed, round by round. */
const ROUNDS = [1, 40, 100];

describe.each(ENGINES)("durability of %s", (engine) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase(engine);
  });
  afterAll(() => database.drop());

  it("keeps every acknowledged transaction, and each one whole or not at all, when the process is killed", async () => {
    const acknowledged: string[] = [];
    for (const round of ROUNDS) {
      const enough = acknowledged.length + round;
      const writer = startChild("writer.ts", database.location, (id) => {
        acknowledged.push(id);
        if (acknowledged.length === enough) writer.kill();
      });
      expect(await writer.ended).toEqual({ code: null, errors: "" });
      expect(acknowledged.length).toBeGreaterThanOrEqual(enough);

      const storage = await database.open();
      for (const id of acknowledged) {
        deepStrictEqual(await storage.read.organizations.get(id), newOrganization({ id }));
      }
      for (const { id } of await walk((page) => storage.read.organizations.list(page), 100)) {
        deepStrictEqual(await storage.read.accounts.get(id), newAccount({ id, organizationId: id }));
      }
      await storage.close();
    }
    if (engine === "sqlite") {
      expect(await database.execute("pragma integrity_check")).toEqual([{ integrity_check: "ok" }]);
    }
  });
});
