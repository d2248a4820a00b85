/**
 * The service beside what a user would pick instead, in one run: the server alone on one processor, the load on another.
 * Absolute numbers are this machine's at this minute; the ratios are what to look at. `calls/cpu-s` counts only the server's
 * own processor time, so it also holds where the load generator is the slower side.
 *
 *   npm run bench -- [--seconds 3] [--rounds 3] [--concurrency 32] [--only get|grpc|update|peer] [--flags "--use-largepages=silent"]
 *
 * `--flags` go to the Node.js of every server alike.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetSSOConfigurationRequestSchema } from "../gen/gitpod/v1/organization_service_pb.ts";
import { formatTable } from "../src/cli/output.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { postgresCommits, sqliteCommits } from "./support/commits.ts";
import { grpcMessage, type Load, run } from "./support/load.ts";
import { median } from "./support/median.ts";
import { installPeers, PEERS_FOLDER } from "./support/peers.ts";
import { createPostgresDatabase } from "./support/postgres-database.ts";
import { pinLoad, type ServerProcess, startProcess } from "./support/server-process.ts";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    concurrency: { type: "string", default: "32" },
    only: { type: "string", default: "" },
    flags: { type: "string", default: "" },
  },
});
const seconds = Number(flags.seconds);
const rounds = Number(flags.rounds);
const concurrency = Number(flags.concurrency);

const WARM_UP_REQUESTS = 30_000;
const WARM_UP_MAX_MS = 10_000;

/** `peer` installs another service first, and is run only when it is asked for. */
const GROUPS = ["get", "grpc", "update", "peer"] as const;

const SERVICE = "gitpod.v1.OrganizationService";
const ID = "01890000-0000-7000-8000-000000000001";

/** A server and what is asked of it. */
interface Scenario {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  readonly start: () => Promise<ServerProcess>;
  readonly load: (server: ServerProcess) => Load;
}

const nodeFlags = flags.flags.split(" ").filter((flag) => flag !== "");

const start = (name: string, env: Readonly<Record<string, string>>) =>
  startProcess(join(import.meta.dirname, "servers", `${name}.ts`), env, { flags: nodeFlags });

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

const connections = (server: ServerProcess): Load => ({
  ...json(server, "", server.hello.query as object),
  path: "/",
});

/** Every update changes something: the same secret is sealed differently each time. */
const update = (server: ServerProcess) =>
  json(server, "UpdateSSOConfiguration", {
    ssoConfigurationId: server.hello.ssoConfigurationId,
    clientSecret: "another secret",
  });

const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
const postgres = await startPostgres({ durable: true });
const pinned = pinLoad();

let databases = 0;

/** An empty PostgreSQL database; its URL. */
const newDatabase = (): Promise<string> => createPostgresDatabase(postgres.url, `bench_${databases++}`);

const service = (engine: "sqlite" | "postgres") => async () => {
  const env = { DATA_DIR: join(folder, `data-${databases++}`), LOG_LEVEL: "info", PORT: "0" };
  const database = engine === "sqlite" ? {} : { DATABASE_URL: await newDatabase() };
  return start("service", { ...env, ...database });
};

const constant = (name: string, http: "h1" | "h2") => () => start(name, { BENCH_HTTP: http });

const SCENARIOS: readonly Scenario[] = [
  {
    name: "connect-node, constant (JSON)",
    group: "get",
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
    start: constant("constant-grpc-js", "h2"),
    load: grpc,
  },
  { name: "connect-node, constant (gRPC)", group: "grpc", start: constant("constant-connect-node", "h2"), load: grpc },
  { name: "this transport, constant (gRPC)", group: "grpc", start: constant("constant-transport", "h2"), load: grpc },
  { name: "GetSSOConfiguration, SQLite (gRPC)", group: "grpc", start: service("sqlite"), load: grpc },
  {
    name: "@boxyhq/saml-jackson, getConnections",
    group: "peer",
    start: async () => start("connections-jackson", { PEERS: PEERS_FOLDER, DATABASE_URL: await newDatabase() }),
    load: connections,
  },
  { name: "GetSSOConfiguration, PostgreSQL (JSON)", group: "peer", start: service("postgres"), load: get },
  { name: "UpdateSSOConfiguration, SQLite (JSON)", group: "update", start: service("sqlite"), load: update },
  { name: "UpdateSSOConfiguration, PostgreSQL (JSON)", group: "update", start: service("postgres"), load: update },
];

/** What a group is compared with, and the short name of it in the table. */
const REFERENCES: Readonly<Record<Scenario["group"], Readonly<Record<string, string>>>> = {
  get: { "connect-node, constant (JSON)": "connect-node", "raw node:http, constant (JSON)": "node:http" },
  grpc: { "@grpc/grpc-js, constant (gRPC)": "grpc-js" },
  peer: { "@boxyhq/saml-jackson, getConnections": "saml-jackson" },
  update: { "the same rows alone, SQLite": "sqlite", "the same rows alone, PostgreSQL": "postgres" },
};

type Figure = "perSecond" | "perCpuSecond" | "p50" | "p99";

/** Medians, and what they are of; a bare store has no rounds. */
interface Row extends Readonly<Record<Figure, number>> {
  readonly name: string;
  readonly rounds: readonly Readonly<Record<Figure, number>>[];
}

