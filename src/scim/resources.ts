import type { ResourceType } from "../domain/provisioning/attribute.ts";
import type { ScimResult } from "../domain/provisioning/changes.ts";
import { badRequest } from "../domain/provisioning/errors.ts";
import type { ListParameters } from "../domain/provisioning/lists.ts";
import type { ScimOperation } from "../domain/provisioning/operations.ts";
import { parseSelection } from "../domain/provisioning/projection.ts";
import { getFolded, isObject } from "../domain/provisioning/values.ts";
import { entityTag, namesVersion } from "../domain/provisioning/version.ts";
import { answer, answerNothing } from "./answers.ts";
import { readBody } from "./bodies.ts";
import type { ScimContext, ScimDoorOptions } from "./state.ts";

/** Users and groups over HTTP (RFC 7644, section 3): request in, one domain call, answer out. */
export function resourceHandlers(options: ScimDoorOptions, type: ResourceType) {
  const { provisioning } = options;

  async function change(c: ScimContext, method: ScimOperation["method"], shown: boolean): Promise<ScimResult> {
    const data = method === "DELETE" ? undefined : await readBody(c, options);
    const selection = shown ? selectionOf(c, type) : undefined;
    const ifMatch = c.req.header("if-match");
    const operation = { method, type, id: c.req.param("id"), data, ifMatch };
    const result = await provisioning.change(c.get("session"), operation, selection);
    Object.assign(c.get("note"), noteOf(result));
    return result;
  }

  return {
    async create(c: ScimContext): Promise<Response> {
      const { body, id, version } = await change(c, "POST", true);
      const location = `${c.get("session").baseUrl}${type.endpoint}/${id}`;
      return answer(201, body, { location, etag: entityTag(version) });
    },

    async read(c: ScimContext): Promise<Response> {
      const { version, body } = await provisioning.get(
        c.get("session"),
        type,
        c.req.param("id") ?? "",
        selectionOf(c, type),
      );
      const etag = entityTag(version);
      const known = c.req.header("if-none-match");
      if (known !== undefined && namesVersion(known, version)) return answerNothing(304, { etag });
      return answer(200, body, { etag });
    },

    async replace(c: ScimContext): Promise<Response> {
      const { body, version } = await change(c, "PUT", true);
      return answer(200, body, { etag: entityTag(version) });
    },

    /** Groups can have very many members, so that a PATCH answers with one only when it is asked which part to show. */
    async patch(c: ScimContext): Promise<Response> {
      const asked = c.req.query("attributes") ?? c.req.query("excludedAttributes");
      const { body, version } = await change(c, "PATCH", type.name === "User" || asked !== undefined);
      const etag = entityTag(version);
      return body ? answer(200, body, { etag }) : answerNothing(204, { etag });
    },

    async delete(c: ScimContext): Promise<Response> {
      await change(c, "DELETE", false);
      return answerNothing(204);
    },

    list: (c: ScimContext) => listHandler(options, [type])(c),
    search: (c: ScimContext) => searchHandler(options, [type])(c),
  };
}

/** A list by a query string (RFC 7644, section 3.4.2). */
export function listHandler({ provisioning }: ScimDoorOptions, types: readonly ResourceType[]) {
  return async (c: ScimContext): Promise<Response> => {
    const { body, normalizations } = await provisioning.list(c.get("session"), types, c.req.query() as ListParameters);
    c.get("note").normalizations = normalizations;
    return answer(200, body);
  };
}

/** A list by a body (RFC 7644, section 3.4.3). */
export function searchHandler(options: ScimDoorOptions, types: readonly ResourceType[]) {
  return async (c: ScimContext): Promise<Response> => {
    const body = await readBody(c, options);
    if (!isObject(body)) throw badRequest("invalidSyntax", "The body is a JSON object with a search request.");
    const parameters = Object.fromEntries(SEARCH_PARAMETERS.map((name) => [name, getFolded(body, name)]));
    const found = await options.provisioning.list(c.get("session"), types, parameters);
    c.get("note").normalizations = found.normalizations;
    return answer(200, found.body);
  };
}

const SEARCH_PARAMETERS: readonly (keyof ListParameters)[] = [
  "filter",
  "sortBy",
  "sortOrder",
  "startIndex",
  "count",
  "cursor",
  "attributes",
  "excludedAttributes",
];

/** What of a result goes into the request log. */
export function noteOf({ type, id, normalizations, before, after, changed }: ScimResult) {
  const resources = changed ? { before, after } : { before: undefined, after: undefined };
  return { normalizations, resourceType: type.name, resourceId: id, ...resources };
}

function selectionOf(c: ScimContext, type: ResourceType) {
  return parseSelection(type, {
    attributes: c.req.query("attributes"),
    excludedAttributes: c.req.query("excludedAttributes"),
  });
}
