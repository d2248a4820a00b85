import {
  type DescEnum,
  type DescExtension,
  type DescFile,
  type DescMessage,
  type DescService,
  toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectRouter } from "@connectrpc/connect";
import { file_grpc_health_v1_health } from "../../gen/grpc/health/v1/health_pb.ts";
import {
  file_grpc_reflection_v1_reflection,
  ServerReflection as ReflectionV1,
} from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import {
  file_grpc_reflection_v1alpha_reflection,
  ServerReflection as ReflectionV1Alpha,
} from "../../gen/grpc/reflection/v1alpha/reflection_pb.ts";

/** The part of a request that both versions share. */
type Question =
  | {
      readonly case: "listServices" | "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType";
      readonly value: string;
    }
  | {
      readonly case: "fileContainingExtension";
      readonly value: { readonly containingType: string; readonly extensionNumber: number };
    }
  | { readonly case: undefined; readonly value?: undefined };

/** The part of a response that both versions share. */
type Answer =
  | { case: "listServicesResponse"; value: { service: { name: string }[] } }
  | { case: "fileDescriptorResponse"; value: { fileDescriptorProto: Uint8Array[] } }
  | { case: "allExtensionNumbersResponse"; value: { baseTypeName: string; extensionNumber: number[] } }
  | { case: "errorResponse"; value: { errorCode: number; errorMessage: string } };

/**
 * Registers `grpc.reflection.v1` and `v1alpha` (gRPC server reflection protocol), which tell clients the schema of the
 * services in `files`, and of the health and reflection services that stand beside them.
 */
export function reflectionRoutes(files: readonly DescFile[]): (router: ConnectRouter) => void {
  let index: Index | undefined;
  // Few servers are ever asked.
  const find = () => {
    index ??= indexFiles([
      ...files,
      file_grpc_health_v1_health,
      file_grpc_reflection_v1_reflection,
      file_grpc_reflection_v1alpha_reflection,
    ]);
    return index;
  };
  return (router) => {
    router.service(ReflectionV1, { serverReflectionInfo: (requests) => replies(find(), requests) });
    router.service(ReflectionV1Alpha, { serverReflectionInfo: (requests) => replies(find(), requests) });
  };
}

/** Where everything is that clients ask for. */
type Index = {
  readonly services: readonly string[];
  readonly byName: ReadonlyMap<string, DescFile>;
  readonly bySymbol: ReadonlyMap<string, DescFile>;
  /** By the extended message, then by field number. */
  readonly byExtension: ReadonlyMap<string, ReadonlyMap<number, DescFile>>;
};

async function* replies<R extends { readonly host: string; readonly messageRequest: Question }>(
  index: Index,
  requests: AsyncIterable<R>,
) {
  for await (const request of requests) {
    yield { validHost: request.host, originalRequest: request, messageResponse: reply(index, request.messageRequest) };
  }
}

function reply(index: Index, question: Question): Answer {
  switch (question.case) {
    case "listServices":
      return { case: "listServicesResponse", value: { service: index.services.map((name) => ({ name })) } };
    case "fileByFilename":
      return describe(index.byName.get(question.value), `file "${question.value}"`);
    case "fileContainingSymbol":
      return describe(index.bySymbol.get(question.value), `symbol "${question.value}"`);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = question.value;
      const file = index.byExtension.get(containingType)?.get(extensionNumber);
      return describe(file, `extension ${extensionNumber} of "${containingType}"`);
    }
    case "allExtensionNumbersOfType":
      return listExtensions(index, question.value);
    default:
      return failure(Code.InvalidArgument, "the request asks for nothing: one field of message_request must be set");
  }
}

function listExtensions(index: Index, typeName: string): Answer {
  if (!index.bySymbol.has(typeName)) return failure(Code.NotFound, `there is no message "${typeName}" here`);
  const numbers = [...(index.byExtension.get(typeName)?.keys() ?? [])];
  return { case: "allExtensionNumbersResponse", value: { baseTypeName: typeName, extensionNumber: numbers } };
}

function describe(file: DescFile | undefined, wanted: string): Answer {
  if (file === undefined) return failure(Code.NotFound, `there is no ${wanted} here`);
  return { case: "fileDescriptorResponse", value: { fileDescriptorProto: withDependencies(file).map(serialize) } };
}

function failure(code: Code, message: string): Answer {
  return { case: "errorResponse", value: { errorCode: code, errorMessage: message } };
}

const serialized = new WeakMap<DescFile, Uint8Array>();

function serialize(file: DescFile): Uint8Array {
  let bytes = serialized.get(file);
  if (bytes === undefined) {
    bytes = toBinary(FileDescriptorProtoSchema, file.proto);
    serialized.set(file, bytes);
  }
  return bytes;
}

/** The file, then everything that it imports, directly or not, each once. */
function withDependencies(...files: DescFile[]): DescFile[] {
  const all = new Set(files);
  // A set is walked in the order in which it grows.
  for (const file of all) for (const dependency of file.dependencies) all.add(dependency);
  return [...all];
}

function indexFiles(files: readonly DescFile[]): Index {
  const byName = new Map<string, DescFile>();
  const bySymbol = new Map<string, DescFile>();
  const byExtension = new Map<string, Map<number, DescFile>>();
  for (const file of withDependencies(...files)) {
    byName.set(file.proto.name, file);
    for (const symbol of symbolsOf(file)) bySymbol.set(symbol, file);
    for (const { extendee, number } of extensionsOf(file)) {
      const numbers = byExtension.get(extendee.typeName) ?? new Map<number, DescFile>();
      byExtension.set(extendee.typeName, numbers.set(number, file));
    }
  }
  const services = [...new Set(files)].flatMap((file) => file.services.map((service) => service.typeName));
  return { services, byName, bySymbol, byExtension };
}

function symbolsOf(file: DescFile): string[] {
  return [
    ...file.services.flatMap(symbolsOfService),
    ...file.messages.flatMap(symbolsOfMessage),
    ...file.enums.flatMap(symbolsOfEnum),
    ...file.extensions.map((extension) => extension.typeName),
  ];
}

function symbolsOfService({ typeName, methods }: DescService): string[] {
  return [typeName, ...methods.map((method) => `${typeName}.${method.name}`)];
}

function symbolsOfMessage(message: DescMessage): string[] {
  const { typeName } = message;
  return [
    typeName,
    ...message.fields.map((field) => `${typeName}.${field.name}`),
    ...message.oneofs.map((oneof) => `${typeName}.${oneof.name}`),
    ...message.nestedMessages.flatMap(symbolsOfMessage),
    ...message.nestedEnums.flatMap(symbolsOfEnum),
    ...message.nestedExtensions.map((extension) => extension.typeName),
  ];
}

/** The values of an enum are named beside it, not below it. */
function symbolsOfEnum({ typeName, name, values }: DescEnum): string[] {
  const scope = typeName.slice(0, typeName.length - name.length);
  return [typeName, ...values.map((value) => `${scope}${value.name}`)];
}

function extensionsOf({ extensions, messages }: DescFile): DescExtension[] {
  return [...extensions, ...messages.flatMap(nestedExtensions)];
}

function nestedExtensions(message: DescMessage): DescExtension[] {
  return [...message.nestedExtensions, ...message.nestedMessages.flatMap(nestedExtensions)];
}