/** A server that runs, and what was measured of it, round by round. */
interface Measured {
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: Load;
  readonly rounds: Readonly<Record<Figure, number>>[];
}

/**
 * Measures the servers in turn, round by round: a machine that others use is now faster and now slower, and what is compared
 * has to be of the same minute.
 */
async function measure(scenarios: readonly Scenario[]): Promise<Row[]> {
  const all: Measured[] = [];
  try {
    for (const { name, start, load } of scenarios) {
      process.stderr.write(`… ${name}\n`);
      const server = await start();
      all.push({ name, server, load: load(server), rounds: [] });
    }
    for (const { load } of all) await warmUp(load);
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`… round ${round + 1} of ${rounds}\n`);
      for (const each of all) each.rounds.push(await measureRound(each));
    }
  } finally {
    for (const { server } of all) await server.stop();
  }
  return all.map((measured) => {
    const of = (key: Figure) => median(measured.rounds.map((round) => round[key]));
    return {
      name: measured.name,
      perSecond: of("perSecond"),
      perCpuSecond: of("perCpuSecond"),
      p50: of("p50"),
      p99: of("p99"),
      rounds: measured.rounds,
    };
  });
}

async function measureRound({ server, load }: Measured): Promise<Readonly<Record<Figure, number>>> {
  const cpu = server.cpuSeconds();
  const { requests, seconds: elapsed, p50, p99 } = await run(load, seconds);
  return { perSecond: requests / elapsed, perCpuSecond: requests / (server.cpuSeconds() - cpu), p50, p99 };
}

/** Until the compiler of the server's engine has done its work, which goes by calls and not by time. */
async function warmUp(load: Load): Promise<void> {
  const until = performance.now() + WARM_UP_MAX_MS;
  for (let requests = 0; requests < WARM_UP_REQUESTS && performance.now() < until; ) {
    requests += (await run(load, 0.5)).requests;
  }
}

/** Leaves a store behind in which a configuration was updated. */
async function writeOnce(env: Readonly<Record<string, string>>): Promise<void> {
  const server = await start("service", { ...env, PORT: "0" });
  await run({ ...update(server), concurrency: 1 }, 0.1);
  await server.stop();
}

/** The rows of a group, with what the store can do by itself where that is the limit. */
async function rowsOf(group: Scenario["group"]): Promise<Row[]> {
  const rows: Row[] = [];
  if (group === "peer") installPeers(PEERS_FOLDER);
  if (group === "update") {
    const bare = { perCpuSecond: Number.NaN, p50: Number.NaN, p99: Number.NaN, rounds: [] };
    const dataDir = join(folder, "bare");
    await writeOnce({ DATA_DIR: dataDir });
    const sqlite = sqliteCommits(join(dataDir, "organization-service.sqlite"), seconds);
    rows.push({ name: "the same rows alone, SQLite", perSecond: sqlite, ...bare });
    const url = await newDatabase();
    await writeOnce({ DATA_DIR: join(folder, "bare-postgres"), DATABASE_URL: url });
    rows.push({ name: "the same rows alone, PostgreSQL", perSecond: await postgresCommits(url, seconds), ...bare });
  }
  return [...rows, ...(await measure(SCENARIOS.filter((scenario) => scenario.group === group)))];
}

/** The median of the ratios of each round, or of the medians where there are none. */
function ratio(row: Row, reference: Row, figure: Figure): number {
  if (reference.rounds.length === 0) return row[figure] / reference[figure];
  return median(row.rounds.map((round, i) => round[figure] / (reference.rounds[i]?.[figure] ?? Number.NaN)));
}

function print(group: Scenario["group"], rows: readonly Row[]): void {
  const references = Object.entries(REFERENCES[group]);
  const number = (value: number, digits: number) => (Number.isNaN(value) ? "" : value.toFixed(digits));
  const ratioTo = (row: Row, name: string): string => {
    const reference = rows.find((other) => other.name === name);
    if (reference === undefined || reference === row) return "";
    const cpu = ratio(row, reference, "perCpuSecond");
    return `${ratio(row, reference, "perSecond").toFixed(2)}${Number.isNaN(cpu) ? "" : ` (${cpu.toFixed(2)})`}`;
  };
  const printed = rows.map((row) => ({
    server: row.name,
    "req/s": number(row.perSecond, 0),
    "calls/cpu-s": number(row.perCpuSecond, 0),
    "p50 ms": number(row.p50, 2),
    "p99 ms": number(row.p99, 2),
    ...Object.fromEntries(references.map(([name, short]) => [`to ${short}`, ratioTo(row, name)])),
  }));
  process.stdout.write(`${formatTable(printed, Object.keys(printed[0] ?? {}))}\n\n`);
}

try {
  process.stdout.write(
    `${rounds} rounds of ${seconds} s, ${concurrency} requests in flight, medians; ` +
      `${pinned ? "server on one processor, load on another" : "processes could not be pinned"}; ` +
      "ratios by the clock, and in brackets by the server's processor time\n\n",
  );
  for (const group of GROUPS) {
    if (flags.only === group || (flags.only === "" && group !== "peer")) print(group, await rowsOf(group));
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
