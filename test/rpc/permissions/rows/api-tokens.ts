import type { CallerName, World } from "../world.ts";
import { personOf, SYSTEM } from "./people.ts";
import type { Rows } from "./row.ts";

/** Makes a token that the caller may look after, and returns its id. */
async function makeToken(world: World, caller: CallerName): Promise<string> {
  const { userId } = await personOf(world, caller);
  const input = { description: "of a test", readOnly: false };
  return (await world.server.app.domain.apiTokens.createForUser(SYSTEM, userId, input)).record.id;
}

export const apiTokenRows: Rows = {
  CreatePersonalAccessToken: {
    caller: "user",
    access: "write",
    request: async (world, caller) => ({ userId: (await personOf(world, caller)).userId, readOnly: true }),
    outcomes: { operator: "person_required" },
  },
  GetPersonalAccessToken: {
    caller: "user",
    access: "read",
    request: async (world, caller) => ({ personalAccessTokenId: await makeToken(world, caller) }),
  },
  ListPersonalAccessTokens: {
    caller: "user",
    access: "read",
    request: () => ({}),
    // The list is of the caller's organization.
    outcomes: { "admin of another organization": "ok" },
  },
  DeletePersonalAccessToken: {
    caller: "user",
    access: "write",
    request: async (world, caller) => ({ personalAccessTokenId: await makeToken(world, caller) }),
  },
};
