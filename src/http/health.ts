import { answerJson } from "./answers.ts";
import { refuseMethod } from "./metrics-door.ts";
import type { NodeRequest, NodeResponse } from "./node-http.ts";
import { requestRecord } from "./record.ts";
import type { Door } from "./server.ts";

/** What the probes ask. */
export type HealthOptions = {
  /** Rejects while the server cannot answer requests: storage does not answer, or is not migrated. */
  readonly ready: () => Promise<void>;
  /** Aborted when the server begins to shut down. */
  readonly closing: AbortSignal;
  /** How long `ready` may take; milliseconds. */
  readonly timeoutMs?: number;
};

/**
 * `/healthz`: the process lives. `/readyz`: it can answer requests; 503 and a reason otherwise. Both are open to
 * everybody, so the reason names no host and quotes no error: that is in the log line.
 */
export function healthDoor(options: HealthOptions): Door {
  const check = shareCalls(() => withTimeout(options.ready(), options.timeoutMs ?? 2_000));

  async function answerReadiness(req: NodeRequest, res: NodeResponse): Promise<void> {
    if (options.closing.aborted) return answerJson(res, 503, { status: "unavailable", reason: "shutting down" });
    try {
      await check();
      answerJson(res, 200, { status: "ok" });
    } catch (error) {
      requestRecord(req).fields.notReady = error instanceof Error ? error.message : String(error);
      answerJson(res, 503, { status: "unavailable", reason: "storage does not answer or is not migrated" });
    }
  }

  return {
    name: "health",
    quiet: true,
    match: (path) => path === "/healthz" || path === "/readyz",
    handle(req, res) {
      if (refuseMethod(req, res)) return;
      res.setHeader("cache-control", "no-store");
      if (requestRecord(req).path === "/healthz") return answerJson(res, 200, { status: "ok" });
      return answerReadiness(req, res);
    },
  };
}

/** Callers that come while one call is on its way get its result, so that many probes make one check. */
function shareCalls(call: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= call().finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function withTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
