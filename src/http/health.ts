import { answerJson, refuseMethod } from "./answers.ts";
import type { NodeRequest, NodeResponse } from "./node-http.ts";
import { createReadiness, type ReadinessOptions } from "./readiness.ts";
import { requestRecord } from "./record.ts";
import type { Door } from "./server.ts";

/** `/healthz`: the process lives. `/readyz`: it can answer requests; 503 and a reason otherwise. Open to everybody. */
export function healthDoor(options: ReadinessOptions): Door {
  const readiness = createReadiness(options);

  async function answerReadiness(req: NodeRequest, res: NodeResponse): Promise<void> {
    const unready = await readiness();
    if (unready === undefined) return answerJson(res, 200, { status: "ok" });
    const { reason, cause } = unready;
    if (cause !== undefined)
      requestRecord(req).fields.notReady = cause instanceof Error ? cause.message : String(cause);
    answerJson(res, 503, { status: "unavailable", reason });
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
