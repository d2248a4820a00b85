import { readFileSync } from "node:fs";
import { createAllowList } from "./lib/addresses.ts";
import { createTxtResolver } from "./lib/dns.ts";
import { createKeyring } from "./lib/keyring.ts";
import { LOG_LEVELS, type LogLevel } from "./lib/log.ts";

/**
 * Every setting: its environment variable (also a flag of `serve`: `PUBLIC_URL` is `--public-url`), its default, and one
 * line of meaning. The command line's help, `docs/configuration.md` and the check at start are all made from this table.
 */
export interface Setting<T> {
  readonly key: string;
  readonly meaning: string;
  /** Shown in the help where the value is computed. */
  readonly defaultText?: string;
  readonly default: T;
  /** Printed as `[redacted]`, and not offered as a flag, because other users of the machine see command lines. */
  readonly secret?: true;
  /** @throws Error that says what would be accepted. */
  readonly parse: (text: string) => T;
}

function setting<T>(
  key: string,
  fallback: T,
  parse: (text: string) => T,
  meaning: string,
  extras: { secret?: true; defaultText?: string } = {},
): Setting<T> {
  return { key, default: fallback, parse, meaning, ...extras };
}

const MIB = 1024 * 1024;

/** The table. Property names are the config's. */
export const SETTINGS = {
  port: setting("PORT", 8080, integer(0, 65_535), "TCP port; 0 picks a free one"),
  host: setting("HOST", "127.0.0.1", text, "address to listen on; 0.0.0.0 or :: for every interface"),
  publicUrl: setting(
    "PUBLIC_URL",
    undefined as string | undefined,
    baseUrl,
    "URL under which people, clients and identity providers reach the server",
    { defaultText: "http://localhost:<port>" },
  ),
  dataDir: setting("DATA_DIR", "./data", text, "folder of the SQLite database and the generated encryption key"),
  databaseUrl: setting(
    "DATABASE_URL",
    undefined as string | undefined,
    postgresUrl,
    "PostgreSQL connection URL (postgres://user:password@host/database); without it, SQLite in DATA_DIR",
    { secret: true, defaultText: "SQLite" },
  ),
  databasePool: setting(
    "DATABASE_POOL",
    10,
    integer(1, 1000),
    "most PostgreSQL connections of a process, for reading and writing each",
  ),
  encryptionKeys: setting(
    "ENCRYPTION_KEY",
    undefined as readonly string[] | undefined,
    checked(list(text), createKeyring),
    "keys that seal secrets at rest: 32 bytes in base64 each, the current one first, older ones after commas",
    { secret: true, defaultText: "a file in DATA_DIR, made on first start" },
  ),
  bootstrap: setting(
    "BOOTSTRAP",
    "auto" as "auto" | "none",
    oneOf("auto", "none"),
    "auto gives an empty store an organization, an admin and an api token; none does not",
  ),
  allowCreateOrganization: setting(
    "ALLOW_CREATE_ORGANIZATION",
    true,
    boolean,
    "whether any signed-in person may create organizations; the operator always may",
  ),
  workers: setting("WORKERS", 1, integer(1, 64), "processes that share the port; one per processor is most"),
  corsAllowedOrigins: setting(
    "CORS_ALLOWED_ORIGINS",
    [] as readonly string[],
    list(browserOrigin),
    "browser origins that may call the api: https://app.example.com, https://*.example.com or *, separated by commas",
  ),
  returnToAllowList: setting(
    "RETURN_TO_ALLOW_LIST",
    [] as readonly string[],
    list(origin),
    "origins beside PUBLIC_URL's to which a sign-in may return, separated by commas",
  ),
  allowInsecureIssuers: setting(
    "ALLOW_INSECURE_ISSUERS",
    false,
    boolean,
    "accept http issuers on loopback hosts, for development",
  ),
  fetchAllowList: setting(
    "FETCH_ALLOW_LIST",
    [] as readonly string[],
    checked(list(text), createAllowList),
    "private networks and hosts where identity providers may be: 10.1.0.0/16 or idp.internal, separated by commas",
  ),
  dnsServers: setting(
    "DNS_SERVERS",
    [] as readonly string[],
    list(nameServer),
    "DNS servers that domain verification asks (address or address:port)",
    { defaultText: "the machine's" },
  ),
  tlsCertFile: setting(
    "TLS_CERT_FILE",
    undefined as string | undefined,
    readableFile,
    "PEM file of the certificate chain; with TLS_KEY_FILE, the port speaks TLS",
    { defaultText: "no TLS" },
  ),
  tlsKeyFile: setting(
    "TLS_KEY_FILE",
    undefined as string | undefined,
    readableFile,
    "PEM file of the certificate's private key",
    { defaultText: "no TLS" },
  ),
  trustProxy: setting(
    "TRUST_PROXY",
    0,
    integer(0, 10),
    "how many reverse proxies stand in front; their X-Forwarded-For and X-Request-Id are believed",
  ),
  maxBodyBytes: setting(
    "MAX_BODY_BYTES",
    MIB,
    integer(1024, 64 * MIB),
    "largest request message, also after decompression",
  ),
  maxRequests: setting(
    "MAX_REQUESTS",
    2000,
    integer(1, 1_000_000),
    "requests in progress at once; over it, 503 with Retry-After",
  ),
  headersTimeout: setting(
    "HEADERS_TIMEOUT",
    10,
    integer(1, 600),
    "seconds within which a request's headers must be complete",
  ),
  requestTimeout: setting(
    "REQUEST_TIMEOUT",
    60,
    integer(1, 3600),
    "seconds within which a request must have arrived completely",
  ),
  shutdownGrace: setting(
    "SHUTDOWN_GRACE",
    20,
    integer(0, 3600),
    "seconds that requests in progress get to finish after SIGTERM",
  ),
  metricsToken: setting("METRICS_TOKEN", undefined as string | undefined, text, "bearer token that /metrics asks for", {
    secret: true,
    defaultText: "none: /metrics is open",
  }),
  sessionIdle: setting("SESSION_IDLE", 12, integer(1, 24 * 365), "hours after which an unused browser session ends"),
  sessionLifetime: setting(
    "SESSION_LIFETIME",
    24 * 7,
    integer(1, 24 * 365),
    "hours after which a browser session ends, however much it is used",
  ),
  signInRate: setting(
    "SIGN_IN_RATE",
    300,
    integer(1, 1_000_000),
    "sign-ins that may be begun or finished from one network address in a minute",
  ),
  scimRate: setting(
    "SCIM_RATE",
    200,
    integer(1, 1_000_000),
    "SCIM requests a second that one configuration may send; ten times as many at once after a pause",
  ),
  scimGuardPercent: setting(
    "SCIM_GUARD_PERCENT",
    25,
    integer(1, 100),
    "percent of a SCIM configuration's active users that it may deactivate or delete in a window without approval; 100: any",
  ),
  scimGuardMinimum: setting(
    "SCIM_GUARD_MINIMUM",
    20,
    integer(1, 1_000_000),
    "users that a SCIM configuration may always deactivate or delete in a window",
  ),
  scimGuardWindow: setting(
    "SCIM_GUARD_WINDOW",
    60,
    integer(1, 24 * 60),
    "minutes of the window, and of a decision about what was held",
  ),
  scimRequestRetentionDays: setting(
    "SCIM_REQUEST_RETENTION_DAYS",
    14,
    integer(1, 3650),
    "days after which logged SCIM requests are deleted",
  ),
  auditRetentionDays: setting(
    "AUDIT_RETENTION_DAYS",
    400,
    integer(1, 36_500),
    "days after which audit entries are deleted",
  ),
  idTokenKeyDays: setting(
    "ID_TOKEN_KEY_DAYS",
    30,
    integer(1, 365),
    "days after which the next key that signs ID tokens is made; it is published a day before it signs",
  ),
  logLevel: setting(
    "LOG_LEVEL",
    "info" as LogLevel,
    oneOf(...LOG_LEVELS),
    "silent, fatal, error, warn, info, debug or trace; the log goes to standard error",
  ),
} as const satisfies Record<string, Setting<unknown>>;

