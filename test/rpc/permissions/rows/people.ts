import type { Context } from "../../../../src/domain/principals.ts";
import type { TestUser } from "../../../support/server.ts";
import type { CallerName, World } from "../world.ts";

/** What a test prepares, it does as the service itself. */
export const SYSTEM: Context = { caller: { kind: "system" }, requestId: "test", action: "test.setup" };

/** Callers who are somebody in the world's organization. */
const OWN: ReadonlySet<CallerName> = new Set(["member", "admin", "read-only admin"]);

/** The caller, if it is somebody in the world's organization, otherwise its owner. */
export async function personOf(world: World, caller: CallerName): Promise<TestUser> {
  return OWN.has(caller) ? world.userOf(caller) : world.owner;
}
