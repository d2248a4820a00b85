import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import { type App, type AppOptions, createApp } from "../app.ts";
import { type Config, ConfigError, describeConfig, readConfig } from "../config.ts";
import { type FirstStart, runFirstStart } from "../domain/first-start.ts";
import { createListener, type ListenerOptions } from "../http/listener.ts";
import { openStore, publicUrlOf, type Store } from "./store.ts";

/** Calls that last: they do not count among the requests that a server can be full of. */
const STREAMS = /\/(WatchEvents|Watch|ServerReflectionInfo)(\?|$)/;

type Env = Readonly<Record<string, string | undefined>>;

/** What a worker is given beside the environment. */
type ServerOptions = Pick<AppOptions, "collectMetrics">;

/** A server that has been up for so many milliseconds gets ready for the first requests of every kind. */
const WARM_UP_AFTER_MS = 1_000;

/** A server that runs. */
export interface RunningServer {
  readonly app: App;
  readonly address: AddressInfo;
  readonly publicUrl: string;
  /** What the empty store was given, if it was empty. */
  readonly firstStart: FirstStart | undefined;
  /** Finishes what is in flight within the configured grace and closes everything. */
  close(): Promise<void>;
}

/** Opens the store, listens, and gives an empty store its first organization. */
export async function startServer(env: Env, options: ServerOptions = {}): Promise<RunningServer> {
  const store = await openStore(env);
  try {
    return await listen(store, options);
  } catch (error) {
    await store.storage.close();
    throw error;
  }
}

async function listen(store: Store, options: ServerOptions): Promise<RunningServer> {
  const { config, log, storage } = store;
  // The app needs the port for its links and the listener needs the app: the first request finds both.
  let app: App | undefined;
  const current = () => app as App;
  const listener = createListener({
    handler: (request, response) => current().handler(request, response),
    overloaded: (request, response) => current().overloaded(request, response),
    isBare: (headers) => current().isBare(headers),
    isLong: (request) => STREAMS.test(request.url ?? ""),
    limits: {
      headersMs: config.headersTimeout * 1000,
      requestMs: config.requestTimeout * 1000,
      requests: config.maxRequests,
    },
    ...tlsOf(config),
  });
  const address = await listener.listen(config.port, config.host);
  const publicUrl = publicUrlOf(config, address.port);
  app = createApp({ ...store, publicUrl, ...options });
  let firstStart: FirstStart | undefined;
  try {
    if (config.bootstrap === "auto") firstStart = await runFirstStart(app.environment);
  } catch (error) {
    // A port that still listens would keep the process from ending.
    await listener.close({ graceMs: 0 });
    throw error;
  }
  log.info({ address, publicUrl, settings: describeConfig(config) }, "listening");

  const { warmUp } = app;
  // Where it fails, the request that needs it tries again, and has an error to show. What has been compiled until then is kept
  // for the next start, also by a server that does not come to its orderly end.
  const warmingUp = setTimeout(() => warmUp().then(flushCompileCache, () => {}), WARM_UP_AFTER_MS).unref();
  const reload = () =>
    listener.reloadCertificate().then(
      () => log.info("certificate read again"),
      (error: unknown) => log.error({ err: error }, "certificate not read again: the old one stays"),
    );
  if (config.tlsCertFile) process.on("SIGHUP", reload);

  return {
    app,
    address,
    publicUrl,
    firstStart,
    async close() {
      clearTimeout(warmingUp);
      process.off("SIGHUP", reload);
      current().beginClose();
      await listener.close({ graceMs: config.shutdownGrace * 1000 });
      await current().close();
      await storage.close();
    },
  };
}

function tlsOf(config: Config): Pick<ListenerOptions, "certificate"> {
  const { tlsCertFile, tlsKeyFile } = config;
  if (!tlsCertFile || !tlsKeyFile) return {};
  const certificate = () => ({ cert: readFileSync(tlsCertFile, "utf8"), key: readFileSync(tlsKeyFile, "utf8") });
  try {
    createSecureContext(certificate());
  } catch (error) {
    throw new ConfigError(
      `TLS_CERT_FILE, TLS_KEY_FILE: no certificate and its key in PEM (${(error as Error).message})`,
    );
  }
  return { certificate };
}

/** The `serve` command: runs until SIGINT or SIGTERM. */
export async function serve(env: Env): Promise<void> {
  if (readConfig(env).workers > 1) await serveByWorkers(env);
  else await runServer(env, announce);
}

/** Every one of the processes comes here: the one that supervises, and the workers that it starts. */
async function serveByWorkers(env: Env): Promise<void> {
  const { isWorker, metricsOfAllWorkers, superviseWorkers } = await import("./workers.ts");
  if (!isWorker) return superviseWorkers(env, readConfig(env).workers, announce);
  await runServer(env, () => {}, { collectMetrics: metricsOfAllWorkers });
  // The channel to the supervising process would keep a worker alive.
  process.disconnect();
}

async function runServer(env: Env, ready: typeof announce, options: ServerOptions = {}): Promise<void> {
  const server = await startServer(env, options);
  const { log } = server.app.environment;
  const stopped = new Promise<void>((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      log.info({ signal }, "shutting down");
      // A second signal is impatience: the default action ends the process.
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve(server.close());
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  });
  // Whoever reads that the server listens may end it at once.
  ready(server.publicUrl, server.firstStart);
  await stopped;
}

function announce(publicUrl: string, firstStart: FirstStart | undefined): void {
  if (firstStart) process.stdout.write(welcome(publicUrl, firstStart));
  process.stderr.write(`organization-service listens on ${publicUrl}\n`);
}

/** What a person needs for the first call. The token is shown this once. */
function welcome(publicUrl: string, { organization, admin, apiToken }: FirstStart): string {
  const method = `${publicUrl}/api/gitpod.v1.OrganizationService/ListSSOConfigurations`;
  return [
    "The store was empty. It has now:",
    "",
    `  organization  ${organization.id}  (${organization.name})`,
    `  admin         ${admin.id}  (${admin.email})`,
    `  api token     ${apiToken.token}`,
    `                valid until ${new Date(apiToken.record.expiresAt).toISOString()}; it is not shown again`,
    "",
    "A first call:",
    "",
    `  curl ${method} \\`,
    `    -H 'Authorization: Bearer ${apiToken.token}' \\`,
    "    -H 'Content-Type: application/json' \\",
    `    -d '{"organizationId":"${organization.id}"}'`,
    "",
    "",
  ].join("\n");
}
