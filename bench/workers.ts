/**
 * What a second worker adds: calls of `serve --workers 1` and `--workers 2`, in turn, by the clock and by the processor time of
 * all their processes; ratios are medians of the rounds'. By the clock a second worker shows only where there are processors
 * enough for the load generator too. Where there are not, the workers share one processor and the load has the other, or both
 * would pay for standing in the load's way.
 *
 *   node bench/workers.ts [--seconds 5] [--rounds 7] [--engine sqlite|postgres]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { formatTable } from "../src/cli/output.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { Workshop } from "../test/support/process.ts";
import { readArguments } from "./support/arguments.ts";
import { type Load, run } from "./support/load.ts";
import { median } from "./support/median.ts";
import { createPostgresDatabase } from "./support/postgres-database.ts";
import { cpuSecondsOfTree, pinLoad, pinServer } from "./support/server-process.ts";

/** Requests in flight for each worker: more clients are why there is more than one. */
const IN_FLIGHT = 32;
const CPU_LIMIT = 0.9;
/** Processors that two workers and a load generator as large need. */
const ENOUGH = 4;
const THROUGHPUT_LIMIT = 1.8;
const WARM_UP_SECONDS = 10;

const { seconds, rounds, engine } = readArguments(import.meta.filename, {
  seconds: 5,
  rounds: 7,
  engine: ["sqlite", "postgres"],
}).flags;
const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
const enough = availableParallelism() >= ENOUGH;
const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
const workshop = new Workshop();
const postgres = engine === "postgres" ? await startPostgres() : undefined;

async function databaseOf(workers: number): Promise<Record<string, string>> {
  if (postgres === undefined) return {};
  return { DATABASE_URL: await createPostgresDatabase(postgres.url, `workers_${workers}`) };
}

/** Starts the command, and makes a configuration to read. @returns what it is asked, and its process. */
async function start(workers: number): Promise<{ load: Load; pid: number }> {
  const env = { DATA_DIR: join(folder, String(workers)), ...(await databaseOf(workers)) };
  const command = workshop.serve(env, { args: ["--workers", String(workers)], main });
  const url = await command.url();
  const [token] = await command.printed(/osk_[\w-]{49}/);
  // From here on it is the log, of which nothing is needed.
  command.child.stderr?.removeAllListeners("data").resume();
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const call = async <T>(method: string, request: object): Promise<T> => {
    const response = await fetch(`${url}/${method}`, { method: "POST", headers, body: JSON.stringify(request) });
    return (await response.json()) as T;
  };
  const identity = await call<{ organizationId: string }>("gitpod.v1.IdentityService/GetAuthenticatedIdentity", {});
  type Created = { ssoConfiguration: { id: string } };
  const created = await call<Created>("gitpod.v1.OrganizationService/CreateSSOConfiguration", {
    organizationId: identity.organizationId,
    clientId: "client",
    clientSecret: "secret",
    issuerUrl: "https://acme.okta.com",
    displayName: "Acme",
  });
  const load: Load = {
    port: Number(new URL(url).port),
    path: "/gitpod.v1.OrganizationService/GetSSOConfiguration",
    headers,
    body: Buffer.from(JSON.stringify({ ssoConfigurationId: created.ssoConfiguration.id })),
    protocol: "h1",
    concurrency: IN_FLIGHT * workers,
  };
  return { load, pid: command.child.pid as number };
}

type Sample = { readonly perSecond: number; readonly perCpuSecond: number };
type Server = Awaited<ReturnType<typeof start>>;

async function measure({ load, pid }: Server): Promise<Sample> {
  const before = cpuSecondsOfTree(pid);
  const result = await run(load, seconds);
  return {
    perSecond: result.requests / result.seconds,
    perCpuSecond: result.requests / (cpuSecondsOfTree(pid) - before),
  };
}

try {
  if (!enough) pinLoad();
  const contestants = [
    { workers: "1", server: await start(1), samples: [] as Sample[] },
    { workers: "2", server: await start(2), samples: [] as Sample[] },
  ];
  for (const { server } of contestants) {
    if (!enough) pinServer(server.pid);
    await run(server.load, WARM_UP_SECONDS);
  }
  // A machine that is slower for a while is so for both.
  for (let round = 0; round < rounds; round++) {
    for (const { server, samples } of contestants) samples.push(await measure(server));
  }
  const alone = contestants[0]?.samples ?? [];
  const toOne = (samples: readonly Sample[], key: keyof Sample) =>
    median(samples.map((sample, round) => sample[key] / (alone[round]?.[key] ?? 0)));
  const rows = contestants.map(({ workers, samples }) => ({
    workers,
    "req/s": median(samples.map(({ perSecond }) => perSecond)).toFixed(0),
    "calls/cpu-s": median(samples.map(({ perCpuSecond }) => perCpuSecond)).toFixed(0),
    "to one": toOne(samples, "perSecond").toFixed(2),
    "to one by cpu": toOne(samples, "perCpuSecond").toFixed(2),
  }));
  process.stdout.write(`${formatTable(rows, Object.keys(rows[0] ?? {}))}\n`);
  if (!enough) process.stdout.write("\ntoo few processors for the clock to show a second worker\n");
  const both = contestants[1]?.samples ?? [];
  if (toOne(both, "perCpuSecond") < CPU_LIMIT) process.exitCode = 1;
  if (enough && toOne(both, "perSecond") < THROUGHPUT_LIMIT) process.exitCode = 1;
} finally {
  await workshop.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
