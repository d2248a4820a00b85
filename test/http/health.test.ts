import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { healthDoor } from "../../src/http/health.ts";
import type { ReadinessOptions } from "../../src/http/readiness.ts";
import { createServer } from "../../src/http/server.ts";
import { dialHttp2, fetchHttp1, fetchHttp2, listen } from "./sockets.ts";

async function serve(options: Partial<ReadinessOptions>) {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line) => lines.push(line) });
  const door = healthDoor({ ready: async () => {}, closing: new AbortController().signal, ...options });
  const { port } = await listen(createServer({ doors: [door], log, requestIds: () => "id", trustProxy: 0 }));
  return { port, lines };
}

const plainHeaders = { "content-type": "application/json", "cache-control": "no-store" };

describe("/healthz", () => {
  it("answers as long as the process lives", async () => {
    const { port } = await serve({ ready: () => Promise.reject(new Error("down")), closing: AbortSignal.abort() });
    expect(await fetchHttp1(port, "/healthz")).toMatchObject({
      status: 200,
      headers: plainHeaders,
      body: '{"status":"ok"}',
    });
    expect(await fetchHttp1(port, "/healthz", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await fetchHttp1(port, "/healthz", { method: "POST" })).toMatchObject({ status: 405 });
  });
});

describe("/readyz", () => {
  it("answers 200 while the server can answer requests", async () => {
    const { port } = await serve({});
    expect(await fetchHttp1(port, "/readyz")).toMatchObject({
      status: 200,
      headers: plainHeaders,
      body: '{"status":"ok"}',
    });
  });

  it("answers 503 while storage does not answer, and keeps the details for the log", async () => {
    let down = true;
    const ready = async (): Promise<void> => {
      if (down) throw new Error("connect ECONNREFUSED 10.1.2.3:5432");
    };
    const { port, lines } = await serve({ ready });
    const answer = await fetchHttp1(port, "/readyz");
    expect(answer).toMatchObject({ status: 503, headers: plainHeaders });
    expect(JSON.parse(answer.body)).toEqual({
      status: "unavailable",
      reason: "storage does not answer or is not migrated",
    });
    down = false;
    expect(await fetchHttp1(port, "/readyz")).toMatchObject({ status: 200 });
    expect(lines[0]).toContain("10.1.2.3");
  });

  it("answers 503 when storage takes too long to answer", async () => {
    const { port } = await serve({ ready: () => new Promise(() => {}), timeoutMs: 20 });
    expect(await fetchHttp1(port, "/readyz")).toMatchObject({ status: 503 });
  });

  it("answers 503 while the server shuts down", async () => {
    const closing = new AbortController();
    const { port } = await serve({ closing: closing.signal });
    closing.abort();
    const answer = await fetchHttp1(port, "/readyz");
    expect(JSON.parse(answer.body)).toEqual({ status: "unavailable", reason: "shutting down" });
    expect(answer.status).toBe(503);
  });

  it("asks storage once for all who ask at the same time", async () => {
    let calls = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const ready = (): Promise<void> => {
      calls += 1;
      return calls === 1 ? promise : Promise.resolve();
    };
    const { port } = await serve({ ready, timeoutMs: 60_000 });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const answers = [fetchHttp2(session, "/readyz"), fetchHttp2(session, "/readyz")];
    // Requests of one connection are handled in order: the answer to a later one shows that both have arrived.
    await fetchHttp2(session, "/healthz");
    resolve();
    expect(await Promise.all(answers)).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(calls).toBe(1);
    await fetchHttp1(port, "/readyz");
    expect(calls).toBe(2);
  });
});
