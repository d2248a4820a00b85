import { constants } from "node:http2";
import { Chain, type Linked } from "../lib/chain.ts";
import { BareRequest } from "./bare.ts";
import { answerRaw, type Connection, type Connections } from "./connections.ts";
import { failBody } from "./http2-request.ts";
import type { Limits } from "./limits.ts";
import { isHttp2Request, isHttp2Response, type NodeRequest, type NodeResponse } from "./node-http.ts";

/** The shortest time between two searches for slow requests while the server is full; milliseconds. */
const searchPauseMs = 100;

/** One request in progress. */
export interface Flight extends Linked<Flight> {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly connection: Connection;
  readonly startedAt: number;
  readonly long: boolean;
  admitted: boolean;
  ended: boolean;
  /** Bytes of the answer that the caller had taken at `takenAt`. */
  taken: number;
  takenAt: number;
}

/** The requests in progress of a listener. */
export type Requests = {
  /** Counts a request in. Its `admitted` is false when there is no room for it. */
  begin(req: NodeRequest, res: NodeResponse, connection: Connection, long: boolean): Flight;
  /** Counts it out. */
  end(flight: Flight): void;
  /** Enforces the time limits. */
  check(): void;
  /** Asks HTTP/1.1 callers to close their connections after the answers that are still to be sent. */
  drain(): void;
};

/** Makes an empty set of requests. `now` is a monotonic clock in milliseconds. */
export function createRequests(limits: Limits, connections: Connections, now: () => number): Requests {
  const flights = new Chain<Flight>();
  let short = 0;
  let long = 0;
  let searchedAt = Number.NEGATIVE_INFINITY;

  function release(flight: Flight): void {
    if (!flight.admitted) return;
    flight.admitted = false;
    if (flight.long) long -= 1;
    else short -= 1;
  }

  function admit(flight: Flight): boolean {
    if (flight.connection.surplus) return false;
    if (flight.long ? long >= limits.longRequests : short >= limits.requests && !makeRoom(flight.startedAt)) {
      return false;
    }
    if (flight.long) long += 1;
    else short += 1;
    return true;
  }

  function makeRoom(time: number): boolean {
    if (time - searchedAt > searchPauseMs) {
      searchedAt = time;
      cutSlow(limits.crowdedRequestMs, time);
    }
    return short < limits.requests;
  }

  function cutSlow(patienceMs: number, time: number): void {
    for (const flight of flights) {
      if (time - flight.startedAt <= patienceMs) break;
      if (flight.long || isReceived(flight.req)) continue;
      release(flight);
      cutUnfinished(flight, time);
    }
  }

  return {
    begin(req, res, connection, isLong) {
      const startedAt = now();
      const flight: Flight = {
        req,
        res,
        connection,
        startedAt,
        long: isLong,
        admitted: false,
        ended: false,
        taken: 0,
        takenAt: startedAt,
        before: undefined,
        after: undefined,
      };
      flight.admitted = admit(flight);
      flights.add(flight);
      connections.begin(connection, res);
      return flight;
    },
    end(flight) {
      if (flight.ended) return;
      flight.ended = true;
      release(flight);
      flights.delete(flight);
      connections.end(flight.connection);
    },
    check() {
      const time = now();
      cutSlow(limits.requestMs, time);
      for (const flight of flights) cutStalled(flight, limits.stallMs, time);
    },
    drain() {
      for (const { res } of flights) closeAfter(res);
    },
  };
}

/** Makes the answer the last one on its connection, where the protocol says so in a header. */
export function closeAfter(res: NodeResponse): void {
  if (!isHttp2Response(res) && !res.headersSent) res.setHeader("connection", "close");
}

/** True when the whole request has arrived, read by its handler or not. */
function isReceived(req: NodeRequest): boolean {
  if (!isHttp2Request(req)) return req.complete;
  return req.stream.destroyed || req.stream.state.state === constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE;
}

/** Ends a request that did not arrive in time: 408 where no answer has begun, a cut otherwise. */
function cutUnfinished({ req, res, connection }: Flight, time: number): void {
  const message = "the request was not complete in time";
  if (!isHttp2Request(req)) {
    answerRaw(connection, 408, message, time);
    return;
  }
  if (req instanceof BareRequest) {
    // Behind an answer, its handler would take the part that arrived for the whole. gRPC clients read this as
    // resource_exhausted (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Errors).
    req.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    return;
  }
  // Before the answer, or its handler would take the part that arrived for the whole.
  failBody(req, message);
  if (res.headersSent) {
    req.stream.close(constants.NGHTTP2_CANCEL);
  } else {
    res.statusCode = 408;
    res.end(`${message}\n`);
    // Once the answer is out, spares the caller the rest of the body (RFC 9113, section 8.1).
    req.stream.close();
  }
}

/** Cuts off a caller that has an answer waiting and takes nothing of it. */
function cutStalled(flight: Flight, patienceMs: number, time: number): void {
  const { waiting, taken } = outputOf(flight);
  if (waiting === 0 || taken !== flight.taken) {
    flight.taken = taken;
    flight.takenAt = time;
  } else if (time - flight.takenAt > patienceMs) {
    if (isHttp2Request(flight.req)) flight.req.stream.close(constants.NGHTTP2_CANCEL);
    else flight.connection.socket.destroy();
  }
}

function outputOf({ req, res, connection }: Flight): { waiting: number; taken: number } {
  if (isHttp2Request(req)) {
    const waiting = req.stream.bufferSize;
    return { waiting, taken: ("bodyBytes" in res ? Number(res.bodyBytes) : 0) - waiting };
  }
  const waiting = connection.socket.writableLength;
  return { waiting, taken: connection.socket.bytesWritten - waiting };
}
