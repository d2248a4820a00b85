/**
 * The service beside what a user would pick instead, in one run: the server alone on one processor, the load on another.
 * Absolute numbers are this machine's at this minute; the ratios are what to look at. `calls/cpu-s` counts only the server's
 * own processor time, so it also holds where the load generator is the slower side.
 *
 *   npm run bench -- [--seconds 3] [--rounds 3] [--concurrency 32] [--only get|grpc|update|peer] [--flags=--use-largepages=silent]
 *
 * `--flags` go to the Node.js of every server alike.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetSSOConfigurationRequestSchema } from "../gen/gitpod/v1/organization_service_pb.ts";
import { formatTable } from "../src/cli/output.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { readArguments } from "./support/arguments.ts";
import { type BareStore, openBarePostgres, openBareSqlite } from "./support/commits.ts";
import { grpcMessage, type Load, run } from "./support/load.ts";
import { median } from "./support/median.ts";
import { installPeers, PEERS_FOLDER } from "./support/peers.ts";
import { createPostgresDatabase } from "./support/postgres-database.ts";
import { pinLoad, type ServerProcess, startProcess } from "./support/server-process.ts";

const UPDATES = ["update-one-sqlite", "update-one-postgres", "update-many-sqlite", "update-many-postgres"] as const;

/** `peer` installs another service first, and is run only when it is asked for. `--only update` means all of them. */
const GROUPS = ["get", "grpc", ...UPDATES, "peer"] as const;

const { flags } = readArguments(import.meta.filename, {
  seconds: 3,
  rounds: 3,
  concurrency: 32,
  only: ["", "update", ...GROUPS],
  flags: "",
});
const { seconds, rounds, concurrency } = flags;

const WARM_UP_REQUESTS = 30_000;
const WARM_UP_MAX_MS = 10_000;

/** What updates are compared with. */
const ROWS_ALONE = "the same rows, by nothing but their statements";

const SERVICE = "gitpod.v1.OrganizationService";
const ID = "01890000-0000-7000-8000-000000000001";

/** A server and what is asked of it; or a store by itself. */
type Scenario = { readonly name: string; readonly group: (typeof GROUPS)[number] } & (
  | { readonly start: () => Promise<ServerProcess>; readonly load: (server: ServerProcess) => Load }
  | { readonly openStore: () => Promise<BareStore> }
);

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
const update = (server: ServerProcess, ssoConfigurationId = server.hello.ssoConfigurationId) =>
  json(server, "UpdateSSOConfiguration", { ssoConfigurationId, clientSecret: "another secret" });

/** Each connection updates another organization's configuration. */
function updateMany(server: ServerProcess): Load {
  const { others, operatorToken } = server.hello as { others: readonly string[]; operatorToken: string };
  const load = update(server);
  const headers = { ...load.headers, authorization: `Bearer ${operatorToken}` };
  return { ...load, headers, bodies: others.map((id) => update(server, id).body) };
}

const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
const postgres = await startPostgres({ durable: true });
const pinned = pinLoad();

let databases = 0;

/** An empty PostgreSQL database; its URL. */
const newDatabase = (): Promise<string> => createPostgresDatabase(postgres.url, `bench_${databases++}`);

/** The service over an empty database. @param others configurations beside the first one, of an organization each. */
const service =
  (engine: "sqlite" | "postgres", others = 0) =>
  async () => {
    const env = { DATA_DIR: join(folder, `data-${databases++}`), LOG_LEVEL: "info", PORT: "0" };
    const database = engine === "sqlite" ? {} : { DATABASE_URL: await newDatabase() };
    return start("service", { ...env, ...database, BENCH_OTHERS: String(others) });
  };

/** A store of the service in which the configurations were updated. */
const bareStore =
  (engine: "sqlite" | "postgres", others = 0) =>
  async () => {
    const dataDir = join(folder, `data-${databases++}`);
    const url = engine === "postgres" ? await newDatabase() : "";
    const server = await start("service", {
      DATA_DIR: dataDir,
      DATABASE_URL: url,
      PORT: "0",
      BENCH_OTHERS: String(others),
    });
    await run(others > 0 ? updateMany(server) : update(server), 0.5);
    await server.stop();
    return engine === "postgres" ? openBarePostgres(url) : openBareSqlite(join(dataDir, "organization-service.sqlite"));
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
  ...UPDATES.flatMap((group): Scenario[] => {
    const engine = group.endsWith("sqlite") ? "sqlite" : "postgres";
    const others = group.startsWith("update-many") ? concurrency : 0;
    const of = others > 0 ? `${others} organizations` : "one configuration";
    return [
      { name: ROWS_ALONE, group, openStore: bareStore(engine, others) },
      {
        name: `UpdateSSOConfiguration of ${of}, ${engine}`,
        group,
        start: service(engine, others),
        load: others > 0 ? updateMany : update,
      },
    ];
  }),
];

