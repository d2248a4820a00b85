import cluster, { type Worker } from "node:cluster";
import { AggregatorRegistry } from "prom-client";
import { createApp } from "../app.ts";
import { type FirstStart, runFirstStart } from "../domain/first-start.ts";
import type { Metrics } from "../http/metrics.ts";
import { openStore, publicUrlOf } from "./store.ts";

/** A worker that dies is replaced after this long, so that one that cannot start does not spin. */
const RESTART_MS = 1_000;

/** Whether this process is a worker of another one. */
export const { isWorker } = cluster;

const METRICS = "organization-service:metrics";

interface MetricsMessage {
  readonly type: typeof METRICS;
  readonly id: number;
  readonly text?: string;
}

/**
 * Runs the server in several processes that share one port: what one process is to one processor. This process only watches
 * over them. They share nothing but the database, so it does not matter which of them answers.
 */
export async function superviseWorkers(
  env: Readonly<Record<string, string | undefined>>,
  count: number,
  ready: (publicUrl: string, firstStart: FirstStart | undefined) => void,
): Promise<void> {
  const { config, log, storage, keyring } = await openStore(env);
  // Once and here, before several would do it: the schema is up to date now, and an empty store gets its first organization.
  const app = createApp({ config, log, storage, keyring, publicUrl: publicUrlOf(config, config.port) });
  const firstStart = config.bootstrap === "auto" ? await runFirstStart(app.environment) : undefined;
  await app.close();
  await storage.close();

  const metrics = new AggregatorRegistry();
  let stopping = false;
  const start = () => {
    const worker = cluster.fork({ ...env, BOOTSTRAP: "none" });
    worker.on("message", (message: MetricsMessage) => void answerMetrics(metrics, worker, message));
  };
  cluster.on("exit", (worker, code, signal) => {
    if (stopping) return;
    log.error({ worker: worker.id, code, signal }, "a worker stopped and is replaced");
    setTimeout(start, RESTART_MS);
  });
  for (let i = 0; i < count; i++) start();
  let starting = count;
  cluster.on("listening", (_worker, address) => {
    // All of them: whoever asks one for the metrics waits for every one.
    if (--starting === 0) ready(publicUrlOf(config, address.port), firstStart);
  });

  const signal = await stopSignal();
  stopping = true;
  log.info({ signal }, "shutting down");
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  await Promise.all(workers.map(stop));
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    // A second signal is impatience: the default action ends the process.
    process.once("SIGINT", resolve).once("SIGTERM", resolve);
  });
}

function stop(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once("exit", () => resolve());
    worker.process.kill("SIGTERM");
  });
}

async function answerMetrics(
  metrics: InstanceType<typeof AggregatorRegistry>,
  worker: Worker,
  message: MetricsMessage,
): Promise<void> {
  if (message?.type !== METRICS) return;
  const text = await metrics.clusterMetrics().catch(() => "");
  worker.send({ type: METRICS, id: message.id, text } satisfies MetricsMessage);
}

/** In a worker: asks the supervising process for the metrics of all of them. */
export function metricsOfAllWorkers({ registry }: Metrics): Pick<Metrics, "expose"> {
  AggregatorRegistry.setRegistries([registry]);
  // Its constructor is what makes this process answer the supervising one.
  new AggregatorRegistry();
  const waiting = new Map<number, (text: string) => void>();
  let lastId = 0;
  process.on("message", (message: MetricsMessage) => {
    if (message?.type !== METRICS) return;
    waiting.get(message.id)?.(message.text ?? "");
    waiting.delete(message.id);
  });
  return {
    expose: () =>
      new Promise((resolve) => {
        const id = ++lastId;
        waiting.set(id, (body) => resolve({ contentType: registry.contentType, body }));
        process.send?.({ type: METRICS, id } satisfies MetricsMessage);
      }),
  };
}
