/**
 * What a second worker adds: calls of `serve --workers 1` and `--workers 2`, by the clock and by the processor time of all their
 * processes, in turn; ratios are medians of the rounds'. Where there are no processors for two workers and the load generator,
 * these stand in each other's way, and a second worker does not show by the clock: so it is compared with two servers that
 * share nothing, too.
 *
 *   node bench/workers.ts [--seconds 5] [--rounds 5] [--engine sqlite|postgres]
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
import { cpuSecondsOfTree } from "./support/server-process.ts";

/** Requests in flight for each worker: more clients are why there is more than one. */
const IN_FLIGHT = 32;
const CPU_LIMIT = 0.9;
/** Processors that two workers and a load generator as large need. */
const ENOUGH = 4;
const THROUGHPUT_LIMIT = 1.8;
const WARM_UP_SECONDS = 10;

const { seconds, rounds, engine } = readArguments(import.meta.filename, {
  seconds: 5,
  rounds: 5,
  engine: ["sqlite", "postgres"],
}).flags;
const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
const workshop = new Workshop();
const postgres = engine === "postgres" ? await startPostgres() : undefined;

async function databaseOf(name: string): Promise<Record<string, string>> {
  if (postgres === undefined) return {};
  return { DATABASE_URL: await createPostgresDatabase(postgres.url, `workers_${name}`) };
}

/** Starts the command, and makes a configuration to read. @returns what it is asked, and its process. */
async function start(name: string, workers: number): Promise<{ load: Load; pid: number }> {
  const env = { DATA_DIR: join(folder, name), ...(await databaseOf(name)) };
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

/** Asks all of them at once. */
async function measure(servers: readonly Server[]): Promise<Sample> {
  const cpuSeconds = () => servers.reduce((sum, { pid }) => sum + cpuSecondsOfTree(pid), 0);
  const before = cpuSeconds();
  const results = await Promise.all(servers.map(({ load }) => run(load, seconds)));
  const requests = results.reduce((sum, result) => sum + result.requests, 0);
  return { perSecond: requests / (results[0]?.seconds ?? 0), perCpuSecond: requests / (cpuSeconds() - before) };
}

try {
  const one = await start("one", 1);
  const contestants = [
    { name: "1 worker", servers: [one], samples: [] as Sample[] },
    { name: "2 workers", servers: [await start("two", 2)], samples: [] as Sample[] },
    { name: "2 servers that share nothing", servers: [one, await start("other", 1)], samples: [] as Sample[] },
  ] as const;
  for (const { servers } of contestants) for (const { load } of servers) await run(load, WARM_UP_SECONDS);
  // In turn: a machine that is slower for a while is so for all.
  for (let round = 0; round < rounds; round++) {
    for (const { servers, samples } of contestants) samples.push(await measure(servers));
  }
  const [alone, both, apart] = contestants.map(({ samples }) => samples);
  const ratio = (key: keyof Sample, of = both, to = alone) =>
    median((of ?? []).map((sample, round) => sample[key] / (to?.[round]?.[key] ?? 0)));
  const rows = contestants.map(({ name, samples }) => ({
    server: name,
    "req/s": median(samples.map(({ perSecond }) => perSecond)).toFixed(0),
    "calls/cpu-s": median(samples.map(({ perCpuSecond }) => perCpuSecond)).toFixed(0),
    "to one": ratio("perSecond", samples).toFixed(2),
    "to one by cpu": ratio("perCpuSecond", samples).toFixed(2),
  }));
  process.stdout.write(`${formatTable(rows, Object.keys(rows[0] ?? {}))}\n`);
  process.stdout.write(
    `\n2 workers, to 2 servers that share nothing, by processor time: ${ratio("perCpuSecond", both, apart).toFixed(2)}\n`,
  );
  const enough = availableParallelism() >= ENOUGH;
  if (!enough) process.stdout.write(`${availableParallelism()} processors: too few to compare with one worker\n`);
  if (ratio("perCpuSecond", both, enough ? alone : apart) < CPU_LIMIT) process.exitCode = 1;
  if (enough && ratio("perSecond") < THROUGHPUT_LIMIT) process.exitCode = 1;
} finally {
  await workshop.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
