import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { create, createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { type ConnectRouter, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import {
  file_gitpod_v1_organization_service,
  OrganizationService,
  SSOConfigurationState,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import { ServerReflection as ReflectionV1 } from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ReflectionV1Alpha } from "../../gen/grpc/reflection/v1alpha/reflection_pb.ts";
import { healthRoutes } from "../../src/rpc/health.ts";
import { reflectionRoutes } from "../../src/rpc/reflection.ts";
import { listen } from "../http/sockets.ts";

const service = "gitpod.v1.OrganizationService";
const serviceFile = "gitpod/v1/organization_service.proto";
const services = [
  service,
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];

/** Serves reflection, health and one method of the service on a real socket. */
async function serve(): Promise<string> {
  const reflect = reflectionRoutes([file_gitpod_v1_organization_service]);
  const health = healthRoutes({ ready: async () => {}, closing: new AbortController().signal, services: [] });
  const routes = (router: ConnectRouter): void => {
    reflect(router);
    health(router);
    router.service(OrganizationService, {
      getSSOConfiguration: ({ ssoConfigurationId: id }) => ({
        ssoConfiguration: { id, state: SSOConfigurationState.SSO_CONFIGURATION_STATE_ACTIVE },
      }),
    });
  };
  const { port } = await listen({ handler: connectNodeAdapter({ routes }) });
  return `http://127.0.0.1:${port}`;
}

/** What a client may ask: the oneof of a request. */
type Question =
  | { case: "listServices" | "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType"; value: string }
  | { case: "fileContainingExtension"; value: { containingType: string; extensionNumber: number } }
  | { case: undefined };

describe.each([
  ["v1", ReflectionV1],
  ["v1alpha", ReflectionV1Alpha],
] as const)("reflection %s", (_version, Reflection) => {
  /** The responses to all questions, of one stream. */
  async function ask(...questions: Question[]) {
    const client = createClient(Reflection, createGrpcTransport({ baseUrl: await serve() }));
    const responses = [];
    const requests = (async function* () {
      for (const messageRequest of questions) yield { host: "a.example", messageRequest };
    })();
    for await (const response of client.serverReflectionInfo(requests)) responses.push(response);
    return responses;
  }

  /** The files of a response, which must hold everything they import. */
  async function files(question: Question): Promise<{ first: string; registry: FileRegistry }> {
    const [response] = await ask(question);
    const { messageResponse } = response!;
    if (messageResponse.case !== "fileDescriptorResponse") throw new Error(`got ${messageResponse.case}`);
    const protos = messageResponse.value.fileDescriptorProto.map((bytes) =>
      fromBinary(FileDescriptorProtoSchema, bytes),
    );
    const names = protos.map((proto) => proto.name);
    expect(new Set(names).size).toBe(names.length);
    for (const proto of protos) expect(names).toEqual(expect.arrayContaining(proto.dependency));
    return {
      first: names[0]!,
      registry: createFileRegistry(create(FileDescriptorSetSchema, { file: inOrder(protos) })),
    };
  }

  it("lists the services", async () => {
    const [response] = await ask({ case: "listServices", value: "*" });
    expect(response!.messageResponse).toMatchObject({
      case: "listServicesResponse",
      value: { service: services.map((name) => ({ name })) },
    });
  });

  it("finds a file by its name, with all that it imports", async () => {
    const { first, registry } = await files({ case: "fileByFilename", value: serviceFile });
    expect(first).toBe(serviceFile);
    expect(registry.getService(service)?.methods.map((method) => method.name)).toEqual(
      file_gitpod_v1_organization_service.services[0]!.methods.map((method) => method.name),
    );
    expect(registry.getFile("buf/validate/validate.proto")).toBeDefined();
  });

  it.each([
    ["a service", service, serviceFile],
    ["a method", `${service}.GetSSOConfiguration`, serviceFile],
    ["a message", "gitpod.v1.SSOConfiguration", serviceFile],
    ["a field", "gitpod.v1.SSOConfiguration.client_id", serviceFile],
    ["an enum", "gitpod.v1.SSOConfigurationState", serviceFile],
    ["an enum value", "gitpod.v1.SSO_CONFIGURATION_STATE_ACTIVE", serviceFile],
    ["a nested message", "google.protobuf.DescriptorProto.ExtensionRange", "google/protobuf/descriptor.proto"],
    ["a nested enum", "google.protobuf.FieldDescriptorProto.Type", "google/protobuf/descriptor.proto"],
    [
      "a value of a nested enum",
      "google.protobuf.FieldDescriptorProto.TYPE_STRING",
      "google/protobuf/descriptor.proto",
    ],
    ["a oneof", "buf.validate.FieldRules.type", "buf/validate/validate.proto"],
    ["an extension", "buf.validate.field", "buf/validate/validate.proto"],
    ["a service that stands beside", "grpc.health.v1.Health", "grpc/health/v1/health.proto"],
  ])("finds the file that holds %s", async (_what, value, expected) => {
    expect((await files({ case: "fileContainingSymbol", value })).first).toBe(expected);
  });

  it("finds the extensions of a message, and the file of each", async () => {
    const containingType = "google.protobuf.FieldOptions";
    const [response] = await ask({ case: "allExtensionNumbersOfType", value: containingType });
    expect(response!.messageResponse).toMatchObject({
      case: "allExtensionNumbersResponse",
      value: { baseTypeName: containingType, extensionNumber: expect.arrayContaining([1159, 1160]) },
    });
    const value = { containingType, extensionNumber: 1159 };
    expect((await files({ case: "fileContainingExtension", value })).first).toBe("buf/validate/validate.proto");
  });

  it("knows that a message has no extensions", async () => {
    const [response] = await ask({ case: "allExtensionNumbersOfType", value: "gitpod.v1.SSOConfiguration" });
    expect(response!.messageResponse).toMatchObject({
      case: "allExtensionNumbersResponse",
      value: { baseTypeName: "gitpod.v1.SSOConfiguration", extensionNumber: [] },
    });
  });

  it.each([
    [{ case: "fileByFilename", value: "nowhere.proto" }, 'there is no file "nowhere.proto" here'],
    [{ case: "fileContainingSymbol", value: "no.Where" }, 'there is no symbol "no.Where" here'],
    [{ case: "fileContainingSymbol", value: `.${service}` }, `there is no symbol ".${service}" here`],
    [{ case: "allExtensionNumbersOfType", value: "no.Where" }, 'there is no message "no.Where" here'],
    [
      {
        case: "fileContainingExtension",
        value: { containingType: "google.protobuf.FieldOptions", extensionNumber: 1 },
      },
      'there is no extension 1 of "google.protobuf.FieldOptions" here',
    ],
  ] as [Question, string][])("says that there is nothing for %j", async (question, errorMessage) => {
    const [response] = await ask(question);
    expect(response!.messageResponse).toMatchObject({ case: "errorResponse", value: { errorCode: 5, errorMessage } });
  });

  it("says that a request asks for nothing, and answers the next one", async () => {
    const responses = await ask({ case: undefined }, { case: "listServices", value: "" });
    expect(responses[0]!.messageResponse).toMatchObject({ case: "errorResponse", value: { errorCode: 3 } });
    expect(responses[1]!.messageResponse.case).toBe("listServicesResponse");
  });

  it("repeats the question and the host in the answer", async () => {
    const [response] = await ask({ case: "fileContainingSymbol", value: "no.Where" });
    expect(response).toMatchObject({
      validHost: "a.example",
      originalRequest: { host: "a.example", messageRequest: { case: "fileContainingSymbol", value: "no.Where" } },
    });
  });
});

describe("buf curl", () => {
  const buf = fileURLToPath(new URL("../../node_modules/.bin/buf", import.meta.url));
  const run = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(buf, ["curl", "--http2-prior-knowledge", "--protocol", "grpc", ...args])).stdout;

  it.each(["grpc-v1", "grpc-v1alpha"])("lists the services and methods through %s", async (protocol) => {
    const url = await serve();
    const listed = await run("--reflect-protocol", protocol, "--list-services", url);
    expect(listed.trim().split("\n").sort()).toEqual([...services].sort());
    const methods = await run("--reflect-protocol", protocol, "--list-methods", url);
    for (const { name } of file_gitpod_v1_organization_service.services[0]!.methods) {
      expect(methods).toContain(`${service}/${name}\n`);
    }
  });

  it("calls a method whose schema it has from reflection alone", async () => {
    const url = await serve();
    const answer = await run("--reflect", "-d", "{}", `${url}/grpc.health.v1.Health/Check`);
    expect(JSON.parse(answer)).toEqual({ status: "SERVING" });
  });

  it("calls a method of the service whose schema it has from reflection alone", async () => {
    const url = await serve();
    const answer = await run("--reflect", "-d", '{"ssoConfigurationId":"x"}', `${url}/${service}/GetSSOConfiguration`);
    expect(JSON.parse(answer)).toEqual({ ssoConfiguration: { id: "x", state: "SSO_CONFIGURATION_STATE_ACTIVE" } });
  });
});

/** Dependencies first, as descriptor sets have them. */
function inOrder<T extends { name: string; dependency: string[] }>(protos: T[]): T[] {
  const ordered = new Set<T>();
  const visit = (proto: T): void => {
    for (const name of proto.dependency) visit(protos.find((other) => other.name === name)!);
    ordered.add(proto);
  };
  protos.forEach(visit);
  return [...ordered];
}
