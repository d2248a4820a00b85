import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import type { Domain } from "../domain/domain.ts";
import { BareRequest } from "../http/bare.ts";
import type { Metrics } from "../http/metrics.ts";
import { requestRecord } from "../http/record.ts";
import type { Door } from "../http/server.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { type CallInfo, createTransport } from "../transport/index.ts";
import { beginCall, callerOf, contextReader, requestIdOf } from "./call.ts";
import { createChecks } from "./checks/checks.ts";
import { toConnectError } from "./errors.ts";
import { createGate } from "./gate.ts";
import { jsonl } from "./jsonl.ts";
import { createLenientJson } from "./lenient-json.ts";
import { type Policy, readPolicies } from "./policy.ts";
import { registerServices } from "./routes.ts";
import { answerUnknownMethod } from "./unknown-method.ts";

/** What the door needs. */
export interface RpcDoorOptions {
  readonly domain: Domain;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Where our own pages are: a session counts for them alone. */
  readonly publicUrl: string;
  readonly maxBodyBytes: number;
  /** After this the listener cuts off a request that is not complete, in plain HTTP. */
  readonly requestTimeoutMs: number;
  /** Aborted when the server begins to shut down. */
  readonly closing: AbortSignal;
  /** Services beside ours: health and reflection. */
  readonly infrastructure: (router: ConnectRouter) => void;
}

/** Every method under `/` and under `/api/`: clients are configured with either base URL. */
const PREFIXES = ["", "/api"] as const;

/** Longest deadline that a caller may set, in milliseconds. */
const MAX_TIMEOUT_MS = 60 * 60 * 1000;

/**
 * The way of a call, in order: the gate authenticates on the headers (before the body is read), the transport decodes,
 * the checks hold it to rules and permission, the method calls the domain. Every error on that way, of whatever kind,
 * passes `onError` once, and every end of a call passes `onFinish` once.
 */
export function createRpcDoor({ domain, log, metrics, ...options }: RpcDoorOptions): Door {
  const policies = new Map<DescMethod, Policy>();
  const toContext = contextReader(policies);

  function register(router: ConnectRouter): void {
    registerServices(router, domain, toContext);
    options.infrastructure(router);
  }
  // From what is really registered, so that no method can be served that nobody decided about.
  for (const [method, policy] of readPolicies(collectServices(register))) policies.set(method, policy);

  const transport = createTransport({
    routes: register,
    prefixes: PREFIXES,
    contextValues: (request) => {
      const record = requestRecord(request);
      return beginCall(record.id, record.clientAddress, record.connection);
    },
    requestGate: createGate(domain.principals, policies, options.publicUrl),
    checkMessage: createChecks(policies, options.clock),
    transformJson: createLenientJson(),
    onError: (error, call) => toConnectError(error, requestIdOf(call.contextValues), log, call.method),
    onFinish: (call) => finish(call, metrics),
    // The live service names unknown fields too: a misspelt field that is silently ignored is a change that did not happen.
    jsonOptions: { ignoreUnknownFields: false },
    readMaxBytes: options.maxBodyBytes,
    // A little before the listener, so that a slow client is told in its own protocol.
    readTimeoutMs: Math.max(options.requestTimeoutMs - 2_000, options.requestTimeoutMs / 2),
    maxTimeoutMs: MAX_TIMEOUT_MS,
    shutdownSignal: options.closing,
    responseFields: (request) => requestRecord(request).head,
    fallback: answerUnknownMethod,
  });

  const handle = jsonl(transport, [...policies.keys()], options.maxBodyBytes);
  const paths = new Set([...policies.keys()].map((method) => `/${method.parent.typeName}/`));
  return {
    name: "rpc",
    cors: true,
    addsHead: true,
    // Nearly all requests are for unary methods, which are found without cutting the path.
    match: (path) => transport.isUnary(path) || paths.has(servicePath(path)),
    isBare: transport.isUnary,
    handle(req, res) {
      if (req instanceof BareRequest) transport.onStream(req.stream, req.headers, req);
      else handle(req, res);
    },
  };
}

/** `/api/gitpod.v1.OrganizationService/GetOrganization` → `/gitpod.v1.OrganizationService/`. */
function servicePath(path: string): string {
  const start = path.startsWith("/api/") ? 4 : 0;
  return path.slice(start, path.indexOf("/", start + 1) + 1);
}

/** Finds out which services a registration names, by letting it register them with nothing behind. */
function collectServices(register: (router: ConnectRouter) => void): DescService[] {
  const services: DescService[] = [];
  const collector = {
    handlers: [],
    service(desc: DescService) {
      services.push(desc);
      return collector;
    },
    rpc(desc: DescMethod) {
      services.push(desc.parent);
      return collector;
    },
  };
  register(collector as unknown as ConnectRouter);
  return services;
}

function finish(call: CallInfo, metrics: Metrics): void {
  const record = requestRecord(call.request);
  const code = call.code === undefined ? "ok" : codeToString(call.code);
  const caller = callerOf(call.contextValues);
  if (call.status !== 0) record.status = call.status;
  record.bytes = call.bytesOut;
  record.fields.procedure = call.procedure;
  record.fields.protocol = call.protocol;
  record.fields.code = code;
  if (caller.kind === "user") {
    record.fields.userId = caller.userId;
    record.fields.organizationId = caller.organizationId;
  } else if (caller.kind === "operator") {
    record.fields.operatorToken = caller.credentialId;
  }
  metrics.rpcEnded(call.procedure, call.protocol, code, (performance.now() - record.startedAt) / 1000);
}
