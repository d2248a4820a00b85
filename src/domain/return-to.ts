import { invalidField } from "../lib/errors.ts";
import type { Settings } from "./environment.ts";

/**
 * Refuses to send a browser anywhere but to this server's own origin and those that the operator lists (RFC 9700, section
 * 4.11: no open redirect).
 * @throws ServiceError `request_invalid`, for the field `return_to`.
 */
export function checkReturnTo(settings: Pick<Settings, "publicUrl" | "returnToAllowList">, returnTo: string): void {
  const origin = originOf(returnTo);
  const allowed = [settings.publicUrl, ...settings.returnToAllowList].map(originOf);
  if (origin !== undefined && allowed.includes(origin)) return;
  throw invalidField(
    "return_to",
    "return_to.origin",
    `leads to another origin: URLs under ${originOf(settings.publicUrl)} are accepted, and those that the operator lists`,
  );
}

/** Scheme, host and port of a web address; undefined for anything else. */
function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin, username, password } = new URL(url);
  if ((protocol !== "https:" && protocol !== "http:") || username !== "" || password !== "") return undefined;
  return origin;
}
