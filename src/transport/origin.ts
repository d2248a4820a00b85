/**
 * The scheme and authority that a request was sent to, as the URL standard spells them.
 */

let lastScheme = "";
let lastAuthority: string | undefined;
let lastOrigin = "";

/**
 * `scheme://authority` with a default port and upper case removed. The last one is remembered, since nearly all
 * requests of a server name the same host.
 * @param authority the Host header or `:authority`; a request without one counts as sent to localhost
 */
export function originOf(scheme: "http" | "https", authority: string | undefined): string {
  if (scheme !== lastScheme || authority !== lastAuthority) {
    const text = `${scheme}://${authority ?? "localhost"}`;
    lastOrigin = URL.canParse(text) ? new URL(text).origin : `${scheme}://localhost`;
    lastScheme = scheme;
    lastAuthority = authority;
  }
  return lastOrigin;
}

const plainTarget = /^[!$%&()*+,\-./0-9:;=?@A-Z[\\\]^_`a-z{|}~]*$/;

/** `origin` and request target as one URL, percent-encoded where the URL standard asks for it. */
export function urlOf(origin: string, target: string): string {
  return plainTarget.test(target) ? origin + target : new URL(target, origin).toString();
}
