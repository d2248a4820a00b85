import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Dialect } from "../dialect.ts";
import { createConfigurations } from "./0001-configurations.ts";
import { createPeople } from "./0002-people.ts";
import { createOrganizationNouns } from "./0003-organization.ts";
import { createSignIn } from "./0004-sign-in.ts";
import { createScim } from "./0005-scim.ts";
import { addJobSubjects } from "./0006-job-subjects.ts";

/** One step of the schema. Released steps never change; a change of mind is a new step. */
export type Step = (db: Kysely<unknown>, dialect: Dialect) => Promise<void>;

/** Every step, in order. Names sort as they run. */
const STEPS: Readonly<Record<string, Step>> = {
  "0001-configurations": createConfigurations,
  "0002-people": createPeople,
  "0003-organization": createOrganizationNouns,
  "0004-sign-in": createSignIn,
  "0005-scim": createScim,
  "0006-job-subjects": addJobSubjects,
};

/** The steps as Kysely's migrator takes them. There is no way down: restore a backup. */
export function migrations(dialect: Dialect): Record<string, Migration> {
  return Object.fromEntries(Object.entries(STEPS).map(([name, up]) => [name, { up: (db) => up(db, dialect) }]));
}
