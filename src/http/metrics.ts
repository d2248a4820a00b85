import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { createDurations } from "./durations.ts";

/** The protocols that a procedure can be called over. */
export type RpcProtocol = "connect" | "grpc" | "grpc-web";

/** What a server measures, as functions that are cheap enough for every request. */
export type Metrics = {
  requestStarted(): void;
  /** `door` must be the name of a door, never anything a caller sent. */
  requestEnded(door: string, method: string, status: number, seconds: number): void;
  /** A procedure or code that is not known is counted as `unknown`. `procedure` is `package.Service/Method`. */
  rpcEnded(procedure: string, protocol: RpcProtocol, code: string, seconds: number): void;
  /** The exposition text, and its content type. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** For metrics of other parts. Their labels must hold no ids and nothing that a caller can choose. */
  readonly registry: Registry;
};

/** What the metrics have to know beforehand. */
export type MetricsOptions = {
  readonly version: string;
  /** Every procedure that may appear as a label, as `package.Service/Method`. */
  readonly procedures?: Iterable<string>;
  /** Also measure the process: memory, CPU, event loop, garbage collection. On by default. */
  readonly processMetrics?: boolean;
};

const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** `ok` and the error codes of Connect and gRPC, which share their names. */
const knownCodes = new Set([
  "ok",
  "canceled",
  "unknown",
  "invalid_argument",
  "deadline_exceeded",
  "not_found",
  "already_exists",
  "permission_denied",
  "resource_exhausted",
  "failed_precondition",
  "aborted",
  "out_of_range",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
  "unauthenticated",
]);

/** Seconds; a read takes about one millisecond. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes a registry of its own with everything that a server measures. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  if (options.processMetrics !== false) collectDefaultMetrics({ register: registry });
  addBuildInfo(registry, options.version);
  const inFlight = countInFlight(registry);
  const requests = createTally(registry, "http_requests_total", "Requests answered, by door, method and status.", [
    "door",
    "method",
    "status",
  ]);
  const requestSeconds = createDurations(registry, {
    name: "http_request_duration_seconds",
    help: "Time to answer a request.",
    labelName: "door",
    bounds: buckets,
  });
  const calls = createTally(registry, "rpc_calls_total", "Calls answered, by procedure, protocol and code.", [
    "procedure",
    "protocol",
    "code",
  ]);
  const callSeconds = createDurations(registry, {
    name: "rpc_duration_seconds",
    help: "Time to answer a call.",
    labelName: "procedure",
    bounds: buckets,
  });
  const procedures = new Set(options.procedures);

  return {
    requestStarted: inFlight.started,
    requestEnded(door, method, status, seconds) {
      inFlight.ended();
      requests(door, knownMethods.has(method) ? method : "other", status);
      requestSeconds(door, seconds);
    },
    rpcEnded(procedure, protocol, code, seconds) {
      const known = procedures.has(procedure) ? procedure : "unknown";
      calls(known, protocol, knownCodes.has(code) ? code : "unknown");
      callSeconds(known, seconds);
    },
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    registry,
  };
}

function addBuildInfo(registry: Registry, version: string): void {
  const help = "Always 1; the labels say what is running.";
  new Gauge({ name: "build_info", help, labelNames: ["version", "node"], registers: [registry] })
    .labels(version, process.version)
    .set(1);
}

function countInFlight(registry: Registry): { started(): void; ended(): void } {
  let current = 0;
  const gauge: Gauge = new Gauge({
    name: "http_requests_in_flight",
    help: "Requests that are being answered.",
    registers: [registry],
    collect: () => gauge.set(current),
  });
  return {
    started: () => {
      current += 1;
    },
    ended: () => {
      current -= 1;
    },
  };
}

/** A counter of three labels that is three look-ups on the hot path, and becomes a metric only when it is scraped. */
function createTally<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly [L, L, L],
): (first: string, second: string, third: string | number) => void {
  const counts = new Map<string, Map<string, Map<string | number, number>>>();
  const [a, b, c] = labelNames;
  const counter: Counter<L> = new Counter<L>({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect: () => {
      counter.reset();
      for (const [first, rest] of counts) {
        for (const [second, last] of rest) {
          for (const [third, count] of last) {
            counter.inc({ [a]: first, [b]: second, [c]: third } as Record<L, string>, count);
          }
        }
      }
    },
  });
  return (first, second, third) => {
    const last = getOrAdd(getOrAdd(counts, first), second);
    last.set(third, (last.get(third) ?? 0) + 1);
  };
}

function getOrAdd<K, V>(map: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let value = map.get(key);
  if (value === undefined) {
    value = new Map();
    map.set(key, value);
  }
  return value;
}
