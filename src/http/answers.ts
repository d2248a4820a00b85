import type { NodeResponse } from "./node-http.ts";

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
