import { errorBody, ScimError } from "../domain/provisioning/errors.ts";
import { answerText } from "../http/answers.ts";
import { type LaterDoor, laterDoor } from "../http/later-door.ts";
import { pathPrefixes } from "../http/server.ts";
import { SCIM_JSON } from "./answers.ts";
import type { ScimDoorOptions } from "./state.ts";

/** Door 3: SCIM 2.0, where identity providers push users and groups. */
export function createScimDoor(options: ScimDoorOptions): LaterDoor {
  const door: Parameters<typeof laterDoor>[0] = {
    name: "scim",
    match: pathPrefixes("/scim/v2/"),
    overloaded(_req, res) {
      res.setHeader("retry-after", "1");
      const error = new ScimError(503, "The server is busy: try again later.");
      answerText(res, 503, SCIM_JSON, JSON.stringify(errorBody(error)));
    },
  };
  return laterDoor(door, async () => {
    const [{ getRequestListener }, { createRoutes }] = await Promise.all([
      import("@hono/node-server"),
      import("./routes.ts"),
    ]);
    const routes = createRoutes(options);
    return getRequestListener((request, env) => routes.fetch(request, env), {
      overrideGlobalObjects: false,
      hostname: "localhost",
    });
  });
}
