/** What the page of foreign-clients.test.ts runs in the browser: calls by the grpc-web package, none of whose code is ours. */
import { create, type DescMethod, fromBinary, type Message, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import grpcWeb, { type RpcError } from "grpc-web";
import { EventService } from "../../gen/client/gitpod/v1/event_service_pb.ts";
import { OrganizationService } from "../../gen/client/gitpod/v1/organization_service_pb.ts";

/** How a call ended: the status, and the names that are told by what came back. */
export interface Ended {
  readonly code: number;
  readonly message?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly names?: readonly string[];
}

/** Where and as whom to call; the deadline is in milliseconds from then on, and the server's to keep. */
export interface Setup {
  readonly url: string;
  readonly token: string;
  readonly deadline?: number;
}

function descriptorOf(method: DescMethod) {
  return new grpcWeb.MethodDescriptor<Message, Message>(
    `/${method.parent.typeName}/${method.name}`,
    method.methodKind === "unary" ? grpcWeb.MethodType.UNARY : grpcWeb.MethodType.SERVER_STREAMING,
    Object as never,
    Object as never,
    (request: Message) => toBinary(method.input, request),
    (bytes: Uint8Array) => fromBinary(method.output, bytes),
  );
}

const metadataOf = ({ token, deadline }: Setup) => ({
  authorization: `Bearer ${token}`,
  // The package has a setting for it too, but then gives the request up at the same moment, and knows no reason.
  ...(deadline !== undefined && { "grpc-timeout": `${deadline}m` }),
});
const pathOf = ({ url }: Setup, method: DescMethod) => `${url}/${method.parent.typeName}/${method.name}`;

/** A call in the binary format, `application/grpc-web+proto`. */
async function call(setup: Setup, method: DescMethod, fields: object): Promise<Message> {
  const client = new grpcWeb.GrpcWebClientBase({ format: "binary" });
  const request = create(method.input, fields as MessageInitShape<typeof method.input>);
  return client.unaryCall(pathOf(setup, method), request, metadataOf(setup), descriptorOf(method));
}

async function ended(answer: Promise<Message>): Promise<Ended> {
  try {
    const { ssoConfigurations } = (await answer) as Message & { ssoConfigurations?: { displayName: string }[] };
    return { code: 0, names: ssoConfigurations?.map(({ displayName }) => displayName) ?? [] };
  } catch (error) {
    const { code, message, metadata } = error as RpcError;
    return { code, message, metadata };
  }
}

const { listSSOConfigurations, createSSOConfiguration, getSSOConfiguration } = OrganizationService.method;

const calls = {
  list: (setup: Setup, organizationId: string) => ended(call(setup, listSSOConfigurations, { organizationId })),
  create: (setup: Setup, fields: object) => ended(call(setup, createSSOConfiguration, fields)),
  get: (setup: Setup, ssoConfigurationId: string) => ended(call(setup, getSSOConfiguration, { ssoConfigurationId })),
  /** The package has no streams in the binary format: asked for as a single answer, this one is never whole. */
  wait: (setup: Setup) => ended(call(setup, EventService.method.watchEvents, {})),
  /** A stream in the text format, given up after its first message. */
  watch: (setup: Setup): Promise<Ended> =>
    new Promise((resolve) => {
      const method = EventService.method.watchEvents;
      const client = new grpcWeb.GrpcWebClientBase({ format: "text" });
      const request = create(method.input);
      const stream = client.serverStreaming(pathOf(setup, method), request, metadataOf(setup), descriptorOf(method));
      stream.on("data", ({ $typeName }) => {
        stream.cancel();
        resolve({ code: 0, names: [$typeName] });
      });
      stream.on("error", ({ code, message, metadata }) => resolve({ code, message, metadata }));
    }),
};

export type Calls = typeof calls;

Object.assign(globalThis, { calls });
