/**
 * A small service of its own for these tests: descriptors made here, so that no generated code takes part.
 */

import type { MessageInitShape } from "@bufbuild/protobuf";
import { create, createFileRegistry, type DescMessage, type DescMethod, type DescService } from "@bufbuild/protobuf";
import {
  type FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_duration,
  FieldDescriptorProto_Label as Label,
  MethodOptions_IdempotencyLevel,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";

type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;

const text = ".test.v1.EchoRequest";

const file = create(FileDescriptorProtoSchema, {
  name: "test/v1/echo.proto",
  package: "test.v1",
  syntax: "proto3",
  dependency: ["google/protobuf/duration.proto"],
  messageType: [
    {
      name: "EchoRequest",
      field: [
        one(1, "text", Type.STRING),
        one(2, "number", Type.INT32),
        one(3, "data", Type.BYTES),
        many(4, "tags", Type.STRING),
        many(5, "counts", Type.MESSAGE, ".test.v1.EchoRequest.CountsEntry"),
        one(6, "wait", Type.MESSAGE, ".google.protobuf.Duration"),
        { ...one(7, "left", Type.STRING), oneofIndex: 0 },
        { ...one(8, "right", Type.INT64), oneofIndex: 0 },
        one(9, "nested", Type.MESSAGE, text),
        one(10, "mood", Type.ENUM, ".test.v1.Mood"),
        { ...one(11, "flag", Type.BOOL), oneofIndex: 1, proto3Optional: true },
        one(12, "fail_code", Type.INT32),
        one(13, "fail_message", Type.STRING),
        many(14, "headers", Type.MESSAGE, ".test.v1.EchoRequest.HeadersEntry"),
        many(15, "trailers", Type.MESSAGE, ".test.v1.EchoRequest.TrailersEntry"),
        one(16, "padding", Type.INT32),
      ],
      oneofDecl: [{ name: "choice" }, { name: "_flag" }],
      nestedType: [
        mapEntry("CountsEntry", Type.INT64),
        mapEntry("HeadersEntry", Type.STRING),
        mapEntry("TrailersEntry", Type.STRING),
      ],
    },
    {
      name: "EchoResponse",
      field: [
        one(1, "echo", Type.MESSAGE, text),
        one(2, "url", Type.STRING),
        one(3, "http_method", Type.STRING),
        many(4, "seen", Type.MESSAGE, ".test.v1.EchoResponse.SeenEntry"),
        one(5, "padding", Type.STRING),
        one(6, "has_deadline", Type.BOOL),
      ],
      nestedType: [mapEntry("SeenEntry", Type.STRING)],
    },
  ],
  enumType: [
    {
      name: "Mood",
      value: [
        { name: "MOOD_UNSPECIFIED", number: 0 },
        { name: "MOOD_GOOD", number: 1 },
      ],
    },
  ],
  service: [
    {
      name: "EchoService",
      method: [
        method("Echo"),
        { ...method("Look"), options: { idempotencyLevel: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS } },
        method("Missing"),
        { ...method("Count"), serverStreaming: true },
        { ...method("Collect"), clientStreaming: true },
        { ...method("Chat"), clientStreaming: true, serverStreaming: true },
      ],
    },
  ],
});

const registry = createFileRegistry(file, (name) =>
  name === "google/protobuf/duration.proto" ? file_google_protobuf_duration.proto : undefined,
);

/** `test.v1.EchoService` */
export const EchoService = registry.getService("test.v1.EchoService") as DescService;

/** `test.v1.EchoRequest`: says what the answer is to be. */
export const EchoRequestSchema = registry.getMessage("test.v1.EchoRequest") as DescMessage;

/** `test.v1.EchoResponse`: what the method saw. */
export const EchoResponseSchema = registry.getMessage("test.v1.EchoResponse") as DescMessage;

/** A method of the service by its name in TypeScript. */
export function echoMethod(localName: string): DescMethod {
  return EchoService.method[localName] as DescMethod;
}

function one(number: number, name: string, type: Type, typeName = ""): Field {
  const jsonName = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { number, name, jsonName, type, label: Label.OPTIONAL, ...(typeName !== "" && { typeName }) };
}

function many(number: number, name: string, type: Type, typeName = ""): Field {
  return { ...one(number, name, type, typeName), label: Label.REPEATED };
}

function mapEntry(name: string, value: Type) {
  return { name, field: [one(1, "key", Type.STRING), one(2, "value", value)], options: { mapEntry: true } };
}

function method(name: string) {
  return { name, inputType: text, outputType: ".test.v1.EchoResponse" };
}
