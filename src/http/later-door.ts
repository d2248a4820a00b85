import { later } from "../lib/later.ts";
import type { Door } from "./server.ts";

/** A door whose code is not there from the start: see {@link laterDoor}. */
export type LaterDoor = Door & {
  /** Loads what the first request would have to wait for. */
  readonly load: () => Promise<unknown>;
};

/** A door that its first request loads, unless {@link LaterDoor.load} has come before it. Later ones go straight on. */
export function laterDoor(door: Omit<Door, "handle">, loadHandler: () => Promise<Door["handle"]>): LaterDoor {
  const handler = later(loadHandler);
  return {
    ...door,
    load: handler.get,
    handle(req, res) {
      return handler.made ? handler.made(req, res) : handler.get().then((handle) => handle(req, res));
    },
  };
}
