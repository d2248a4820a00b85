import { badRequest, ScimError } from "../domain/provisioning/errors.ts";
import type { ScimContext, ScimDoorOptions } from "./state.ts";

const TYPES: ReadonlySet<string> = new Set(["application/scim+json", "application/json"]);

/**
 * Reads the JSON body of a request (RFC 7644, section 3.1). A body without a content type is taken for JSON.
 * @throws ScimError 413, 415, or `invalidSyntax`.
 */
export async function readBody(c: ScimContext, { maxBodyBytes }: ScimDoorOptions): Promise<unknown> {
  requireJson(c);
  const text = decode(await readBytes(c, maxBodyBytes));
  const note = c.get("note");
  try {
    note.body = JSON.parse(text);
  } catch {
    throw badRequest("invalidSyntax", "The body is no JSON.");
  }
  return note.body;
}

function requireJson(c: ScimContext): void {
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "" && !TYPES.has(type)) throw new ScimError(415, "A body is application/scim+json or application/json.");
  const encoding = (c.req.header("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding !== "identity") throw new ScimError(415, "A body comes without a content encoding.");
}

async function readBytes(c: ScimContext, limit: number): Promise<Buffer> {
  const tooLarge = () => new ScimError(413, `A request has at most ${limit} bytes; send it in several.`);
  if (Number(c.req.header("content-length") ?? 0) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw badRequest("invalidSyntax", "The body is no UTF-8 text.");
  }
}
