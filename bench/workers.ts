/**
 * What a second worker adds: calls of `serve --workers 1` and `--workers 2`, by the clock and by the processor time of all their
 * processes. By the clock a second worker shows only where there are processors enough for the load generator too.
 *
 *   node bench/workers.ts [--seconds 5] [--rounds 3] [--engine sqlite|postgres]
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

const { seconds, rounds, engine } = readArguments(import.meta.filename, {
  seconds: 5,
  rounds: 3,
  engine: ["sqlite", "postgres"],
}).flags;
const main = join(import.meta.dirname, "..", "src", "cli", "main.ts");
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

async function measure(workers: number): Promise<{ perSecond: number; perCpuSecond: number }> {
  const { load, pid } = await start(workers);
  await run(load, 10);
  const samples: { perSecond: number; perCpuSecond: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const cpu = cpuSecondsOfTree(pid);
    const result = await run(load, seconds);
    samples.push({
      perSecond: result.requests / result.seconds,
      perCpuSecond: result.requests / (cpuSecondsOfTree(pid) - cpu),
    });
  }
  return {
    perSecond: median(samples.map(({ perSecond }) => perSecond)),
    perCpuSecond: median(samples.map(({ perCpuSecond }) => perCpuSecond)),
  };
}

try {
  const one = await measure(1);
  const two = await measure(2);
  const row = (workers: number, { perSecond, perCpuSecond }: typeof one) => ({
    workers: String(workers),
    "req/s": perSecond.toFixed(0),
    "calls/cpu-s": perCpuSecond.toFixed(0),
    "to one": (perSecond / one.perSecond).toFixed(2),
    "to one by cpu": (perCpuSecond / one.perCpuSecond).toFixed(2),
  });
  process.stdout.write(
    `${formatTable([row(1, one), row(2, two)], ["workers", "req/s", "calls/cpu-s", "to one", "to one by cpu"])}\n`,
  );
  const enough = availableParallelism() >= ENOUGH;
  if (!enough)
    process.stdout.write(`\n${availableParallelism()} processors: too few for the clock to show a second worker\n`);
  if (two.perCpuSecond / one.perCpuSecond < CPU_LIMIT) process.exitCode = 1;
  if (enough && two.perSecond / one.perSecond < THROUGHPUT_LIMIT) process.exitCode = 1;
} finally {
  await workshop.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
