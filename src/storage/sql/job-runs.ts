import type { Kysely } from "kysely";
import type { JobRunStore, JobSubject } from "../storage.ts";
import type { Tables } from "./schema.ts";

export class JobRunSqlStore implements JobRunStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async claim(name: string, now: number, interval: number, subject?: JobSubject): Promise<boolean> {
    const about = { organization_id: subject?.organizationId ?? null, subject_id: subject?.subjectId ?? null };
    const row = await this.#db
      .insertInto("job_runs")
      .values({ name, started_at: now, ...about })
      .onConflict((conflict) =>
        conflict
          .column("name")
          .doUpdateSet({ started_at: now, ...about })
          .where("job_runs.started_at", "<=", now - interval),
      )
      .returning("name")
      .executeTakeFirst();
    return row !== undefined;
  }

  async deleteOf({ organizationId, subjectId }: JobSubject): Promise<void> {
    await this.#db
      .deleteFrom("job_runs")
      .where("organization_id", "=", organizationId)
      .where("subject_id", "=", subjectId)
      .execute();
  }
}
