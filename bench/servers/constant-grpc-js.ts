/** What a user would write with @grpc/grpc-js: a handler that decodes the request and returns an encoded constant. */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import {
  type GetSSOConfigurationRequest,
  GetSSOConfigurationRequestSchema,
  type GetSSOConfigurationResponse,
  GetSSOConfigurationResponseSchema,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import { CONSTANT } from "./constant.ts";

const server = new Server();
server.addService(
  {
    getSSOConfiguration: {
      path: "/gitpod.v1.OrganizationService/GetSSOConfiguration",
      requestStream: false,
      responseStream: false,
      requestDeserialize: (bytes: Buffer) => fromBinary(GetSSOConfigurationRequestSchema, bytes),
      requestSerialize: (message: GetSSOConfigurationRequest) =>
        Buffer.from(toBinary(GetSSOConfigurationRequestSchema, message)),
      responseSerialize: (message: GetSSOConfigurationResponse) =>
        Buffer.from(toBinary(GetSSOConfigurationResponseSchema, message)),
      responseDeserialize: (bytes: Buffer) => fromBinary(GetSSOConfigurationResponseSchema, bytes),
    },
  },
  {
    getSSOConfiguration: (_call: unknown, callback: (error: null, response: GetSSOConfigurationResponse) => void) =>
      callback(null, create(GetSSOConfigurationResponseSchema, { ssoConfiguration: CONSTANT })),
  },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.on("SIGTERM", () => process.exit(0));
