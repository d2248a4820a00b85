import type { NodeRequest, NodeResponse } from "./node-http.ts";

/** Sets fields that are given as names and values in turn. */
export function setFields(res: NodeResponse, fields: readonly string[]): void {
  for (let i = 0; i + 1 < fields.length; i += 2) res.setHeader(fields[i] as string, fields[i + 1] as string);
}

/** Answers with `body` as JSON and ends the response. */
export function answerJson(res: NodeResponse, status: number, body: object): void {
  answerText(res, status, "application/json", JSON.stringify(body));
}

/** Answers with `body`, of the given content type, and ends the response. A HEAD request gets the header section only. */
export function answerText(res: NodeResponse, status: number, contentType: string, body: string): void {
  res.statusCode = status;
  res.setHeader("content-type", contentType);
  res.setHeader("content-length", Buffer.byteLength(body));
  res.end(body);
}

/** Answers with a status and no body. */
export function answerEmpty(res: NodeResponse, status: number): void {
  res.statusCode = status;
  res.end();
}

/** Refuses whatever is neither GET nor HEAD; true when it did. */
export function refuseMethod(req: NodeRequest, res: NodeResponse): boolean {
  if (req.method === "GET" || req.method === "HEAD") return false;
  res.setHeader("allow", "GET, HEAD, OPTIONS");
  if (req.method === "OPTIONS") answerEmpty(res, 204);
  else answerJson(res, 405, { code: "unimplemented", message: "this path answers to GET and HEAD" });
  return true;
}
