/**
 * The suite's generated code, loaded at run time from the ignored folder that `npm run conformance` makes, and the shape
 * of what the server under test reads from its messages. Nothing of the suite itself is kept in the repository.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createRegistry,
  type DescMessage,
  type DescMethod,
  type DescService,
  type Message,
  type Registry,
} from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";

/** A header or trailer with all its values. */
export interface HeaderLines {
  readonly name: string;
  readonly value: string[];
}

/** The error that a request asks for. */
export interface WantedError {
  readonly code: number;
  readonly message?: string;
  readonly details: readonly Any[];
}

/** How a method with one answer is to answer. */
export interface UnaryDefinition {
  readonly responseHeaders: readonly HeaderLines[];
  readonly responseTrailers: readonly HeaderLines[];
  readonly responseDelayMs: number;
  readonly response:
    | { readonly case: "responseData"; readonly value: Uint8Array }
    | { readonly case: "error"; readonly value: WantedError }
    | { readonly case: undefined };
}

/** How a method with a stream of answers is to answer. */
export interface StreamDefinition {
  readonly responseHeaders: readonly HeaderLines[];
  readonly responseTrailers: readonly HeaderLines[];
  readonly responseDelayMs: number;
  readonly responseData: readonly Uint8Array[];
  readonly error?: WantedError;
}

/** A request of a method with one answer. */
export type UnaryInput = Message & { readonly responseDefinition?: UnaryDefinition };

/** A request of a method with a stream of answers. */
export type StreamInput = Message & { readonly responseDefinition?: StreamDefinition; readonly fullDuplex?: boolean };

/** What the runner asks of the server. */
export type ServerRequest = Message & {
  readonly httpVersion: number;
  readonly useTls: boolean;
  readonly clientTlsCert: Uint8Array;
  readonly messageReceiveLimit: number;
  readonly serverCreds?: { readonly cert: Uint8Array; readonly key: Uint8Array };
};

/** What is used of the generated modules. */
export interface Suite {
  readonly service: DescService;
  readonly method: (localName: string) => DescMethod;
  readonly requestInfo: DescMessage;
  /** Types that JSON may hold in an `Any`. */
  readonly registry: Registry;
  readonly serverRequest: DescMessage;
  readonly serverResponse: DescMessage;
  /** `HTTPVersion.HTTP_VERSION_1` */
  readonly http1: number;
}

/** Loads the generated code. @throws Error when it was not generated yet */
export async function loadSuite(folder: string): Promise<Suite> {
  const load = (name: string): Promise<Record<string, unknown>> =>
    import(pathToFileURL(join(folder, "connectrpc/conformance/v1", name)).href);
  const [service, compat, config] = await Promise.all([
    load("service_pb.ts"),
    load("server_compat_pb.ts"),
    load("config_pb.ts"),
  ]);
  const conformance = service.ConformanceService as DescService;
  return {
    service: conformance,
    method: (localName) => conformance.method[localName] as DescMethod,
    registry: createRegistry(conformance.file),
    requestInfo: service.ConformancePayload_RequestInfoSchema as DescMessage,
    serverRequest: compat.ServerCompatRequestSchema as DescMessage,
    serverResponse: compat.ServerCompatResponseSchema as DescMessage,
    http1: (config.HTTPVersion as Record<string, number>).HTTP_VERSION_1 ?? 1,
  };
}
