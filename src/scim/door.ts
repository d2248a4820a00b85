import { getRequestListener } from "@hono/node-server";
import { errorBody, ScimError } from "../domain/provisioning/errors.ts";
import { answerText } from "../http/answers.ts";
import { type Door, pathPrefixes } from "../http/server.ts";
import { SCIM_JSON } from "./answers.ts";
import { createRoutes } from "./routes.ts";
import type { ScimDoorOptions } from "./state.ts";

/** Door 3: SCIM 2.0, where identity providers push users and groups. */
export function createScimDoor(options: ScimDoorOptions): Door {
  const routes = createRoutes(options);
  const listener = getRequestListener((request, env) => routes.fetch(request, env), {
    overrideGlobalObjects: false,
    hostname: "localhost",
  });
  return {
    name: "scim",
    match: pathPrefixes("/scim/v2/"),
    handle: (req, res) => listener(req, res),
    overloaded(_req, res) {
      res.setHeader("retry-after", "1");
      const error = new ScimError(503, "The server is busy: try again later.");
      answerText(res, 503, SCIM_JSON, JSON.stringify(errorBody(error)));
    },
  };
}
