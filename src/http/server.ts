import type { Logger } from "pino";
import { answerEmpty, answerJson } from "./answers.ts";
import { clientAddress } from "./client-address.ts";
import type { Cors } from "./cors.ts";
import type { Metrics } from "./metrics.ts";
import { isHttp2Request, isHttp2Response, type NodeHandler, type NodeRequest, type NodeResponse } from "./node-http.ts";
import { type RequestRecord, requestRecord, setRequestRecord } from "./record.ts";
import { bodyBytes } from "./responses.ts";

/** Longest path in a log line, in characters. */
const loggedPathLength = 512;

/** The header that carries the request id, in both directions. */
export const requestIdHeader = "x-request-id";

/** A part of the server that answers everything under its paths. */
export type Door = {
  /** In the log line and as a metric label. */
  readonly name: string;
  /** Whether a path, without its query, is this door's. Must be cheap: every request asks it. */
  match(path: string): boolean;
  /** Answers. Whatever it throws becomes a 500. */
  handle(req: NodeRequest, res: NodeResponse): void | Promise<void>;
  /** Refuses for want of room, in the door's own protocol; by default a 503 with a JSON body. */
  overloaded?(req: NodeRequest, res: NodeResponse): void;
  /** Browser pages of other origins may call it, as configured. */
  readonly cors?: boolean;
  /** Its good answers are logged at debug level: probes and scrapes. */
  readonly quiet?: boolean;
};

/** What the server needs. */
export type ServerOptions = {
  /** Asked in this order; the first that matches answers. */
  readonly doors: readonly Door[];
  readonly log: Logger;
  readonly metrics?: Metrics;
  readonly cors?: Cors;
  /** Makes the id of a request. */
  readonly requestIds: () => string;
  /** How many proxies that append to `x-forwarded-for` stand before the server; with 0 its headers are not believed. */
  readonly trustProxy: number;
  /** Paths that the answer to an unknown path points to. */
  readonly signposts?: readonly string[];
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
};

/** Both handlers that a listener needs. */
export type Server = {
  readonly handler: NodeHandler;
  readonly overloaded: NodeHandler;
};

/** A {@link Door.match} for fixed beginnings: `/scim/v2/` matches what is below it, `/healthz` itself alone. */
export function pathPrefixes(...prefixes: readonly string[]): (path: string) => boolean {
  return (path) => prefixes.some((prefix) => (prefix.endsWith("/") ? path.startsWith(prefix) : path === prefix));
}

/**
 * Makes the dispatcher from path to door. Every request gets a record ({@link requestRecord}), every answer its id and
 * `x-content-type-options`, and every end of a request one log line and one measurement.
 */
export function createServer(options: ServerOptions): Server {
  const { doors, log, metrics, cors } = options;
  const now = options.now ?? (() => performance.now());

  function open(req: NodeRequest, res: NodeResponse): RequestRecord {
    const path = originForm(req);
    const record: RequestRecord = {
      id: requestId(req, options),
      startedAt: now(),
      method: req.method ?? "",
      path,
      loggedPath: path,
      door: "none",
      clientAddress: clientAddress(req, options.trustProxy),
      fields: {},
      error: undefined,
    };
    setRequestRecord(req, record);
    res.setHeader(requestIdHeader, record.id);
    res.setHeader("x-content-type-options", "nosniff");
    metrics?.requestStarted();
    return record;
  }

  function close(record: RequestRecord, door: Door | undefined, res: NodeResponse): void {
    const seconds = (now() - record.startedAt) / 1_000;
    const finished = isHttp2Response(res) ? res.stream.writableFinished : res.writableFinished;
    // 499 as proxies log it: the caller went away before the answer began.
    const status = finished || res.headersSent ? res.statusCode : 499;
    metrics?.requestEnded(record.door, record.method, status, seconds);
    writeLine(log, record, door, status, seconds, finished, res);
  }

  function start(req: NodeRequest, res: NodeResponse): Door | undefined {
    const record = open(req, res);
    const door = doors.find((each) => each.match(record.path));
    if (door !== undefined) record.door = door.name;
    res.on("close", () => close(record, door, res));
    return door;
  }

  return {
    handler(req, res) {
      const door = start(req, res);
      if (req.url === "*") return answerEmpty(res, 204);
      if (door === undefined) return answerUnknown(requestRecord(req), res, options.signposts ?? []);
      if (door.cors === true && cors?.(req, res) === "answered") return;
      run(door, req, res);
    },
    overloaded(req, res) {
      const door = start(req, res);
      if (door?.cors === true && cors?.(req, res) === "answered") return;
      if (door?.overloaded !== undefined) return door.overloaded(req, res);
      const { id } = requestRecord(req);
      answerJson(res, 503, { code: "unavailable", message: "the server is busy; try again later", requestId: id });
    },
  };
}

function run(door: Door, req: NodeRequest, res: NodeResponse): void {
  try {
    const done = door.handle(req, res);
    if (done !== undefined) done.catch((error: unknown) => fail(error, req, res));
  } catch (error) {
    fail(error, req, res);
  }
}

/** Ends a request whose door failed. Its answer says nothing but the id, and is cut off where it had begun already. */
function fail(error: unknown, req: NodeRequest, res: NodeResponse): void {
  const record = requestRecord(req);
  record.error ??= error;
  if (!res.headersSent) {
    const message = `internal error; the log has it under request id ${record.id}`;
    answerJson(res, 500, { code: "internal", message, requestId: record.id });
  } else if (!res.writableEnded) {
    if (isHttp2Request(req)) req.stream.close(2);
    else res.destroy();
  }
}

function answerUnknown(record: RequestRecord, res: NodeResponse, signposts: readonly string[]): void {
  const hint = signposts.length > 0 ? `; there is ${signposts.join(", ")}` : "";
  // "unimplemented" is what Connect and gRPC clients make of a path that nobody serves.
  answerJson(res, 404, {
    code: "unimplemented",
    message: `nothing is served at this path${hint}`,
    requestId: record.id,
  });
}

/** The path of a request; turns the absolute form (RFC 9112, section 3.2.2) into the origin form on the way. */
function originForm(req: NodeRequest): string {
  let url = req.url ?? "/";
  if (url.charCodeAt(0) !== 0x2f) {
    const rest = /^https?:\/\/[^/?#]*(.*)$/i.exec(url)?.[1];
    if (rest !== undefined) {
      url = rest.startsWith("/") ? rest : `/${rest}`;
      req.url = url;
    }
  }
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

function requestId(req: NodeRequest, options: ServerOptions): string {
  const given = options.trustProxy > 0 ? req.headers[requestIdHeader] : undefined;
  return typeof given === "string" && /^[\w.:+/=~-]{1,128}$/.test(given) ? given : options.requestIds();
}

function writeLine(
  log: Logger,
  record: RequestRecord,
  door: Door | undefined,
  status: number,
  seconds: number,
  finished: boolean,
  res: NodeResponse,
): void {
  const failed = record.error !== undefined;
  const level = failed ? "error" : door?.quiet === true && status < 400 ? "debug" : "info";
  if (!log.isLevelEnabled(level)) return;
  const line: Record<string, unknown> = {
    ...record.fields,
    requestId: record.id,
    method: record.method,
    path: record.loggedPath.slice(0, loggedPathLength),
    status,
    door: record.door,
    durationMs: Math.round(seconds * 1e6) / 1e3,
    bytes: record.method === "HEAD" ? 0 : bodyBytes(res),
    clientAddress: record.clientAddress,
  };
  if (!finished) line.aborted = true;
  if (failed) line.err = record.error;
  log[level](line, "request");
}
