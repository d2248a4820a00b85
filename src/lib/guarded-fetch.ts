import { lookup as lookupByDns } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Agent, buildConnector } from "undici";
import { literalAddress } from "./addresses.ts";
import { later } from "./later.ts";
import { createNetworkPolicy, type NetworkPolicy, type NetworkSettings } from "./network-policy.ts";

/**
 * Why a fetch came to nothing: the URL is malformed or carries credentials; its scheme is not allowed; its address is not; the
 * name has no address; the certificate is not trusted; the connection failed; it took too long; the answer was a redirect, or too large.
 */
export type FetchRefusal =
  | "url"
  | "scheme"
  | "address"
  | "dns"
  | "tls"
  | "network"
  | "timeout"
  | "redirect"
  | "too_large";

/** Raised by a guarded fetch. The message names the host, never the path or the query: they may hold secrets. */
export class FetchRefusedError extends Error {
  readonly reason: FetchRefusal;

  constructor(reason: FetchRefusal, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "FetchRefusedError";
    this.reason = reason;
  }
}

/** What a guarded fetch is made with. */
export interface GuardedFetchOptions extends NetworkSettings {
  /** Milliseconds for everything: connecting, the headers and the whole body. Default 5000. */
  readonly timeoutMs?: number;
  /** Most bytes of a body, before and after decompression. Default 1,000,000. */
  readonly maxBytes?: number;
  /** Resolves host names; what it answers is checked. Default: the machine's resolver. */
  readonly lookup?: LookupFunction;
}

/** A `fetch` for URLs that others configured. */
export interface GuardedFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Loads what the first fetch would have to wait for. */
  load?(): Promise<unknown>;
  /** Closes the idle connections. */
  close(): Promise<void>;
}

type Connector = ReturnType<typeof buildConnector>;

/** The library, and the connections that it keeps. Most servers are started without anybody to fetch from soon. */
interface Network {
  readonly fetch: typeof import("undici").fetch;
  readonly agent: Agent;
}

const MAX_HEADER_BYTES = 16_384;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Makes a `fetch` that goes only where the operator lets it: https (http to this machine for development), public addresses
 * and those on the allow list. Addresses are checked where a connection is made, whether they come from the URL or from DNS, so
 * that a name cannot change its address in between. Redirects are not followed, the whole exchange has a time limit, and the
 * body a size limit; the response comes with its whole body read.
 *
 * It rejects with `FetchRefusedError`, and with the reason of `init.signal` when that is aborted.
 * @throws Error for an allow list that cannot be read.
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { timeoutMs = 5000, maxBytes = 1_000_000, lookup = lookupByDns } = options;
  const policy = createNetworkPolicy(options);
  const network = later(async (): Promise<Network> => {
    const { Agent, buildConnector, fetch } = await import("undici");
    const lookupAllowed = createCheckedLookup(policy, lookup);
    const connect = buildConnector({ allowH2: false, timeout: timeoutMs, lookup: lookupAllowed });
    const agent = new Agent({
      connect: createConnector(policy, connect),
      allowH2: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      maxResponseSize: maxBytes,
    });
    return { fetch, agent };
  });

  async function guardedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = checkUrl(input instanceof Request ? input.url : input, policy);
    const request = new Request(input, init);
    // What is loaded here once is not the other side's time.
    const loaded = await network.get();
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      return await exchange(request, AbortSignal.any([request.signal, timeout]), loaded, maxBytes);
    } catch (error) {
      request.signal.throwIfAborted();
      throw timeout.aborted
        ? new FetchRefusedError("timeout", `${url.host} did not answer within ${timeoutMs} ms`, error)
        : toRefusal(error, url.host);
    }
  }

  return Object.assign(guardedFetch, { load: network.get, close: async () => network.made?.agent.close() });
}

