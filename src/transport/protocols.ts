/**
 * What a Content-Type says about a unary call: its protocol, its format, and how the answer's own is spelled.
 */
import * as connect from "@connectrpc/connect/protocol-connect";
import * as grpc from "@connectrpc/connect/protocol-grpc";
import * as grpcWeb from "@connectrpc/connect/protocol-grpc-web";

/** Name of a protocol, as Connect's handler context spells it. */
export type ProtocolName = "connect" | "grpc" | "grpc-web";

/** A protocol in one of its formats. */
export interface Wire {
  readonly protocol: ProtocolName;
  readonly codec: "json" | "proto";
  /** gRPC-Web only: bodies are base64. */
  readonly text: boolean;
  /** The header that an answer starts with. */
  readonly header: { readonly "content-type": string };
}

const connectWires = {
  json: { protocol: "connect", codec: "json", text: false, header: { "content-type": connect.contentTypeUnaryJson } },
  proto: {
    protocol: "connect",
    codec: "proto",
    text: false,
    header: { "content-type": connect.contentTypeUnaryProto },
  },
} as const satisfies Record<string, Wire>;

const grpcWires = {
  json: { protocol: "grpc", codec: "json", text: false, header: { "content-type": grpc.contentTypeJson } },
  proto: { protocol: "grpc", codec: "proto", text: false, header: { "content-type": grpc.contentTypeProto } },
} as const satisfies Record<string, Wire>;

const grpcWebWires = {
  json: { protocol: "grpc-web", codec: "json", text: false, header: { "content-type": grpcWeb.contentTypeJson } },
  proto: { protocol: "grpc-web", codec: "proto", text: false, header: { "content-type": grpcWeb.contentTypeProto } },
} as const satisfies Record<string, Wire>;

const grpcWebTextWires = {
  json: {
    protocol: "grpc-web",
    codec: "json",
    text: true,
    header: { "content-type": "application/grpc-web-text+json" },
  },
  proto: {
    protocol: "grpc-web",
    codec: "proto",
    text: true,
    header: { "content-type": "application/grpc-web-text+proto" },
  },
} as const satisfies Record<string, Wire>;

const wiresByContentType = new Map<string, Wire | undefined>();

/** The wire of a POST by its Content-Type; undefined for one that no unary call speaks. Spellings are remembered. */
export function wireOfContentType(contentType: string): Wire | undefined {
  const known = wiresByContentType.get(contentType);
  if (known !== undefined || wiresByContentType.has(contentType)) {
    return known;
  }
  const wire = parseContentType(contentType);
  if (wiresByContentType.size < 1024) {
    wiresByContentType.set(contentType, wire);
  }
  return wire;
}

/** The wire of a Connect GET by its `encoding` parameter; undefined for an unknown one. */
export function wireOfEncoding(encoding: string | null): Wire | undefined {
  return encoding === "json" || encoding === "proto" ? connectWires[encoding] : undefined;
}

function parseContentType(contentType: string): Wire | undefined {
  const ofGrpc = grpc.parseContentType(contentType);
  if (ofGrpc !== undefined) {
    return grpcWires[ofGrpc.binary ? "proto" : "json"];
  }
  const ofGrpcWeb = grpcWeb.parseContentType(contentType);
  if (ofGrpcWeb !== undefined) {
    return (ofGrpcWeb.text ? grpcWebTextWires : grpcWebWires)[ofGrpcWeb.binary ? "proto" : "json"];
  }
  const ofConnect = connect.parseContentType(contentType);
  if (ofConnect !== undefined && !ofConnect.stream) {
    return connectWires[ofConnect.binary ? "proto" : "json"];
  }
  return undefined;
}
