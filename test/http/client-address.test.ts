import { describe, expect, it } from "vitest";
import { clientAddress } from "../../src/http/client-address.ts";
import { dialHttp2, fetchHttp1, fetchHttp2, listen } from "./sockets.ts";

/** What a server behind `trusted` proxies takes for the caller's address, by both protocols. */
async function seen(trusted: number, forwarded?: string): Promise<string> {
  const { port } = await listen({ handler: (req, res) => void res.end(clientAddress(req, trusted) ?? "") });
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  const { body } = await fetchHttp1(port, "/", { headers });
  const session = await dialHttp2(`http://127.0.0.1:${port}`);
  expect((await fetchHttp2(session, "/", headers)).body).toBe(body);
  expect((await fetchHttp2(session, "/", headers)).body).toBe(body);
  return body;
}

describe("the caller's address", () => {
  it.each([
    ["no proxy, no header", 0, undefined, "127.0.0.1"],
    ["no proxy, a header that lies", 0, "203.0.113.7", "127.0.0.1"],
    ["one proxy that says nothing", 1, undefined, "127.0.0.1"],
    ["one proxy", 1, "203.0.113.7", "203.0.113.7"],
    ["one proxy, after a lie of the caller", 1, "10.0.0.1, 203.0.113.7", "203.0.113.7"],
    ["two proxies, after a lie of the caller", 2, "10.0.0.1, 203.0.113.7, 198.51.100.2", "203.0.113.7"],
    ["two proxies, of which one said nothing", 2, "198.51.100.2", "198.51.100.2"],
    ["an address with a port", 1, "203.0.113.7:4711", "203.0.113.7"],
    ["an IPv6 address", 1, "2001:db8::1", "2001:db8::1"],
    ["an IPv6 address with a port", 1, "[2001:db8::1]:4711", "2001:db8::1"],
    ["something that is no address", 1, "unknown", "127.0.0.1"],
    ["an empty entry", 1, "203.0.113.7,", "127.0.0.1"],
  ])("with %s", async (_name, trusted, forwarded, expected) => {
    expect(await seen(trusted, forwarded)).toBe(expected);
  });
});
