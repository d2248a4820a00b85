/**
 * Messages to bytes and back, one codec per method and format, made at start.
 */
import {
  type DescMessage,
  type DescMethod,
  fromBinary,
  fromJson,
  fromJsonString,
  type JsonValue,
  type Message,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { getJsonOptions, type UniversalHandlerOptions } from "@connectrpc/connect/protocol";
import { hasDuplicateKeys } from "./json-keys.ts";

/** What a serialized message is: JSON as text, so that it can leave in one write with the head; binary as bytes. */
export type Payload = string | Uint8Array;

/** Reads requests and writes answers of one method in one format. */
export interface Codec {
  /** @throws ConnectError `resource_exhausted` above readMaxBytes, `invalid_argument` or `internal` when malformed */
  parse(bytes: Uint8Array): Message;
  /** @throws ConnectError `resource_exhausted` above writeMaxBytes, `internal` when it cannot be written */
  serialize(message: Message): Payload;
}

/** Called between `JSON.parse` and the decoder, once per request message in JSON; returns what is to be decoded. */
export type TransformJson = (method: DescMethod, json: JsonValue) => JsonValue;

/** Limits and format options that a codec obeys. */
export type CodecOptions = Pick<
  UniversalHandlerOptions,
  "readMaxBytes" | "writeMaxBytes" | "jsonOptions" | "binaryOptions"
>;

type JsonOptions = NonNullable<CodecOptions["jsonOptions"]>;

/** The codec of `method` in the binary wire format. */
export function createBinaryCodec(method: DescMethod, options: CodecOptions): Codec {
  return {
    parse(bytes) {
      checkReadSize(bytes.byteLength, options.readMaxBytes);
      try {
        // The copy keeps `bytes` fields from pinning, and from sharing, the socket's read buffer.
        return fromBinary(method.input, new Uint8Array(bytes), options.binaryOptions);
      } catch (error) {
        throw new ConnectError(`parse binary: ${messageOf(error)}`, Code.Internal);
      }
    },
    serialize(message) {
      const bytes = writeBinary(method.output, message, options);
      checkWriteSize(bytes.byteLength, options.writeMaxBytes);
      return bytes;
    },
  };
}

/** The codec of `method` in proto3 JSON. */
export function createJsonCodec(
  method: DescMethod,
  options: CodecOptions,
  transform: TransformJson | undefined,
): Codec {
  const jsonOptions = getJsonOptions(options.jsonOptions) as JsonOptions;
  return {
    parse(bytes) {
      checkReadSize(bytes.byteLength, options.readMaxBytes);
      let json: JsonValue | undefined;
      try {
        const text = decodeText(bytes);
        json = parseJson(method.input, text);
        if (transform !== undefined) {
          json = transform(method, json);
        }
        return fromJson(method.input, json, jsonOptions);
      } catch (error) {
        throw undecodableError(error, json);
      }
    },
    serialize(message) {
      const text = writeJson(method.output, message, jsonOptions);
      checkWriteSize(Buffer.byteLength(text), options.writeMaxBytes);
      return text;
    },
  };
}

const undecodable = new WeakMap<object, JsonValue>();

/** What a request message could not be decoded from; undefined when the text was no JSON, or the error is another one. */
export function undecodableJson(error: object): JsonValue | undefined {
  return undecodable.get(error);
}

function undecodableError(reason: unknown, json: JsonValue | undefined): ConnectError {
  const error = ConnectError.from(reason, Code.InvalidArgument);
  if (json !== undefined) {
    undecodable.set(error, json);
  }
  return error;
}

/** Bytes that a payload takes on the wire. */
export function payloadLength(payload: Payload): number {
  return typeof payload === "string" ? Buffer.byteLength(payload) : payload.byteLength;
}

/** A payload as bytes. */
export function payloadBytes(payload: Payload): Uint8Array {
  return typeof payload === "string" ? Buffer.from(payload) : payload;
}

/** @throws ConnectError `resource_exhausted` when a message is larger than the route reads */
export function checkReadSize(size: number, readMaxBytes: number): void {
  if (size > readMaxBytes) {
    throw readSizeError(size, readMaxBytes);
  }
}

/** The refusal of a message that is larger than the route reads. */
export function readSizeError(size: number | undefined, readMaxBytes: number): ConnectError {
  const actual = size === undefined ? "" : ` ${size}`;
  const message = `message size${actual} is larger than configured readMaxBytes ${readMaxBytes}`;
  return new ConnectError(message, Code.ResourceExhausted);
}

function checkWriteSize(size: number, writeMaxBytes: number): void {
  if (size > writeMaxBytes) {
    const message = `message size ${size} is larger than configured writeMaxBytes ${writeMaxBytes}`;
    throw new ConnectError(message, Code.ResourceExhausted);
  }
}

function parseJson(desc: DescMessage, text: string): JsonValue {
  let json: JsonValue;
  try {
    json = JSON.parse(text) as JsonValue;
  } catch {
    return refuseText(desc, text);
  }
  return hasDuplicateKeys(text, json) ? refuseText(desc, text) : json;
}

/** protobuf-es words the refusal of text that is no JSON, or names a member twice. */
function refuseText(desc: DescMessage, text: string): never {
  fromJsonString(desc, text);
  throw new Error(`cannot decode ${desc} from JSON: malformed text`);
}

function writeBinary(desc: DescMessage, message: Message, options: CodecOptions): Uint8Array {
  try {
    return toBinary(desc, message, options.binaryOptions);
  } catch (error) {
    throw new ConnectError(`serialize binary: ${messageOf(error)}`, Code.Internal);
  }
}

function writeJson(desc: DescMessage, message: Message, options: JsonOptions): string {
  try {
    return toJsonString(desc, message, options);
  } catch (error) {
    throw ConnectError.from(error, Code.Internal);
  }
}

/** UTF-8 with a byte order mark allowed and invalid sequences replaced, as the web's `TextDecoder` reads it. */
function decodeText(bytes: Uint8Array): string {
  const hasMark = bytes.byteLength > 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8", hasMark ? 3 : 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
