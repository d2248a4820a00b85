/**
 * Whether the server grows: so many calls over HTTP/1.1 and gRPC (every tenth of them refused), with the memory that is in use after a
 * collection at ten points of the way. Fails when the last is more than a tenth above the third.
 *
 *   node bench/soak.ts [--calls 10000000] [--engine sqlite|postgres]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetSSOConfigurationRequestSchema } from "../gen/gitpod/v1/organization_service_pb.ts";
import { formatTable } from "../src/cli/output.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { readArguments } from "./support/arguments.ts";
import { grpcMessage, type Load, run } from "./support/load.ts";
import { pinLoad, residentBytes, startProcess } from "./support/server-process.ts";

const POINTS = 10;
const GROWTH_LIMIT = 1.1;
/** The calls before this point are the warm-up. */
const SETTLED = 3;

const { flags } = readArguments(import.meta.filename, { calls: 10_000_000, engine: ["sqlite", "postgres"] });
const { calls } = flags;
const folder = mkdtempSync(join(tmpdir(), "organization-service-soak-"));
const postgres = flags.engine === "postgres" ? await startPostgres() : undefined;
pinLoad();
const server = await startProcess(
  join(import.meta.dirname, "servers", "service.ts"),
  {
    DATA_DIR: folder,
    LOG_LEVEL: "info",
    PORT: "0",
    ...(postgres && { DATABASE_URL: `${postgres.url}/postgres` }),
  },
  { flags: ["--expose-gc"] },
);

const id = String(server.hello.ssoConfigurationId);
const path = "/gitpod.v1.OrganizationService/GetSSOConfiguration";
const authorization = `Bearer ${server.hello.token}`;
const common = { port: server.port, path, concurrency: 32 };
const json: Load = {
  ...common,
  headers: { "content-type": "application/json", authorization },
  body: Buffer.from(JSON.stringify({ ssoConfigurationId: id })),
  protocol: "h1",
};
const loads: readonly Load[] = [
  json,
  {
    ...common,
    headers: { "content-type": "application/grpc", authorization },
    body: grpcMessage(
      toBinary(GetSSOConfigurationRequestSchema, create(GetSSOConfigurationRequestSchema, { ssoConfigurationId: id })),
    ),
    protocol: "h2",
  },
  { ...json, headers: { ...json.headers, authorization: "Bearer nobody" }, expect: 401 },
];

/** Bytes in use after a collection, of the heap and of the process. */
async function measure(): Promise<{ heap: number; resident: number }> {
  process.kill(server.pid, "SIGUSR2");
  await sleep(1000);
  const metrics = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  const heap = Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1]);
  return { heap, resident: residentBytes(server.pid) };
}

try {
  const points: { calls: number; heap: number; resident: number }[] = [];
  let done = 0;
  for (let point = 1; point <= POINTS; point++) {
    for (let turn = 0; done < (calls * point) / POINTS; turn++) {
      const load = loads[turn % 10 === 9 ? 2 : turn % 2] as Load;
      done += (await run(load, 1)).requests;
    }
    points.push({ calls: done, ...(await measure()) });
    process.stderr.write(`… ${done} calls\n`);
  }
  const megabytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  const rows = points.map((point) => ({
    calls: String(point.calls),
    heap: megabytes(point.heap),
    resident: megabytes(point.resident),
  }));
  process.stdout.write(`${formatTable(rows, ["calls", "heap", "resident"])}\n`);
  const growth = (points.at(-1)?.heap ?? 0) / (points[SETTLED - 1]?.heap ?? 0);
  process.stdout.write(`\nheap at the end: ${growth.toFixed(2)} times that after ${SETTLED * 10} % of the calls\n`);
  if (!(growth <= GROWTH_LIMIT)) process.exitCode = 1;
} finally {
  await server.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
