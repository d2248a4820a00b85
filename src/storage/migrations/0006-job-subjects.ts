import { type Kysely, sql } from "kysely";
import type { Dialect } from "../dialect.ts";

/** Runs of jobs that are about something of an organization, such as a warning about a configuration, go with it. */
export async function addJobSubjects(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  const organization = sql`references organizations (id) on delete cascade`;
  await sql`alter table job_runs add column organization_id ${text} ${organization}`.execute(db);
  await sql`alter table job_runs add column subject_id ${text}`.execute(db);
  await sql`create index job_runs_organization on job_runs (organization_id, subject_id)`.execute(db);
}
