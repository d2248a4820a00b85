import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import {
  Health,
  type HealthCheckRequest,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from "../../gen/grpc/health/v1/health_pb.ts";
import { createReadiness, type ReadinessOptions } from "../http/readiness.ts";

/** What the health service answers from. */
export type HealthRoutesOptions = ReadinessOptions & {
  /** Names of the services that callers may ask about; the empty name, for the server as a whole, is always one. */
  readonly services: Iterable<string>;
  /** How often the status is looked at while somebody watches it; milliseconds. */
  readonly watchMs?: number;
};

/**
 * Registers `grpc.health.v1.Health` (gRPC health checking protocol). All services have the status of the server:
 * serving while it can answer requests, not serving while storage fails and from the moment it begins to shut down.
 */
export function healthRoutes(options: HealthRoutesOptions): (router: ConnectRouter) => void {
  const names = new Set(["", ...options.services]);
  const readiness = createReadiness(options);
  const nextLook = createMetronome(options.watchMs ?? 5_000, options.closing);

  async function status(): Promise<ServingStatus> {
    return (await readiness()) === undefined ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }

  async function* watch({ service }: HealthCheckRequest, { signal }: HandlerContext) {
    let last: ServingStatus | undefined;
    while (!signal.aborted) {
      // The protocol wants a watcher of an unknown service kept, in case that it comes to be known.
      const current = names.has(service) ? await status() : ServingStatus.SERVICE_UNKNOWN;
      if (current !== last) yield { status: current };
      last = current;
      if (options.closing.aborted) return;
      await nextLook(signal);
    }
  }

  return (router) =>
    router.service(Health, {
      async check({ service }) {
        if (!names.has(service)) throw new ConnectError(`there is no service "${service}" here`, Code.NotFound);
        return { status: await status() };
      },
      async list() {
        const current = await status();
        return { statuses: Object.fromEntries([...names].map((name) => [name, { status: current }])) };
      },
      watch,
    });
}

/**
 * Makes a beat that all watchers share: each call resolves at the next one, which is early when `closing` is aborted or
 * the caller's own signal is. The timer runs only while somebody waits.
 */
function createMetronome(intervalMs: number, closing: AbortSignal): (signal: AbortSignal) => Promise<void> {
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  function beat(): void {
    clearTimeout(timer);
    timer = undefined;
    for (const wake of [...waiting]) wake();
  }

  closing.addEventListener("abort", beat, { once: true });
  return (signal) =>
    new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake);
      timer ??= setTimeout(beat, intervalMs).unref();
    });
}
