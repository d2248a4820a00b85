/**
 * The service beside what a user would pick instead, in one run: the server alone on one processor, the load on another.
 * Absolute numbers are this machine's at this minute; the ratios are what to look at. `calls/cpu-s` counts only the server's
 * own processor time, so it also holds where the load generator is the slower side.
 *
 *   npm run bench -- [--seconds 3] [--rounds 3] [--only get|update|grpc]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetSSOConfigurationRequestSchema } from "../gen/gitpod/v1/organization_service_pb.ts";
import { formatTable } from "../src/cli/output.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { grpcMessage, type Load, run } from "./support/load.ts";
import { pinLoad, type ServerProcess, startProcess } from "./support/server-process.ts";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    concurrency: { type: "string", default: "32" },
    only: { type: "string", default: "" },
  },
});
const seconds = Number(flags.seconds);
const rounds = Number(flags.rounds);
const concurrency = Number(flags.concurrency);

const SERVICE = "gitpod.v1.OrganizationService";
const ID = "01890000-0000-7000-8000-000000000001";

/** One row of the table. */
interface Scenario {
  readonly name: string;
  readonly group: "get" | "update" | "grpc";
  /** What the ratios of its group are against. */
  readonly baseline?: true;
  readonly start: () => Promise<ServerProcess>;
  readonly load: (server: ServerProcess) => Load;
}

const script = (name: string) => join(import.meta.dirname, "servers", `${name}.ts`);

function json(server: ServerProcess, method: string, request: object): Load {
  return {
    port: server.port,
    path: `/${SERVICE}/${method}`,
    headers: { "content-type": "application/json", authorization: `Bearer ${server.hello.token ?? "none"}` },
    body: Buffer.from(JSON.stringify(request)),
    protocol: "h1",
    concurrency,
  };
}

function grpc(server: ServerProcess): Load {
  const ssoConfigurationId = String(server.hello.ssoConfigurationId ?? ID);
  const message = toBinary(
    GetSSOConfigurationRequestSchema,
    create(GetSSOConfigurationRequestSchema, { ssoConfigurationId }),
  );
  return {
    port: server.port,
    path: `/${SERVICE}/GetSSOConfiguration`,
    headers: { "content-type": "application/grpc", authorization: `Bearer ${server.hello.token ?? "none"}` },
    body: grpcMessage(message),
    protocol: "h2",
    concurrency,
  };
}

const get = (server: ServerProcess) =>
  json(server, "GetSSOConfiguration", { ssoConfigurationId: server.hello.ssoConfigurationId ?? ID });

/** Every update changes something: the name alternates between connections, and what stays equal is not written. */
const update = (server: ServerProcess) =>
  json(server, "UpdateSSOConfiguration", {
    ssoConfigurationId: server.hello.ssoConfigurationId,
    clientSecret: "another secret",
  });

const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
const postgres = await startPostgres();
const pinned = pinLoad();

let databases = 0;
const service = (engine: "sqlite" | "postgres") => async () => {
  const dataDir = join(folder, `data-${databases++}`);
  const env = { DATA_DIR: dataDir, LOG_LEVEL: "info", PORT: "0" };
  if (engine === "sqlite") return startProcess(script("service"), env);
  const name = `bench_${databases}`;
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: `${postgres.url}/postgres` });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return startProcess(script("service"), { ...env, DATABASE_URL: `${postgres.url}/${name}` });
};

const constant = (name: string, http: "h1" | "h2") => () => startProcess(script(name), { BENCH_HTTP: http });

const SCENARIOS: readonly Scenario[] = [
  {
    name: "connect-node, constant (JSON)",
    group: "get",
    baseline: true,
    start: constant("constant-connect-node", "h1"),
    load: get,
  },
  { name: "raw node:http, constant (JSON)", group: "get", start: constant("constant-raw-http", "h1"), load: get },
  { name: "this transport, constant (JSON)", group: "get", start: constant("constant-transport", "h1"), load: get },
  { name: "GetSSOConfiguration, SQLite (JSON)", group: "get", start: service("sqlite"), load: get },
  { name: "GetSSOConfiguration, PostgreSQL (JSON)", group: "get", start: service("postgres"), load: get },
  {
    name: "@grpc/grpc-js, constant (gRPC)",
    group: "grpc",
    baseline: true,
    start: constant("constant-grpc-js", "h2"),
    load: grpc,
  },
  { name: "connect-node, constant (gRPC)", group: "grpc", start: constant("constant-connect-node", "h2"), load: grpc },
  { name: "this transport, constant (gRPC)", group: "grpc", start: constant("constant-transport", "h2"), load: grpc },
  { name: "GetSSOConfiguration, SQLite (gRPC)", group: "grpc", start: service("sqlite"), load: grpc },
  {
    name: "UpdateSSOConfiguration, SQLite (JSON)",
    group: "update",
    baseline: true,
    start: service("sqlite"),
    load: update,
  },
  { name: "UpdateSSOConfiguration, PostgreSQL (JSON)", group: "update", start: service("postgres"), load: update },
];

interface Row {
  readonly scenario: Scenario;
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function measure(scenario: Scenario): Promise<Row> {
  process.stderr.write(`… ${scenario.name}\n`);
  const server = await scenario.start();
  try {
    const load = scenario.load(server);
    await run(load, Math.min(2, seconds));
    const samples: Omit<Row, "scenario">[] = [];
    for (let round = 0; round < rounds; round++) {
      const cpu = server.cpuSeconds();
      const result = await run(load, seconds);
      samples.push({
        perSecond: result.requests / result.seconds,
        perCpuSecond: result.requests / (server.cpuSeconds() - cpu),
        p50: result.p50,
        p99: result.p99,
      });
    }
    const of = (key: keyof Omit<Row, "scenario">) => median(samples.map((sample) => sample[key]));
    return { scenario, perSecond: of("perSecond"), perCpuSecond: of("perCpuSecond"), p50: of("p50"), p99: of("p99") };
  } finally {
    await server.stop();
  }
}

try {
  const rows: Row[] = [];
  for (const scenario of SCENARIOS) {
    if (flags.only === "" || flags.only === scenario.group) rows.push(await measure(scenario));
  }
  const printed = rows.map((row) => {
    const baseline = rows.find((other) => other.scenario.group === row.scenario.group && other.scenario.baseline);
    const ratio = (key: "perSecond" | "perCpuSecond") => (baseline ? (row[key] / baseline[key]).toFixed(2) : "");
    return {
      server: row.scenario.name,
      "req/s": row.perSecond.toFixed(0),
      ratio: ratio("perSecond"),
      "calls/cpu-s": row.perCpuSecond.toFixed(0),
      "cpu ratio": ratio("perCpuSecond"),
      "p50 ms": row.p50.toFixed(2),
      "p99 ms": row.p99.toFixed(2),
    };
  });
  process.stdout.write(
    `${rounds} rounds of ${seconds} s, ${concurrency} requests in flight, medians; ` +
      `${pinned ? "server on one processor, load on another" : "processes could not be pinned"}; ratios within each group\n\n` +
      `${formatTable(printed, ["server", "req/s", "ratio", "calls/cpu-s", "cpu ratio", "p50 ms", "p99 ms"])}\n`,
  );
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
