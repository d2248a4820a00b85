import type { HttpBindings } from "@hono/node-server";
import type { Domain } from "../domain/domain.ts";
import { type LaterDoor, laterDoor } from "../http/later-door.ts";
import type { Door } from "../http/server.ts";
import type { Clock } from "../lib/clock.ts";

/** What the door needs. */
export interface AuthDoorOptions {
  readonly domain: Domain;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly returnToAllowList: readonly string[];
  readonly sessionLifetimeMs: number;
  /** Sign-ins that one address may begin or finish in a minute. */
  readonly signInsPerMinute: number;
}

/**
 * The sign-in door: pages for people, made on the server, without script. No page loads anything, is kept by a cache, stands
 * in a frame, or tells another website where the person came from.
 */
export function createAuthDoor(options: AuthDoorOptions): LaterDoor {
  const door = {
    name: "auth",
    match: (path: string) => path === "/auth" || path.startsWith("/auth/"),
  };
  return laterDoor(door, async () => {
    const [{ getRequestListener }, { createRoutes }] = await Promise.all([
      import("@hono/node-server"),
      import("./routes.ts"),
    ]);
    const answer = createRoutes(options);
    return getRequestListener((request, env) => answer(request, env as HttpBindings), {
      overrideGlobalObjects: false,
    }) as Door["handle"];
  });
}
