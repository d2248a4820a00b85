import { type CreatedApiToken, insertApiToken } from "./api-tokens.ts";
import type { Environment } from "./environment.ts";
import { insertOrganization, type Organization } from "./organizations.ts";
import type { Context } from "./principals.ts";
import { insertPerson, type User } from "./users.ts";

/** What an empty store was given. */
export interface FirstStart {
  readonly organization: Organization;
  readonly admin: User;
  readonly apiToken: CreatedApiToken;
}

/**
 * Gives an empty store an organization, an admin and an api token of 90 days, so that the first call can be made at once.
 * Does nothing when any organization exists. Of several processes that start at once on one store, one does it.
 */
export async function runFirstStart(environment: Environment): Promise<FirstStart | undefined> {
  const context: Context = { caller: { kind: "system" }, requestId: "first-start", action: "first_start" };
  return environment.storage.write(async (records) => {
    await records.locks.hold("first start");
    if ((await records.organizations.list({ limit: 1 })).items.length > 0) return undefined;
    const organization = await insertOrganization(environment, records, context, {
      name: "My organization",
      inviteDomains: [],
    });
    const admin = await insertPerson(environment, records, context, {
      organizationId: organization.id,
      name: "Admin",
      email: "admin@localhost",
      role: "admin",
      loginProvider: "custom",
    });
    const apiToken = await insertApiToken(environment, records, context, admin, {
      description: "first start",
      readOnly: false,
    });
    return { organization, admin, apiToken };
  });
}
