import type { MiddlewareHandler } from "hono";
import { requestRecord } from "../http/record.ts";
import { newNote, type ScimContext, type ScimDoorOptions, type ScimEnv } from "./state.ts";

/**
 * Lets in who has the configuration's token, before anything of the request is read, and notes in the request log how the
 * request ended. A stranger's request is not logged there: it could be anybody's.
 */
export function authenticate({ provisioning }: ScimDoorOptions): MiddlewareHandler<ScimEnv> {
  return async (c, next) => {
    const record = requestRecord(c.env.incoming);
    const configurationId = c.req.param("configuration") ?? "";
    record.fields.scimConfiguration = configurationId.slice(0, 64);
    const session = await provisioning.authenticate(configurationId, bearerToken(c), record.id);
    record.fields.organization = session.configuration.organizationId;
    c.set("session", session);
    c.set("note", newNote());
    c.set("startedAt", performance.now());
    provisioning.takeRate(session);
    await next();
    writeLog(c, { provisioning });
  };
}

function bearerToken(c: ScimContext): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

function writeLog(c: ScimContext, { provisioning }: Pick<ScimDoorOptions, "provisioning">): void {
  const note = c.get("note");
  const { scimType = "", detail = "" } = c.get("failure") ?? {};
  const url = new URL(c.req.url);
  const path = url.pathname.split("/").slice(4).join("/");
  if (note.normalizations.length > 0) requestRecord(c.env.incoming).fields.normalizations = note.normalizations;
  provisioning.log(c.get("session"), {
    ...note,
    method: c.req.method,
    path: `/${path}`,
    query: url.search.slice(1),
    userAgent: c.req.header("user-agent") ?? "",
    status: c.res.status,
    scimType,
    detail,
    durationMs: Math.round((performance.now() - c.get("startedAt")) * 1000) / 1000,
  });
}
