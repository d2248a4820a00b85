/**
 * How many users a second are created over HTTP, here and by what a Node project would use instead, in one run: the same
 * requests, each server in a process of its own on one processor, the load on another, and every database set so that an
 * answered create survives a loss of power. Prints the rates and what they are of the service's own on the same database, and
 * fails when one is above it.
 *
 *   node bench/scim-peers.ts [--seconds 5] [--rounds 3] [--concurrency 16] [--peers <folder>]
 *
 * The others are installed from npm into the folder (about 300 MB; kept, and used again by the next run), by default in the
 * temporary folder.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTable } from "../src/cli/output.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { readArguments } from "./support/arguments.ts";
import { median } from "./support/median.ts";
import { installPeers, PEERS_FOLDER } from "./support/peers.ts";
import { createPostgresDatabase } from "./support/postgres-database.ts";
import { pinLoad, type ServerProcess, startProcess } from "./support/server-process.ts";

const { flags } = readArguments(import.meta.filename, {
  seconds: 5,
  rounds: 3,
  concurrency: 16,
  peers: PEERS_FOLDER,
});
const { seconds, rounds, concurrency } = flags;

const DATABASES = ["sqlite", "postgres"] as const;
type DatabaseName = (typeof DATABASES)[number];

const SERVERS = [
  { name: "organization-service", script: "scim-service" },
  { name: "@boxyhq/saml-jackson", script: "scim-jackson" },
  { name: "@better-auth/scim", script: "scim-better-auth" },
] as const;

/** One row of the table. */
interface Contestant {
  readonly name: string;
  readonly database: DatabaseName;
  readonly server: ServerProcess;
  readonly samples: { readonly perSecond: number; readonly perCpuSecond: number; readonly p50: number }[];
}

let made = 0;
/** A user as directories send it, each another one. */
function body(): Buffer {
  const name = `user${made++}`;
  return Buffer.from(
    JSON.stringify({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: `${name}@example.com`,
      externalId: `id-${name}`,
      name: { givenName: "Ada", familyName: name },
      displayName: `Ada ${name}`,
      emails: [{ value: `${name}@example.com`, type: "work", primary: true }],
      active: true,
    }),
  );
}

function createOne({ port, hello }: ServerProcess, agent: Agent): Promise<void> {
  const payload = body();
  const headers = {
    authorization: `Bearer ${hello.token}`,
    "content-type": "application/scim+json",
    "content-length": payload.length,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: "127.0.0.1", port, path: String(hello.path), method: "POST", headers });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        if (response.statusCode === 201) resolve();
        else reject(new Error(`${hello.path}: ${response.statusCode} ${Buffer.concat(chunks)}`));
      });
    });
    sent.end(payload);
  });
}

/** Creates for some seconds. */
async function load(server: ServerProcess, forSeconds: number): Promise<Contestant["samples"][number]> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const latencies: number[] = [];
  const cpu = server.cpuSeconds();
  const start = performance.now();
  const end = start + forSeconds * 1000;
  const sender = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      await createOne(server, agent);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sender));
  const elapsed = (performance.now() - start) / 1000;
  agent.destroy();
  return {
    perSecond: latencies.length / elapsed,
    perCpuSecond: latencies.length / (server.cpuSeconds() - cpu),
    p50: median(latencies),
  };
}

const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
installPeers(flags.peers);
const pinned = pinLoad();
const postgres = await startPostgres({ durable: true });
const contestants: Contestant[] = [];

async function start(script: string, database: DatabaseName): Promise<ServerProcess> {
  const name = `${script.replaceAll("-", "_")}_${database}`;
  const dataDir = join(folder, name);
  mkdirSync(dataDir);
  const env: Record<string, string> = { PEERS: flags.peers, DATA_DIR: dataDir };
  if (database === "postgres") {
    env.DATABASE_URL = await createPostgresDatabase(postgres.url, name);
  }
  return startProcess(join(import.meta.dirname, "servers", `${script}.ts`), env);
}

try {
  for (const database of DATABASES) {
    for (const { name, script } of SERVERS) {
      contestants.push({ name, database, server: await start(script, database), samples: [] });
    }
  }
  // They take turns, so that whatever else the machine does slows all of them.
  for (const { server } of contestants) await load(server, Math.min(2, seconds));
  for (let round = 0; round < rounds; round++) {
    for (const { server, samples } of contestants) samples.push(await load(server, seconds));
  }
  const rates = contestants.map(({ name, database, samples }) => {
    const of = (key: keyof (typeof samples)[number]) => median(samples.map((sample) => sample[key]));
    return { name, database, perSecond: of("perSecond"), perCpuSecond: of("perCpuSecond"), p50: of("p50") };
  });
  const printed = rates.map(({ name, database, perSecond, perCpuSecond, p50 }) => {
    const own = rates.find((rate) => rate.database === database)?.perSecond ?? Number.NaN;
    if (perSecond > own) process.exitCode = 1;
    return {
      server: name,
      database,
      "creates/s": perSecond.toFixed(0),
      ratio: (perSecond / own).toFixed(2),
      "creates/cpu-s": perCpuSecond.toFixed(0),
      "p50 ms": p50.toFixed(1),
    };
  });
  process.stdout.write(
    `${rounds} rounds of ${seconds} s, ${concurrency} requests in flight, medians; ` +
      `${pinned ? "server on one processor, load on another" : "processes could not be pinned"}\n\n` +
      `${formatTable(printed, ["server", "database", "creates/s", "ratio", "creates/cpu-s", "p50 ms"])}\n`,
  );
} finally {
  for (const { server } of contestants) await server.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
