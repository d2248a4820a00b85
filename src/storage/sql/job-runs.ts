import type { Kysely } from "kysely";
import type { JobRunStore } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class JobRunSqlStore implements JobRunStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async claim(name: string, now: number, interval: number): Promise<boolean> {
    const row = await this.#db
      .insertInto("job_runs")
      .values({ name, started_at: now })
      .onConflict((conflict) =>
        conflict
          .column("name")
          .doUpdateSet({ started_at: now })
          .where("job_runs.started_at", "<=", now - interval),
      )
      .returning("name")
      .executeTakeFirst();
    return row !== undefined;
  }
}
