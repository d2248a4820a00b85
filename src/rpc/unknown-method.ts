import { create, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import { ErrorDetailSchema, Reason } from "../../gen/organization/errors/v1/errors_pb.ts";
import { requestRecord } from "../http/record.ts";
import { encodeGrpcMessage, type NodeServerRequest, type NodeServerResponse } from "../transport/index.ts";

/**
 * Answers a method that the service does not have: `unimplemented`, in the protocol that was spoken. gRPC wants a good
 * HTTP status and its own in a header (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, trailers-only).
 */
export function answerUnknownMethod(request: NodeServerRequest, response: NodeServerResponse): void {
  const record = requestRecord(request);
  const method = record.path.slice(record.path.lastIndexOf("/") + 1).slice(0, 100);
  const message = `there is no method ${JSON.stringify(method)} here: see the reference for the methods of this service`;
  const contentType = String(request.headers["content-type"] ?? "");
  record.fields.code = codeToString(Code.Unimplemented);
  if (contentType.startsWith("application/grpc")) {
    response.statusCode = 200;
    response.setHeader("content-type", contentType);
    response.setHeader("grpc-status", String(Code.Unimplemented));
    response.setHeader("grpc-message", encodeGrpcMessage(message));
    response.end();
    return;
  }
  const detail = create(ErrorDetailSchema, { reason: Reason.UNIMPLEMENTED, requestId: record.id });
  const body = JSON.stringify({
    code: codeToString(Code.Unimplemented),
    message,
    details: [
      {
        type: ErrorDetailSchema.typeName,
        value: Buffer.from(toBinary(ErrorDetailSchema, detail)).toString("base64").replace(/=+$/, ""),
      },
    ],
  });
  response.statusCode = 404;
  response.setHeader("content-type", "application/json");
  response.setHeader("x-should-retry", "false");
  response.end(body);
}
