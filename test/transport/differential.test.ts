/**
 * The same requests to connect-node and to the transport: what a client sees must be the same, or be in the table.
 */
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { TransportOptions } from "../../src/transport/index.ts";
import { createHttp1Client, createHttp2Client, type Outcome } from "./clients.ts";
import { differences } from "./differences.ts";
import { echoOptions } from "./echo.ts";
import { Random } from "./random.ts";
import { readable } from "./readable.ts";
import { limits, nextRequest, type WireRequest } from "./requests.ts";
import { type Door, listen, serve } from "./server.ts";

interface Run {
  readonly name: string;
  readonly seed: number;
  readonly requests: number;
  readonly streams?: boolean;
  readonly options: Partial<TransportOptions>;
}

const runs: readonly Run[] = [
  { name: "every protocol", seed: 1, requests: 1000, options: {} },
  { name: "every protocol, other requests", seed: 2, requests: 600, options: { compressMinBytes: 0 } },
  {
    name: "Connect's version header required",
    seed: 3,
    requests: 250,
    options: { requireConnectProtocolHeader: true },
  },
  { name: "Connect alone", seed: 4, requests: 100, options: { grpc: false, grpcWeb: false } },
  { name: "gRPC alone", seed: 5, requests: 100, options: { connect: false, grpcWeb: false } },
  { name: "streams", seed: 6, requests: 200, streams: true, options: {} },
];

const used = new Set<string>();

beforeAll(() => {
  // connect-node prints what it cannot answer.
  vi.spyOn(console, "error").mockImplementation(() => {});
});

afterAll(() => {
  vi.restoreAllMocks();
});

describe.each(["http1", "http2", "streams"] as const)("over %s", (door) => {
  test.each(runs)("$name: $requests requests of seed $seed", { timeout: 300_000 }, async (run) => {
    const unexplained = await compare(door, run);
    expect(unexplained).toEqual([]);
  });
});

test("every row of the table explains something", () => {
  expect(differences.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
});

async function compare(door: Door, run: Run): Promise<unknown[]> {
  const options = { ...echoOptions, ...limits, ...run.options } as TransportOptions;
  const theirServer = await listen(door === "http1" ? "http1" : "http2", connectNodeAdapter({ ...options }));
  const ourServer = await serve(door, options);
  const create = door === "http1" ? createHttp1Client : createHttp2Client;
  const [theirClient, ourClient] = [create(theirServer.port), create(ourServer.port)];
  const random = new Random(run.seed);
  const unexplained: unknown[] = [];
  for (let i = 0; i < run.requests; i++) {
    const request = nextRequest(random, run.streams === true);
    const [theirs, ours] = await Promise.all([theirClient.send(request), ourClient.send(request)]);
    if (!isExplained(request, theirs, ours)) {
      unexplained.push({ ...request, body: request.body.toString("latin1"), theirs, ours });
    }
  }
  theirClient.close();
  ourClient.close();
  await Promise.all([theirServer.close(), ourServer.close()]);
  return unexplained;
}

function isExplained(request: WireRequest, theirs: Outcome, ours: Outcome): boolean {
  if (JSON.stringify(theirs) === JSON.stringify(ours)) {
    return true;
  }
  if (typeof theirs === "string" || typeof ours === "string") {
    return false;
  }
  const [theirAnswer, ourAnswer] = [readable(theirs), readable(ours)];
  const difference = differences.find((row) => row.explains(request, theirAnswer, ourAnswer));
  if (difference !== undefined) {
    used.add(difference.name);
  }
  return difference !== undefined;
}
