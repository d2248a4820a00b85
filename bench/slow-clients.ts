/**
 * What a thousand slow clients do to the others: half of them send their headers a byte at a time, half a body, over HTTP/1.1.
 * Measures the others' latency without and with them, in turn, and prints it with how the slow ones were answered. Fails when
 * the p99 of the others is more than twice the normal one (the median of the rounds), or a slow client was not told why it is
 * cut off.
 *
 *   node bench/slow-clients.ts [--clients 1000] [--seconds 12] [--rounds 5]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatTable } from "../src/cli/output.ts";
import { readArguments } from "./support/arguments.ts";
import { type Load, type Measured, run } from "./support/load.ts";
import { median } from "./support/median.ts";
import { pinLoad, startProcess } from "./support/server-process.ts";
import type { CutOff, SlowClients } from "./support/slow-clients.ts";

const LIMIT = 2;
/** The server's patience, shorter than its default so that the end is seen. */
const PATIENCE_S = 10;
/** Until all slow clients have begun. */
const RAMP_MS = 3000;
/** Requests in flight of the others: few, so that latency is the server's and not that of a queue. */
const OTHERS = 4;

const { clients, seconds, rounds } = readArguments(import.meta.filename, {
  clients: 1000,
  seconds: 12,
  rounds: 5,
}).flags;

const PATH = "/gitpod.v1.OrganizationService/GetSSOConfiguration";

const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
pinLoad();
const server = await startProcess(join(import.meta.dirname, "servers", "service.ts"), {
  DATA_DIR: folder,
  PORT: "0",
  HEADERS_TIMEOUT: String(PATIENCE_S),
  REQUEST_TIMEOUT: String(PATIENCE_S),
});

const load: Load = {
  port: server.port,
  path: PATH,
  headers: { "content-type": "application/json", authorization: `Bearer ${server.hello.token}` },
  body: Buffer.from(JSON.stringify({ ssoConfigurationId: server.hello.ssoConfigurationId })),
  protocol: "h1",
  concurrency: OTHERS,
};

// It inherits the processor of the load.
const slow = fork(join(import.meta.dirname, "support", "slow-clients.ts"));
const answers: CutOff = {};

/** One round: the others alone, then beside the slow clients. */
async function measure(): Promise<readonly [alone: Measured, beside: Measured]> {
  const alone = await run(load, seconds);
  slow.send({ port: server.port, token: String(server.hello.token), path: PATH, clients } satisfies SlowClients);
  await sleep(RAMP_MS);
  const beside = await run(load, seconds);
  const stopped = once(slow, "message") as Promise<[CutOff]>;
  slow.send("stop");
  for (const [answer, count] of Object.entries((await stopped)[0])) answers[answer] = (answers[answer] ?? 0) + count;
  return [alone, beside];
}

try {
  process.stderr.write("… warming up\n");
  await measure();
  const rows: Record<string, string>[] = [];
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`… round ${round} of ${rounds}\n`);
    const [alone, beside] = await measure();
    ratios.push(beside.p99 / alone.p99);
    const columns = (name: string, { requests, seconds: took, p50, p99 }: Measured) => ({
      [`${name} req/s`]: (requests / took).toFixed(0),
      [`${name} p50 ms`]: p50.toFixed(2),
      [`${name} p99 ms`]: p99.toFixed(2),
    });
    const ratio = (beside.p99 / alone.p99).toFixed(2);
    rows.push({ round: String(round), ...columns("alone", alone), ...columns("beside", beside), "p99 ratio": ratio });
  }
  process.stdout.write(`${formatTable(rows, Object.keys(rows[0] ?? {}))}\n`);
  const ratio = median(ratios);
  process.stdout.write(
    `\np99 of the others beside ${clients} slow clients: ${ratio.toFixed(2)} times the normal one\n`,
  );
  for (const [answer, count] of Object.entries(answers).sort()) {
    process.stdout.write(`cut off, ${answer}: ${count}\n`);
  }
  const untold = Object.keys(answers).filter((answer) => answer.includes("no answer"));
  if (ratio > LIMIT || untold.length > 0 || Object.keys(answers).length < 2) process.exitCode = 1;
} finally {
  slow.disconnect();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
