import type { NodeRequest } from "./node-http.ts";

/** What is known about one request; doors add to it, the log line and the metrics are made from it. */
export type RequestRecord = {
  /** Joins the answer, the log line and the error reports. */
  readonly id: string;
  /** Milliseconds on the server's monotonic clock. */
  readonly startedAt: number;
  readonly method: string;
  /** The path without the query, for dispatch. */
  readonly path: string;
  /** The path as it is logged: a door whose paths carry something secret puts a pattern here. */
  loggedPath: string;
  /** Name of the door that took it; `none` when none did. */
  door: string;
  /** The caller's address, behind as many proxies as the server trusts. */
  readonly clientAddress: string | undefined;
  /** Stands for the connection, which lives as long as it does: requests of one connection have the same. */
  readonly connection: object;
  /** Fields, names and values in turn, that the answer carries whichever door gives it. */
  readonly head: string[];
  /** Whatever a door wants in the log line: procedure, code, caller, organization. Never a secret. */
  readonly fields: Record<string, unknown>;
  /** Of the answer, where the door knows it; otherwise the response does. */
  status: number | undefined;
  /** Bytes of the answer's body, where the door counts them; otherwise the response does. */
  bytes: number | undefined;
  /** A failure that nobody expected; it goes whole into the log line, and never into an answer. */
  error: unknown;
};

const key = Symbol("request record");

type Carrier = { [key]?: RequestRecord };

/** The record of a request that came through the server. Throws for any other request. */
export function requestRecord(req: NodeRequest): RequestRecord {
  const record = (req as Carrier)[key];
  if (record === undefined) throw new Error("this request did not come through the server");
  return record;
}

/** Ties a record to its request. */
export function setRequestRecord(req: NodeRequest, record: RequestRecord): void {
  (req as Carrier)[key] = record;
}
