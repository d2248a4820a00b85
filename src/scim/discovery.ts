import {
  findDocument,
  resourceTypeDocuments,
  type ScimLimits,
  schemaDocuments,
  serviceProviderConfig,
} from "../domain/provisioning/discovery.ts";
import { ScimError } from "../domain/provisioning/errors.ts";
import { CURSOR_TIMEOUT_SECONDS, PAGE_SIZES } from "../domain/provisioning/lists.ts";
import { listResponse } from "../domain/provisioning/paging.ts";
import { answer } from "./answers.ts";
import type { ScimContext, ScimDoorOptions } from "./state.ts";

/** Operations in one bulk request. */
export const BULK_OPERATIONS = 1000;

/** What the service keeps to, and therefore advertises. */
export function limitsOf({ maxBodyBytes }: ScimDoorOptions): ScimLimits {
  return {
    bulkOperations: BULK_OPERATIONS,
    bulkPayloadBytes: maxBodyBytes,
    maxPageSize: PAGE_SIZES.max,
    defaultPageSize: PAGE_SIZES.default,
    cursorTimeoutSeconds: CURSOR_TIMEOUT_SECONDS,
  };
}

/** The discovery documents over HTTP (RFC 7644, section 4). */
export function discoveryHandlers(options: ScimDoorOptions) {
  const limits = limitsOf(options);
  return {
    serviceProviderConfig(c: ScimContext): Response {
      refuseFilter(c);
      return answer(200, serviceProviderConfig(limits, c.get("session").baseUrl));
    },
    resourceTypes: (c: ScimContext): Response => list(c, resourceTypeDocuments(c.get("session").baseUrl)),
    resourceType: (c: ScimContext): Response => one(c, resourceTypeDocuments(c.get("session").baseUrl)),
    schemas: (c: ScimContext): Response => list(c, schemaDocuments(c.get("session").baseUrl)),
    schema: (c: ScimContext): Response => one(c, schemaDocuments(c.get("session").baseUrl)),
  };
}

type Documents = ReturnType<typeof schemaDocuments>;

function list(c: ScimContext, documents: Documents): Response {
  refuseFilter(c);
  return answer(200, listResponse(documents, { totalResults: documents.length, startIndex: 1 }));
}

function one(c: ScimContext, documents: Documents): Response {
  refuseFilter(c);
  const document = findDocument(documents, c.req.param("id") ?? "");
  if (!document) throw new ScimError(404, "There is no such document: the list shows those that there are.");
  return answer(200, document);
}

function refuseFilter(c: ScimContext): void {
  if (c.req.query("filter") !== undefined) throw new ScimError(403, "Discovery documents cannot be filtered.");
}
