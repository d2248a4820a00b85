import { isIP } from "node:net";
import { isHttp2Request, type NodeRequest } from "./node-http.ts";

const sessionAddresses = new WeakMap<object, string>();

/**
 * The address of the caller, as an IP address without a port. With `trustedProxies` of n, the server stands behind n
 * proxies that each append to `x-forwarded-for`, and the n-th entry from the end is taken; what stands before it is the
 * caller's own word and is not believed. Undefined when the connection is gone already.
 */
export function clientAddress(req: NodeRequest, trustedProxies: number): string | undefined {
  const peer = peerAddress(req);
  if (trustedProxies === 0) return peer;
  const forwarded = req.headers["x-forwarded-for"];
  if (forwarded === undefined) return peer;
  const hops = forwarded.toString().split(",");
  const hop = hops[Math.max(0, hops.length - trustedProxies)] ?? "";
  return bareAddress(hop.trim()) ?? peer;
}

function peerAddress(req: NodeRequest): string | undefined {
  if (!isHttp2Request(req)) return req.socket.remoteAddress;
  const { session } = req.stream;
  if (session === undefined) return undefined;
  // Looked up once per connection: an HTTP/2 session hands its socket out through a proxy object.
  let address = sessionAddresses.get(session);
  if (address === undefined) {
    address = session.socket.remoteAddress;
    if (address !== undefined) sessionAddresses.set(session, address);
  }
  return address;
}

/** `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1` or `[2001:db8::1]:4711` without the port; undefined for others. */
function bareAddress(hop: string): string | undefined {
  if (isIP(hop) !== 0) return hop;
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1];
  return bare !== undefined && isIP(bare) !== 0 ? bare : undefined;
}