type Settings = typeof SETTINGS;

/** The settings as the program uses them. */
export type Config = { readonly [K in keyof Settings]: Settings[K] extends Setting<infer T> ? T : never };

/** Thrown when settings are unusable; the message has a line for each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads every setting from the environment; an empty value counts as absent.
 * @throws ConfigError that names each unusable variable and what it accepts. It never repeats a secret's value.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, { key, parse, default: fallback, secret }] of Object.entries(
    SETTINGS as Record<string, Setting<unknown>>,
  )) {
    const value = env[key]?.trim();
    try {
      config[name] = value ? parse(value) : fallback;
    } catch (error) {
      problems.push(`${key}${secret ? "" : `=${value}`}: ${(error as Error).message}`);
    }
  }
  if ((config.tlsCertFile === undefined) !== (config.tlsKeyFile === undefined)) {
    problems.push("TLS_CERT_FILE and TLS_KEY_FILE: give both or neither");
  }
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config as Config;
}

/** The settings as lines for a person, secrets redacted. */
export function describeConfig(config: Config): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SETTINGS as Record<string, Setting<unknown>>).map(([name, { key, secret, defaultText }]) => {
      const value = config[name as keyof Config];
      if (value === undefined) return [key, defaultText ?? ""];
      return [key, secret ? "[redacted]" : Array.isArray(value) ? value.join(",") : String(value)];
    }),
  );
}

