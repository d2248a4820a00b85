/**
 * What a thousand slow clients do to the others: half of them send their headers a byte at a time, half a body, over HTTP/1.1.
 * Prints the others' latency without and with them, and how the slow ones were answered. Fails when the p99 of the others is
 * more than twice the normal one, or a slow client was not told why it is cut off.
 *
 *   node bench/slow-clients.ts [--clients 1000] [--seconds 20]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { formatTable } from "../src/cli/output.ts";
import { type Load, run } from "./support/load.ts";
import { pinLoad, type ServerProcess, startProcess } from "./support/server-process.ts";

const LIMIT = 2;
/** The server's patience, shorter than its default so that the end is seen. */
const PATIENCE_S = 10;
/** Milliseconds between two bytes of a slow client. */
const BYTE_MS = 250;
/** Requests in flight of the others: few, so that latency is the server's and not that of a queue. */
const OTHERS = 4;

const { values: flags } = parseArgs({
  options: { clients: { type: "string", default: "1000" }, seconds: { type: "string", default: "20" } },
});
const clients = Number(flags.clients);
const seconds = Number(flags.seconds);

const PATH = "/gitpod.v1.OrganizationService/GetSSOConfiguration";

const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
pinLoad();
const server = await startProcess(join(import.meta.dirname, "servers", "service.ts"), {
  DATA_DIR: folder,
  PORT: "0",
  HEADERS_TIMEOUT: String(PATIENCE_S),
  REQUEST_TIMEOUT: String(PATIENCE_S),
});

/** A client that sends a byte now and then. Resolves with the first line of the answer and its JSON code, once it is cut off. */
function slowClient({ port, hello }: ServerProcess, part: "headers" | "body", running: () => boolean): Promise<string> {
  const head = `POST ${PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
  const [atOnce, slowly] =
    part === "headers"
      ? ["", head.repeat(10)]
      : [`${head}authorization: Bearer ${hello.token}\r\ncontent-length: 1000\r\n\r\n`, "{".padEnd(1000)];
  return new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let answer = "";
    let at = 0;
    const timer = setInterval(() => {
      if (!running()) socket.destroy();
      else if (socket.writable) socket.write(slowly[at++] ?? " ");
    }, BYTE_MS);
    socket.on("connect", () => socket.write(atOnce));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? "no answer";
      resolve(`${part}: ${status} ${/"code":"(\w+)"/.exec(answer)?.[1] ?? ""}`.trim());
    });
  });
}

/** Keeps so many slow clients connected; a client that is cut off is followed by the next one. */
function keepSlow(count: number): { stop(): Promise<Map<string, number>> } {
  const answers = new Map<string, number>();
  let running = true;
  const follow = async (part: "headers" | "body") => {
    // Not all in the same instant: that would be a flood of connections, which is something else.
    await sleep(Math.random() * 2000);
    while (running) {
      const answer = await slowClient(server, part, () => running);
      if (running) answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  const all = Array.from({ length: count }, (_, i) => follow(i % 2 === 0 ? "headers" : "body"));
  return {
    async stop() {
      running = false;
      await Promise.all(all);
      return answers;
    },
  };
}

const load: Load = {
  port: server.port,
  path: PATH,
  headers: { "content-type": "application/json", authorization: `Bearer ${server.hello.token}` },
  body: Buffer.from(JSON.stringify({ ssoConfigurationId: server.hello.ssoConfigurationId })),
  protocol: "h1",
  concurrency: OTHERS,
};

try {
  await run(load, 5);
  const before = await run(load, seconds);
  const slow = keepSlow(clients);
  await sleep(3000);
  const during = await run(load, seconds);
  const answers = await slow.stop();
  const row = (name: string, { requests, seconds: took, p50, p99 }: typeof before) => ({
    others: name,
    "req/s": (requests / took).toFixed(0),
    "p50 ms": p50.toFixed(2),
    "p99 ms": p99.toFixed(2),
  });
  process.stdout.write(
    `${formatTable([row("alone", before), row(`beside ${clients} slow clients`, during)], ["others", "req/s", "p50 ms", "p99 ms"])}\n`,
  );
  const ratio = during.p99 / before.p99;
  process.stdout.write(`\np99: ${ratio.toFixed(2)} times the normal one\n`);
  for (const [answer, count] of [...answers].sort()) process.stdout.write(`cut off, ${answer}: ${count}\n`);
  const untold = [...answers.keys()].filter((answer) => answer.includes("no answer"));
  if (ratio > LIMIT || untold.length > 0 || answers.size < 2) process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
