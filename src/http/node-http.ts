import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";

/** A request as node hands it out, of either protocol version. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** The response that belongs to a {@link NodeRequest}. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Answers one request. */
export type NodeHandler = (req: NodeRequest, res: NodeResponse) => void;

/** True for a request of an HTTP/2 connection. */
export function isHttp2Request(req: NodeRequest): req is Http2ServerRequest {
  return req.httpVersionMajor === 2;
}

/** True for a response on an HTTP/2 connection. */
export function isHttp2Response(res: NodeResponse): res is Http2ServerResponse {
  return res.req.httpVersionMajor === 2;
}
