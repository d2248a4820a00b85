import { createHash, timingSafeEqual } from "node:crypto";
import { answerJson, answerText, refuseMethod } from "./answers.ts";
import type { Metrics } from "./metrics.ts";
import type { Door } from "./server.ts";

/**
 * `GET /metrics` in the Prometheus text format. With a token it answers only to `Authorization: Bearer <token>`;
 * without one it belongs on a listener that only the scraper reaches.
 */
export function metricsDoor(metrics: Pick<Metrics, "expose">, token?: string): Door {
  const expected = token === undefined ? undefined : sha256(`Bearer ${token}`);
  return {
    name: "metrics",
    quiet: true,
    match: (path) => path === "/metrics",
    async handle(req, res) {
      if (refuseMethod(req, res)) return;
      if (expected !== undefined && !timingSafeEqual(sha256(req.headers.authorization ?? ""), expected)) {
        res.setHeader("www-authenticate", "Bearer");
        answerJson(res, 401, { code: "unauthenticated", message: "this path needs the bearer token of the metrics" });
        return;
      }
      const { contentType, body } = await metrics.expose();
      res.setHeader("cache-control", "no-store");
      answerText(res, 200, contentType, body);
    },
  };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
