/**
 * The scheme and authority that a request was sent to, as the URL standard spells them.
 */

let lastKey = "";
let lastOrigin = "";

/**
 * `scheme://authority` with a default port and upper case removed. The last one is remembered, since nearly all
 * requests of a server name the same host.
 * @param authority the Host header or `:authority`; a request without one counts as sent to localhost
 */
export function originOf(scheme: "http" | "https", authority: string | undefined): string {
  const key = `${scheme}://${authority ?? "localhost"}`;
  if (key !== lastKey) {
    lastOrigin = URL.canParse(key) ? new URL(key).origin : `${scheme}://localhost`;
    lastKey = key;
  }
  return lastOrigin;
}

const plainTarget = /^[!$%&()*+,\-./0-9:;=?@A-Z[\\\]^_`a-z{|}~]*$/;

/** `origin` and request target as one URL, percent-encoded where the URL standard asks for it. */
export function urlOf(origin: string, target: string): string {
  const plain = origin + target;
  return plainTarget.test(target) ? plain : new URL(target, origin).toString();
}
