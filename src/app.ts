import type { DescFile } from "@bufbuild/protobuf";
import { createAuthDoor } from "./auth/door.ts";
import { createSignInCounter } from "./auth/sign-in-counter.ts";
import type { Config } from "./config.ts";
import { createDomain, type Domain } from "./domain/domain.ts";
import type { Environment } from "./domain/environment.ts";
import { createDownloadsDoor } from "./downloads/door.ts";
import { createCors } from "./http/cors.ts";
import { createDocumentsDoor } from "./http/documents-door.ts";
import { healthDoor } from "./http/health.ts";
import { createMetrics, type Metrics } from "./http/metrics.ts";
import { metricsDoor } from "./http/metrics-door.ts";
import { createServer, type Server } from "./http/server.ts";
import { jobsOf } from "./jobs/jobs.ts";
import { startSchedule } from "./jobs/schedule.ts";
import { type Clock, systemClock } from "./lib/clock.ts";
import { createTxtResolver, type TxtResolver } from "./lib/dns.ts";
import { createGuardedFetch, type GuardedFetch } from "./lib/guarded-fetch.ts";
import { newId } from "./lib/ids.ts";
import type { Keyring } from "./lib/keyring.ts";
import type { Logger } from "./lib/log.ts";
import { createRpcDoor } from "./rpc/door.ts";
import { healthRoutes } from "./rpc/health.ts";
import { reflectionRoutes } from "./rpc/reflection.ts";
import { SERVICES } from "./rpc/routes.ts";
import { createScimDoor } from "./scim/door.ts";
import { createScimTokenMetrics } from "./scim/token-metrics.ts";
import type { Storage } from "./storage/storage.ts";
import { VERSION } from "./version.ts";
import { createWellKnownDoor } from "./well-known/door.ts";

/** What an app is composed of. Everything that reaches outside the process is a parameter. */
export interface AppOptions {
  readonly config: Config;
  /** Base URL of links that the app hands out. */
  readonly publicUrl: string;
  readonly storage: Storage;
  readonly keyring: Keyring;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Asked for the proof of domains; without it, the name servers of the config. */
  readonly resolver?: TxtResolver;
  /** Reaches identity providers; without it, a guarded fetch by the config. */
  readonly fetch?: GuardedFetch;
  /** Makes what `/metrics` shows, where that is more than this process's own. */
  readonly collectMetrics?: (metrics: Metrics) => Pick<Metrics, "expose">;
}

/** The composed service: what a listener needs, and the rules for the commands that administer the store. */
export interface App extends Server {
  readonly domain: Domain;
  readonly environment: Environment;
  /**
   * Loads what the first requests of some doors would otherwise have to wait for, and what a start does without: for when
   * there is time.
   */
  warmUp(): Promise<void>;
  /** Begins the shutdown: not ready any more, streams end. What is in flight may finish. */
  beginClose(): void;
  /** Writes what is still to be written. The storage stays open: whoever opened it closes it. */
  close(): Promise<void>;
}

/** How long a proof of a domain may take to come out of DNS, in milliseconds. */
const DNS_TIMEOUT_MS = 5_000;

const HOUR_MS = 3_600_000;

/** The composition root. */
export function createApp(options: AppOptions): App {
  const { config, storage, keyring, log, publicUrl } = options;
  const clock = options.clock ?? systemClock;
  const closing = new AbortController();
  const metrics = createMetrics({ version: VERSION, procedures: procedures() });
  const issuers = { allowInsecureIssuers: config.allowInsecureIssuers, allowList: config.fetchAllowList };
  const fetch = options.fetch ?? createGuardedFetch(issuers);
  const environment: Environment = {
    storage,
    clock,
    keyring,
    log,
    resolver: options.resolver ?? createTxtResolver({ servers: config.dnsServers, timeoutMs: DNS_TIMEOUT_MS }),
    fetch,
    signInCounter: createSignInCounter(metrics.registry),
    scimTokenMetrics: createScimTokenMetrics(metrics.registry),
    settings: {
      publicUrl,
      issuers,
      allowCreateOrganization: config.allowCreateOrganization,
      returnToAllowList: config.returnToAllowList,
      sessionIdleMs: config.sessionIdle * HOUR_MS,
      sessionLifetimeMs: config.sessionLifetime * HOUR_MS,
      scim: {
        rate: { perSecond: config.scimRate, burst: config.scimRate * 10 },
        guard: {
          percent: config.scimGuardPercent,
          minimum: config.scimGuardMinimum,
          windowMs: config.scimGuardWindow * 60_000,
        },
        requestRetentionMs: config.scimRequestRetentionDays * 24 * HOUR_MS,
      },
      auditRetentionDays: config.auditRetentionDays,
      idTokenKeyDays: config.idTokenKeyDays,
    },
  };
  const domain = createDomain(environment);
  const ready = () => storage.ping();
  const reflection = reflectionRoutes(reflected());
  const auth = createAuthDoor({
    domain,
    clock,
    publicUrl,
    returnToAllowList: config.returnToAllowList,
    sessionLifetimeMs: environment.settings.sessionLifetimeMs,
    signInsPerMinute: config.signInRate,
  });
  const scim = createScimDoor({ provisioning: domain.provisioning, maxBodyBytes: config.maxBodyBytes });

  const server = createServer({
    doors: [
      createRpcDoor({
        domain,
        log,
        clock,
        metrics,
        publicUrl,
        maxBodyBytes: config.maxBodyBytes,
        requestTimeoutMs: config.requestTimeout * 1000,
        closing: closing.signal,
        infrastructure(router) {
          healthRoutes({ ready, closing: closing.signal, services: SERVICES.map((service) => service.typeName) })(
            router,
          );
          reflection(router);
        },
      }),
      auth,
      createWellKnownDoor(domain, publicUrl),
      createDownloadsDoor(domain),
      createDocumentsDoor({
        folder: "/docs/",
        aliases: { "/openapi.json": "openapi.json" },
        // Most servers are never asked for them, so they are made by the first who asks.
        load: async () => (await import("./docs/reference.ts")).referenceFiles(publicUrl),
      }),
      scim,
      healthDoor({ ready, closing: closing.signal }),
      metricsDoor(options.collectMetrics?.(metrics) ?? metrics, config.metricsToken),
    ],
    log,
    metrics,
    cors: createCors(config.corsAllowedOrigins),
    requestIds: newId,
    trustProxy: config.trustProxy,
    signposts: [
      "/docs/",
      "/healthz",
      "/readyz",
      "/metrics",
      "/gitpod.v1.OrganizationService/<Method>",
      "/scim/v2/<id>",
    ],
  });

  const schedule = startSchedule(environment, jobsOf(domain));

  return {
    ...server,
    domain,
    environment,
    async warmUp() {
      await Promise.all([auth.load(), scim.load(), fetch.load?.()]);
    },
    beginClose() {
      // First, so that streams end by what it says, and not cut off by the signal.
      domain.events.close();
      closing.abort();
    },
    async close() {
      domain.events.close();
      closing.abort();
      await schedule.close();
      if (options.fetch === undefined) await fetch.close();
    },
  };
}

function procedures(): string[] {
  return SERVICES.flatMap((service) => service.methods.map((method) => `${service.typeName}/${method.name}`));
}

function reflected(): DescFile[] {
  return [...new Set(SERVICES.map((service) => service.file))];
}