function text(value: string): string {
  return value;
}

function integer(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max) {
      throw new Error(`a whole number from ${min} to ${max} is accepted`);
    }
    return number;
  };
}

function boolean(value: string): boolean {
  if (/^(true|1|yes|on)$/i.test(value)) return true;
  if (/^(false|0|no|off)$/i.test(value)) return false;
  throw new Error("true and false are accepted");
}

function oneOf<const T extends string>(...accepted: readonly T[]): (value: string) => T {
  return (value) => {
    const found = accepted.find((each) => each === value);
    if (found === undefined) throw new Error(`${accepted.join(", ")} are accepted`);
    return found;
  };
}

function list<T>(parse: (value: string) => T): (value: string) => readonly T[] {
  return (value) =>
    value
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "")
      .map(parse);
}

/** Reads a value and lets whoever will use it have a look. */
function checked<T>(parse: (value: string) => T, check: (parsed: T) => unknown): (value: string) => T {
  return (value) => {
    const parsed = parse(value);
    check(parsed);
    return parsed;
  };
}

function origin(value: string): string {
  if (/^https?:\/\/[^/?#@*\s]+$/i.test(value) && URL.canParse(value)) return value;
  throw new Error(`${value} is no origin: a scheme and a host, such as https://app.example.com, are accepted`);
}

/** An origin, those of every subdomain, or every one there is. */
function browserOrigin(value: string): string {
  if (value === "*") return value;
  origin(value.replace("://*.", "://any."));
  return value;
}

function nameServer(value: string): string {
  try {
    createTxtResolver({ servers: [value], timeoutMs: 1000 });
    return value;
  } catch {
    throw new Error(`${value} is no name server: 192.0.2.1, 192.0.2.1:5353 and [2001:db8::1]:53 are accepted`);
  }
}

function readableFile(value: string): string {
  try {
    readFileSync(value);
    return value;
  } catch (error) {
    throw new Error(`the file cannot be read (${(error as Error).message})`);
  }
}

function baseUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new Error(
      "an http or https URL without query, fragment and user is accepted, such as https://sso.example.com",
    );
  }
  return url.href.replace(/\/+$/, "");
}

function postgresUrl(value: string): string {
  if (URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)) return value;
  throw new Error("a URL such as postgres://user:password@host:5432/database is accepted");
}
