import { Resolver } from "node:dns/promises";

/** What DNS says about the TXT records of a name. Every failure is an answer: nothing is thrown. */
export type TxtAnswer =
  /** The texts, each one joined from its strings (RFC 7208, section 3.3, has the same rule). Never empty. */
  | { readonly kind: "records"; readonly records: readonly string[] }
  /** DNS knows that there is no such name, or no TXT record of it. */
  | { readonly kind: "not_found" }
  /** A server answered that it could not, or nonsense. `detail` is the resolver's code, such as `ESERVFAIL`. */
  | { readonly kind: "server_failure"; readonly detail: string }
  | { readonly kind: "timeout" };

/** Asks DNS. */
export interface TxtResolver {
  /** The TXT records of a name, now. */
  resolveTxt(name: string): Promise<TxtAnswer>;
}

/** How DNS is asked. */
export interface DnsOptions {
  /** Addresses of name servers, as `192.0.2.1`, `192.0.2.1:5353` or `[2001:db8::1]:53`; without them, the machine's own. */
  readonly servers?: readonly string[];
  /** Milliseconds for one answer, over all tries and servers. */
  readonly timeoutMs: number;
}

/** The resolver's own retries come within the whole time. */
const TRIES = 2;

/**
 * A resolver over the machine's name servers, or others. It keeps nothing: each call asks again (a name server in between
 * may keep answers for as long as the record's time to live says).
 * @throws TypeError when a server is no address.
 */
export function createTxtResolver({ servers, timeoutMs }: DnsOptions): TxtResolver {
  const create = () => {
    const resolver = new Resolver({ timeout: Math.max(1, Math.ceil(timeoutMs / TRIES)), tries: TRIES });
    if (servers && servers.length > 0) resolver.setServers(servers);
    return resolver;
  };
  create();

  return {
    async resolveTxt(name) {
      // One resolver per question, because only a whole resolver can be cancelled.
      const resolver = create();
      const timer = setTimeout(() => resolver.cancel(), timeoutMs);
      try {
        const records = (await resolver.resolveTxt(name)).map((strings) => strings.join(""));
        return records.length === 0 ? { kind: "not_found" } : { kind: "records", records };
      } catch (error) {
        return failure((error as { code?: unknown }).code);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** c-ares' codes (https://nodejs.org/api/dns.html#error-codes). */
function failure(code: unknown): TxtAnswer {
  switch (code) {
    case "ENOTFOUND":
    case "ENODATA":
      return { kind: "not_found" };
    case "ETIMEOUT":
    case "ECANCELLED":
      return { kind: "timeout" };
    default:
      return { kind: "server_failure", detail: String(code) };
  }
}
