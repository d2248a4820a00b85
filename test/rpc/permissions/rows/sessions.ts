import { openSession } from "../../../../src/domain/sessions.ts";
import { EVERY_ORGANIZATION } from "../../../../src/storage/storage.ts";
import type { CallerName, World } from "../world.ts";
import { personOf } from "./people.ts";
import type { Rows } from "./row.ts";
import { makeSsoConfiguration } from "./sso-configurations.ts";

/** Signs in somebody whom the caller may look after. */
async function makeSession(world: World, caller: CallerName) {
  const { userId } = await personOf(world, caller);
  const ssoConfigurationId = await makeSsoConfiguration(world);
  const { storage, app } = world.server;
  const { session } = await storage.write(async (records) => {
    const user = await records.users.lock(EVERY_ORGANIZATION, userId);
    if (!user) throw new Error(`there is no user ${userId}`);
    return openSession(app.environment, records, user, ssoConfigurationId, {
      userAgent: "test",
      ipAddress: "127.0.0.1",
    });
  });
  return { sessionId: session.id, userId, ssoConfigurationId };
}

export const sessionRows: Rows = {
  ListSessions: {
    caller: "user",
    access: "read",
    request: async (world, caller) => ({ userId: (await makeSession(world, caller)).userId }),
  },
  RevokeSession: {
    caller: "user",
    access: "write",
    request: async (world, caller) => ({ sessionId: (await makeSession(world, caller)).sessionId }),
  },
  RevokeUserSessions: {
    caller: "user",
    access: "write",
    request: async (world, caller) => ({ userId: (await makeSession(world, caller)).userId }),
  },
  RevokeConfigurationSessions: {
    caller: "admin",
    access: "write",
    request: async (world, caller) => ({ ssoConfigurationId: (await makeSession(world, caller)).ssoConfigurationId }),
  },
};