/** What a group is compared with, and the short name of it in the table. */
const REFERENCES: Readonly<Partial<Record<Scenario["group"], Readonly<Record<string, string>>>>> = {
  get: { "connect-node, constant (JSON)": "connect-node", "raw node:http, constant (JSON)": "node:http" },
  grpc: { "@grpc/grpc-js, constant (gRPC)": "grpc-js" },
  peer: { "@boxyhq/saml-jackson, getConnections": "saml-jackson" },
};

type Figure = "perSecond" | "perCpuSecond" | "p50" | "p99";
type Figures = Readonly<Record<Figure, number>>;

/** Medians, and what they are of. */
interface Row extends Figures {
  readonly name: string;
  readonly rounds: readonly Figures[];
}

/** What runs and is measured round by round. */
interface Subject {
  warmUp(): Promise<void>;
  measure(): Promise<Figures>;
  close(): Promise<void>;
}

/**
 * Measures the scenarios in turn, round by round: a machine that others use is now faster and now slower, and what is compared
 * has to be of the same minute.
 */
async function measure(scenarios: readonly Scenario[]): Promise<Row[]> {
  const all: { readonly name: string; readonly subject: Subject; readonly rounds: Figures[] }[] = [];
  try {
    for (const scenario of scenarios) {
      process.stderr.write(`… ${scenario.name}\n`);
      all.push({ name: scenario.name, subject: await open(scenario), rounds: [] });
    }
    for (const { subject } of all) await subject.warmUp();
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`… round ${round + 1} of ${rounds}\n`);
      for (const { subject, rounds } of all) rounds.push(await subject.measure());
    }
  } finally {
    for (const { subject } of all) await subject.close();
  }
  return all.map(({ name, rounds }) => {
    const of = (key: Figure) => median(rounds.map((round) => round[key]));
    return {
      name,
      perSecond: of("perSecond"),
      perCpuSecond: of("perCpuSecond"),
      p50: of("p50"),
      p99: of("p99"),
      rounds,
    };
  });
}

async function open(scenario: Scenario): Promise<Subject> {
  if ("openStore" in scenario) {
    const store = await scenario.openStore();
    const unknown = { perCpuSecond: Number.NaN, p50: Number.NaN, p99: Number.NaN };
    return {
      warmUp: async () => void (await store.commitsPerSecond(1)),
      measure: async () => ({ ...unknown, perSecond: await store.commitsPerSecond(seconds) }),
      close: () => store.close(),
    };
  }
  const server = await scenario.start();
  const load = scenario.load(server);
  return {
    warmUp: () => warmUp(load),
    measure: async () => {
      const cpu = server.cpuSeconds();
      const { requests, seconds: elapsed, p50, p99 } = await run(load, seconds);
      return { perSecond: requests / elapsed, perCpuSecond: requests / (server.cpuSeconds() - cpu), p50, p99 };
    },
    close: () => server.stop(),
  };
}

/** Until the compiler of the server's engine has done its work, which goes by calls and not by time. */
async function warmUp(load: Load): Promise<void> {
  const until = performance.now() + WARM_UP_MAX_MS;
  for (let requests = 0; requests < WARM_UP_REQUESTS && performance.now() < until; ) {
    requests += (await run(load, 0.5)).requests;
  }
}

async function rowsOf(group: Scenario["group"]): Promise<Row[]> {
  if (group === "peer") installPeers(PEERS_FOLDER);
  return measure(SCENARIOS.filter((scenario) => scenario.group === group));
}

/** The median of the ratios of each round. */
function ratio(row: Row, reference: Row, figure: Figure): number {
  return median(row.rounds.map((round, i) => round[figure] / (reference.rounds[i]?.[figure] ?? Number.NaN)));
}

function print(group: Scenario["group"], rows: readonly Row[]): void {
  const references = Object.entries(REFERENCES[group] ?? { [ROWS_ALONE]: "the rows alone" });
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
    if (flags.only === "" ? group !== "peer" : group.startsWith(flags.only)) print(group, await rowsOf(group));
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
