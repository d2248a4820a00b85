import { constants, type IncomingHttpHeaders } from "node:http2";
import type { Logger } from "pino";
import { atNextTurn } from "../lib/turns.ts";
import { answerEmpty, answerJson, setFields } from "./answers.ts";
import { BareResponse } from "./bare.ts";
import { clientAddress } from "./client-address.ts";
import type { Cors } from "./cors.ts";
import type { Metrics } from "./metrics.ts";
import { isHttp2Request, isHttp2Response, type NodeHandler, type NodeRequest, type NodeResponse } from "./node-http.ts";
import { type RequestRecord, requestRecord, setRequestRecord } from "./record.ts";
import { type Ending, writeRequestLine } from "./request-line.ts";
import { bodyBytes } from "./responses.ts";

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
  /** It puts the record's `head` into its answers itself; otherwise it is set on the response beforehand. */
  readonly addsHead?: boolean;
  /** Whether it takes a request to this path, over HTTP/2, as {@link BareRequest}. */
  isBare?(path: string): boolean;
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
  /**
   * How many proxies that append to `x-forwarded-for` stand before the server. With 0, neither that header nor the
   * `x-request-id` of a request is believed.
   */
  readonly trustProxy: number;
  /** Paths that the answer to an unknown path points to. */
  readonly signposts?: readonly string[];
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
};

/** What a listener needs. */
export type Server = {
  readonly handler: NodeHandler;
  readonly overloaded: NodeHandler;
  readonly isBare: (headers: IncomingHttpHeaders) => boolean;
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

  function open(req: NodeRequest, res: NodeResponse): Door | undefined {
    const path = takePath(req);
    const door = doors.find((each) => each.match(path));
    const id = requestId(req, options);
    const record: RequestRecord = {
      id,
      startedAt: now(),
      method: req.method ?? "",
      path,
      loggedPath: path,
      door: door?.name ?? "none",
      clientAddress: clientAddress(req, options.trustProxy),
      connection: isHttp2Request(req) ? (req.stream.session ?? req) : req.socket,
      head: [requestIdHeader, id, "x-content-type-options", "nosniff"],
      fields: {},
      status: undefined,
      bytes: undefined,
      error: undefined,
    };
    setRequestRecord(req, record);
    metrics?.requestStarted();
    if (!(res instanceof BareResponse)) res.on("error", noteError);
    res.on("close", () => {
      const endedAt = now();
      // Behind the doors' own listeners: only then is everything said about a stream.
      atNextTurn(() => close(record, endingOf(record, res, endedAt), door?.quiet === true));
    });
    return door;
  }

  function close(record: RequestRecord, ending: Ending, quiet: boolean): void {
    metrics?.requestEnded(record.door, record.method, ending.status, ending.seconds);
    writeRequestLine(log, record, ending, quiet);
  }

  /** Ends a request whose door failed. The answer says no more than its id, and is cut off where it had begun. */
  function fail(error: unknown, req: NodeRequest, res: NodeResponse): void {
    const record = requestRecord(req);
    record.error ??= error;
    if (isClosed(res)) {
      // Its line is written already.
      log.error({ requestId: record.id, err: error }, "request failed after its caller had gone");
    } else if (!res.headersSent) {
      // What a failed door has set is about an answer that is not given.
      for (const name of res.getHeaderNames()) res.removeHeader(name);
      setFields(res, record.head);
      const message = `internal error; the log has it under request id ${record.id}`;
      answerJson(res, 500, { code: "internal", message, requestId: record.id });
    } else if (!res.writableEnded) {
      cut(req, res);
    }
  }

  function run(door: Door, req: NodeRequest, res: NodeResponse): void {
    try {
      if (door.addsHead !== true) setFields(res, requestRecord(req).head);
      door.handle(req, res)?.catch((error: unknown) => fail(error, req, res));
    } catch (error) {
      fail(error, req, res);
    }
  }

  return {
    isBare(headers) {
      const path = String(headers[":path"]);
      return headers[":method"] !== "OPTIONS" && doors.some((door) => door.isBare?.(path) === true);
    },
    handler(req, res) {
      const door = open(req, res);
      const record = requestRecord(req);
      if (req.url === "*" || door === undefined) {
        setFields(res, record.head);
        if (req.url === "*") return answerEmpty(res, 204);
        return answerUnknown(record, res, options.signposts ?? []);
      }
      if (door.cors === true && cors?.(req, res, record.head) === "answered") return;
      run(door, req, res);
    },
    overloaded(req, res) {
      const door = open(req, res);
      const { id, head } = requestRecord(req);
      if (door?.cors === true && cors?.(req, res, head) === "answered") return;
      setFields(res, head);
      if (door?.overloaded !== undefined) return door.overloaded(req, res);
      answerJson(res, 503, { code: "unavailable", message: "the server is busy; try again later", requestId: id });
    },
  };
}

function endingOf(record: RequestRecord, res: NodeResponse, time: number): Ending {
  const finished = isFinished(res);
  return {
    // 499, as proxies log it, when the caller was gone before the answer began.
    status: finished || res.headersSent ? (record.status ?? res.statusCode) : 499,
    seconds: (time - record.startedAt) / 1_000,
    bytes: record.method === "HEAD" ? 0 : (record.bytes ?? bodyBytes(res)),
    aborted: !finished,
  };
}

function isFinished(res: NodeResponse): boolean {
  if (!isHttp2Response(res)) return res.writableFinished;
  // Node ends a stream that was reset, so that it looks finished.
  return res.writableEnded && res.stream.writableFinished && res.stream.rstCode === constants.NGHTTP2_NO_ERROR;
}

/** A response that is written to after its end reports it as an event, which would end the process. */
function noteError(this: NodeResponse, error: Error): void {
  requestRecord(this.req).error ??= error;
}

function isClosed(res: NodeResponse): boolean {
  return isHttp2Response(res) ? res.stream.destroyed : res.destroyed;
}

function cut(req: NodeRequest, res: NodeResponse): void {
  if (isHttp2Request(req)) req.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else res.destroy();
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

/** The path of a request, without the query. Turns the absolute form (RFC 9112, section 3.2.2) into the origin form. */
function takePath(req: NodeRequest): string {
  let url = req.url ?? "/";
  const rest = url.startsWith("/") ? undefined : /^https?:\/\/[^/?#]*(.*)$/i.exec(url)?.[1];
  if (rest !== undefined) {
    url = rest.startsWith("/") ? rest : `/${rest}`;
    req.url = url;
  }
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

function requestId(req: NodeRequest, options: ServerOptions): string {
  const given = options.trustProxy > 0 ? req.headers[requestIdHeader] : undefined;
  return typeof given === "string" && /^[\w.:+/=~-]{1,128}$/.test(given) ? given : options.requestIds();
}