function checkUrl(input: string | URL, policy: NetworkPolicy): URL {
  const url = URL.parse(String(input));
  if (url === null || url.username !== "" || url.password !== "") {
    throw new FetchRefusedError("url", "expected an absolute URL without a user name or password");
  }
  if (!policy.allowsScheme(url)) {
    throw new FetchRefusedError("scheme", `${url.protocol}//${url.host} is not allowed; expected https`);
  }
  checkAddress(policy, url.hostname);
  return url;
}

function checkAddress(policy: NetworkPolicy, hostname: string, address?: string): void {
  const kind = policy.refusedKind(hostname, address);
  if (kind !== undefined) {
    throw new FetchRefusedError("address", `${hostname} is a ${kind} address, and the operator has not allowed it`);
  }
}

/** Connects to checked addresses only. A literal address never reaches the lookup, so it is checked here as well. */
function createConnector(policy: NetworkPolicy, connect: Connector): Connector {
  return (options, callback) => {
    try {
      checkAddress(policy, options.hostname);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      try {
        checkAddress(policy, options.hostname, socket.remoteAddress ?? literalAddress(options.hostname));
        callback(null, socket);
      } catch (refusal) {
        socket.destroy();
        callback(refusal as Error, null);
      }
    });
  };
}

/** Resolves a name and leaves out the addresses that may not be connected to. */
function createCheckedLookup(policy: NetworkPolicy, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) {
        callback(error, []);
        return;
      }
      const addresses = typeof found === "string" ? [] : found;
      const allowed = addresses.filter(({ address }) => policy.refusedKind(hostname, address) === undefined);
      const [first] = allowed;
      if (first === undefined) {
        callback(refuseAddresses(policy, hostname, addresses[0]?.address), []);
      } else if (options.all) {
        callback(null, allowed);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function refuseAddresses(policy: NetworkPolicy, hostname: string, address: string | undefined): FetchRefusedError {
  if (address === undefined) {
    return new FetchRefusedError("dns", `${hostname} has no address`);
  }
  const kind = policy.refusedKind(hostname, address);
  return new FetchRefusedError("address", `${hostname} has a ${kind} address, and the operator has not allowed it`);
}

async function exchange(request: Request, signal: AbortSignal, network: Network, maxBytes: number): Promise<Response> {
  const body = request.body === null ? null : await request.arrayBuffer();
  const answer = await network.fetch(request.url, {
    method: request.method,
    headers: [...request.headers],
    body,
    redirect: "manual",
    signal,
    dispatcher: network.agent,
  });
  if (REDIRECTS.has(answer.status)) {
    await answer.body?.cancel();
    throw new FetchRefusedError("redirect", `${hostOf(request)} answered with a redirect, which is not followed`);
  }
  const bytes = await readBody(answer.body, maxBytes, hostOf(request));
  const headers = [...answer.headers].filter(([name]) => name !== "content-encoding" && name !== "content-length");
  return new Response(answer.body === null ? null : bytes, {
    status: answer.status,
    statusText: answer.statusText,
    headers,
  });
}

/** Reads a body, decompressed, and stops where it becomes too large. */
async function readBody(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
  host: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new FetchRefusedError("too_large", `${host} answered with more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function hostOf(request: Request): string {
  return new URL(request.url).host;
}

/** What went wrong is in the causes: the library reports nearly everything as "fetch failed". */
function toRefusal(error: unknown, host: string): FetchRefusedError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FetchRefusedError) {
      return cause;
    }
    const reason = reasonOf(cause);
    if (reason !== undefined) {
      return new FetchRefusedError(reason, `${host}: ${cause.message}`, error);
    }
  }
  return new FetchRefusedError("network", `${host} could not be reached, or broke off`, error);
}

function reasonOf(error: Error): FetchRefusal | undefined {
  const code = "code" in error ? String(error.code) : "";
  if (/^(?:ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/.test(code)) {
    return "dns";
  }
  if (/^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH)/.test(code)) {
    return "tls";
  }
  if (code === "UND_ERR_HEADERS_OVERFLOW" || code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return "too_large";
  }
  return /^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code) ? "timeout" : undefined;
}
