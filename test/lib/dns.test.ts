import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTxtResolver, type TxtResolver } from "../../src/lib/dns.ts";
import { type DnsBehaviour, startDnsServer, type TestDns } from "../support/dns-server.ts";

let dns: TestDns;
let resolver: TxtResolver;

beforeAll(async () => {
  dns = await startDnsServer();
  resolver = createTxtResolver({ servers: [dns.address], timeoutMs: 2_000 });
});
afterAll(() => dns.stop());

async function resolve(behaviour: DnsBehaviour | undefined) {
  await dns.set("_proof.example.com", behaviour);
  return resolver.resolveTxt("_proof.example.com");
}

describe("createTxtResolver", () => {
  it("answers with every record", async () => {
    const answer = await resolve({ kind: "txt", records: [["one"], ["two"]] });
    expect(answer.kind === "records" && [...answer.records].sort()).toEqual(["one", "two"]);
  });

  it("joins the strings of a record", async () => {
    expect(await resolve({ kind: "txt", records: [["organization-", "verification=", "1"]] })).toEqual({
      kind: "records",
      records: ["organization-verification=1"],
    });
  });

  it("reads an empty record", async () => {
    expect(await resolve({ kind: "txt", records: [[""]] })).toEqual({ kind: "records", records: [""] });
  });

  it("follows an alias", async () => {
    expect(await resolve({ kind: "alias", target: "elsewhere.example.net", records: [["one"]] })).toEqual({
      kind: "records",
      records: ["one"],
    });
  });

  it("asks over TCP for what UDP has no room for", async () => {
    await dns.questions();
    const records = Array.from({ length: 20 }, (_, i) => [`${i}`.padEnd(200, "x")]);
    const answer = await resolve({ kind: "txt", records });
    expect(answer.kind === "records" && answer.records).toHaveLength(20);
    expect((await dns.questions()).map(({ transport }) => transport)).toEqual(["udp", "tcp"]);
  });

  it("asks anew each time", async () => {
    await resolve({ kind: "txt", records: [["old"]] });
    expect(await resolve({ kind: "txt", records: [["new"]] })).toEqual({ kind: "records", records: ["new"] });
    expect(await resolve(undefined)).toEqual({ kind: "not_found" });
  });

  it.each([
    ["a name that does not exist", { kind: "name_error" }, { kind: "not_found" }],
    ["a name without TXT records", { kind: "no_data" }, { kind: "not_found" }],
    ["a failing server", { kind: "server_failure" }, { kind: "server_failure", detail: "ESERVFAIL" }],
    ["a refusing server", { kind: "refused" }, { kind: "server_failure", detail: "EREFUSED" }],
  ] as const)("tells of %s", async (_title, behaviour, answer) => {
    expect(await resolve(behaviour)).toEqual(answer);
  });

  it("gives up on a silent server in time", async () => {
    const hasty = createTxtResolver({ servers: [dns.address], timeoutMs: 200 });
    await dns.set("silent.example.com", { kind: "silence" });
    expect(await hasty.resolveTxt("silent.example.com")).toEqual({ kind: "timeout" });
  });

  it("takes nonsense for no proof", async () => {
    const hasty = createTxtResolver({ servers: [dns.address], timeoutMs: 500 });
    await dns.set("garbage.example.com", { kind: "garbage" });
    expect((await hasty.resolveTxt("garbage.example.com")).kind).toMatch(/^(server_failure|timeout)$/);
  });

  it("takes a port that nobody listens on for a failing server", async () => {
    const gone = await startDnsServer();
    const nobody = createTxtResolver({ servers: [gone.address], timeoutMs: 500 });
    await gone.stop();
    expect((await nobody.resolveTxt("example.com")).kind).toMatch(/^(server_failure|timeout)$/);
  });

  it("refuses a server that is no address, before it is asked", () => {
    expect(() => createTxtResolver({ servers: ["ns.example.com"], timeoutMs: 1 })).toThrow(/Invalid IP address/i);
  });
});
