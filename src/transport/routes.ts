/**
 * What a host registers, turned into maps from request path to what serves it.
 */
import type { DescMethod, DescMethodUnary, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import {
  type ConnectRouter,
  type ConnectRouterOptions,
  createConnectRouter,
  createMethodImplSpec,
  createServiceImplSpec,
  type MethodImpl,
  type MethodImplSpec,
  type ServiceImpl,
} from "@connectrpc/connect";
import {
  createMethodUrl,
  type UniversalHandler,
  type UniversalHandlerOptions,
  validateUniversalHandlerOptions,
} from "@connectrpc/connect/protocol";
import { type Codec, createBinaryCodec, createJsonCodec, type TransformJson } from "./codec.ts";
import { Compressions } from "./compression.ts";
import type { ProtocolName } from "./protocols.ts";

/** The implementation of a unary method, whatever its messages. */
export type UnaryImplSpec = Extract<MethodImplSpec, { kind: "unary" }>;

/** All that a unary call needs to know about its method, computed at start. */
export interface UnaryRoute {
  readonly method: DescMethodUnary;
  readonly impl: UnaryImplSpec["impl"];
  /** `package.Service/Method` */
  readonly procedure: string;
  readonly options: UniversalHandlerOptions;
  readonly protocols: ReadonlySet<ProtocolName>;
  readonly allowsGet: boolean;
  readonly codecs: { readonly json: Codec; readonly proto: Codec };
  readonly compressions: Compressions;
}

/** A streaming method, as connect-node serves it. */
export interface StreamRoute {
  readonly method: DescMethod;
  readonly procedure: string;
  readonly handler: UniversalHandler;
}

/** Request path, prefix included, to route. */
export interface Routes {
  readonly unary: ReadonlyMap<string, UnaryRoute>;
  readonly streams: ReadonlyMap<string, StreamRoute>;
}

/** What {@link createRoutes} needs: router options, the registration, and how the two kinds of methods differ. */
export interface RouteOptions {
  readonly router: ConnectRouterOptions;
  readonly register: (router: ConnectRouter) => void;
  readonly prefixes: readonly string[];
  readonly transformJson: TransformJson | undefined;
  /** Options for a streaming method, made from those that it was registered with. */
  readonly streamOptions: (method: DescMethod, options: ConnectRouterOptions) => ConnectRouterOptions;
}

/** Runs the registration and maps every method under every prefix. @throws ConnectError for options out of range */
export function createRoutes(options: RouteOptions): Routes {
  const unary = new Map<string, UnaryRoute>();
  const streams = new Map<string, StreamRoute>();
  const add = (spec: MethodImplSpec, own: ConnectRouterOptions | undefined) => {
    const path = createMethodUrl("/", spec.method);
    const merged = mergeOptions(options.router, own);
    for (const prefix of options.prefixes) {
      unary.delete(prefix + path);
      streams.delete(prefix + path);
    }
    if (spec.kind === "unary") {
      const route = createUnaryRoute(spec, merged, options.transformJson);
      addUnderPrefixes(unary, options.prefixes, path, route);
    } else {
      addUnderPrefixes(streams, options.prefixes, path, createStreamRoute(spec, merged, options));
    }
  };
  options.register(new RecordingRouter(add));
  return { unary, streams };
}

/** A router that hands every registered method on, with the options that it was registered with. */
class RecordingRouter implements ConnectRouter {
  /** Always empty: nothing here is served through Connect's universal handlers except streams. */
  readonly handlers: UniversalHandler[] = [];
  readonly #add: (spec: MethodImplSpec, options: ConnectRouterOptions | undefined) => void;

  constructor(add: (spec: MethodImplSpec, options: ConnectRouterOptions | undefined) => void) {
    this.#add = add;
  }

  service<T extends DescService>(service: T, impl: Partial<ServiceImpl<T>>, options?: ConnectRouterOptions): this {
    for (const spec of Object.values(createServiceImplSpec<T>(service, impl).methods)) {
      this.#add(spec, options);
    }
    return this;
  }

  rpc<M extends DescMethod>(method: M, impl: MethodImpl<M>, options?: ConnectRouterOptions): this {
    this.#add(createMethodImplSpec(method, impl), options);
    return this;
  }
}

/** As Connect's router does: own options replace the router's one by one, except that protocols are on unless turned off. */
function mergeOptions(base: ConnectRouterOptions, own: ConnectRouterOptions | undefined): ConnectRouterOptions {
  if (own === undefined) {
    return base;
  }
  const { grpc: _grpc, grpcWeb: _grpcWeb, connect: _connect, ...inherited } = base;
  return { ...inherited, ...own };
}

function createUnaryRoute(
  spec: UnaryImplSpec,
  merged: ConnectRouterOptions,
  transformJson: TransformJson | undefined,
): UnaryRoute {
  const options = validateUniversalHandlerOptions(merged);
  const protocols = enabledProtocols(merged);
  const isSafe = spec.method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
  return {
    method: spec.method,
    impl: spec.impl,
    procedure: procedureOf(spec.method),
    options,
    protocols,
    allowsGet: isSafe && protocols.has("connect"),
    codecs: {
      json: createJsonCodec(spec.method, options, transformJson),
      proto: createBinaryCodec(spec.method, options),
    },
    compressions: new Compressions(options.acceptCompression),
  };
}

function createStreamRoute(
  spec: MethodImplSpec,
  merged: ConnectRouterOptions,
  options: Pick<RouteOptions, "streamOptions">,
): StreamRoute {
  const router = createConnectRouter(options.streamOptions(spec.method, merged));
  router.rpc(spec.method, spec.impl as MethodImpl<DescMethod>);
  const [handler] = router.handlers;
  if (handler === undefined) {
    throw new Error(`no handler for ${spec.method.toString()}`);
  }
  return { method: spec.method, procedure: procedureOf(spec.method), handler };
}

function enabledProtocols(options: ConnectRouterOptions): Set<ProtocolName> {
  const protocols = new Set<ProtocolName>();
  if (options.grpc !== false) {
    protocols.add("grpc");
  }
  if (options.grpcWeb !== false) {
    protocols.add("grpc-web");
  }
  if (options.connect !== false) {
    protocols.add("connect");
  }
  if (protocols.size === 0) {
    throw new Error("cannot serve a method with all protocols turned off");
  }
  return protocols;
}

function procedureOf(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

function addUnderPrefixes<T>(map: Map<string, T>, prefixes: readonly string[], path: string, route: T): void {
  for (const prefix of prefixes) {
    map.set(prefix + path, route);
  }
}
