import { Hono } from "hono";
import { GROUP, USER } from "../domain/provisioning/attributes.ts";
import { ScimError } from "../domain/provisioning/errors.ts";
import { ALL_TYPES } from "../domain/provisioning/lists.ts";
import { answerError } from "./answers.ts";
import { authenticate } from "./authenticate.ts";
import { bulkHandler } from "./bulk.ts";
import { discoveryHandlers } from "./discovery.ts";
import { listHandler, resourceHandlers, searchHandler } from "./resources.ts";
import type { ScimDoorOptions, ScimEnv } from "./state.ts";

/** Every route of the SCIM service (RFC 7644, section 3.2), below the base URL of a configuration. */
export function createRoutes(options: ScimDoorOptions): Hono<ScimEnv> {
  const app = new Hono<ScimEnv>({ strict: false }).basePath("/scim/v2/:configuration");
  app.use("*", authenticate(options));

  const discovery = discoveryHandlers(options);
  app.get("/ServiceProviderConfig", discovery.serviceProviderConfig);
  app.get("/ResourceTypes", discovery.resourceTypes);
  app.get("/ResourceTypes/:id", discovery.resourceType);
  app.get("/Schemas", discovery.schemas);
  app.get("/Schemas/:id", discovery.schema);

  for (const type of [USER, GROUP]) {
    const resources = resourceHandlers(options, type);
    const path = type.endpoint;
    app.get(path, resources.list);
    app.post(path, resources.create);
    app.post(`${path}/.search`, resources.search);
    app.get(`${path}/:id`, resources.read);
    app.put(`${path}/:id`, resources.replace);
    app.patch(`${path}/:id`, resources.patch);
    app.delete(`${path}/:id`, resources.delete);
    refuseOthers(app, path, "GET, POST");
    refuseOthers(app, `${path}/.search`, "POST");
    refuseOthers(app, `${path}/:id`, "GET, PUT, PATCH, DELETE");
  }

  app.get("/", listHandler(options, ALL_TYPES));
  app.post("/.search", searchHandler(options, ALL_TYPES));
  app.post("/Bulk", bulkHandler(options));
  app.all("/Me", () => {
    throw new ScimError(501, "There is no /Me: the token belongs to a directory and not to a user.");
  });
  for (const path of ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/:id", "/Schemas", "/Schemas/:id"]) {
    refuseOthers(app, path, "GET");
  }
  refuseOthers(app, "/", "GET");
  refuseOthers(app, "/.search", "POST");
  refuseOthers(app, "/Bulk", "POST");
  app.all("*", () => {
    throw new ScimError(404, "There is nothing at this path: ResourceTypes lists the endpoints that there are.");
  });
  app.onError((error, c) => answerError(error, c));
  return app;
}

function refuseOthers(app: Hono<ScimEnv>, path: string, allowed: string): void {
  app.all(path, (c) => answerError(new ScimError(405, `This path takes ${allowed}.`), c, { allow: allowed }));
}
