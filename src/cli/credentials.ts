import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { UsageError } from "./usage-error.ts";

/** Where a server is when nobody says otherwise. */
export const DEFAULT_URL = "http://localhost:8080";

/** Of the flag that names the server. */
export const URL_MEANING = `base URL of the server (default: the last login's, or ${DEFAULT_URL}; env: ORGANIZATION_SERVICE_URL)`;

/** What `login` has brought from a server. */
export interface Credential {
  readonly token: string;
  /** By which it is revoked. */
  readonly tokenId: string;
}

/** Every server that somebody has signed in to. */
interface Credentials {
  /** The one that was signed in to last. */
  readonly current?: string;
  readonly servers: Readonly<Record<string, Credential>>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The file of credentials, in the folder of the XDG Base Directory Specification, or in that of Windows. */
export function credentialsPath(env: Env): string {
  const { XDG_CONFIG_HOME: xdg = "", APPDATA: appData = "", HOME: home = "" } = env;
  const folder = [xdg, process.platform === "win32" ? appData : ""].find((each) => isAbsolute(each));
  return join(folder ?? join(home || homedir(), ".config"), "organization-service", "credentials.json");
}

/**
 * The server that a command means and the token for it: those of the environment, or else those of the last login.
 * @throws UsageError when the file of credentials cannot be used.
 */
export function findServer(
  env: Env,
  given: { readonly url?: string },
): { readonly url: string; readonly token?: string } {
  const named = given.url || env.ORGANIZATION_SERVICE_URL || undefined;
  const token = env.ORGANIZATION_SERVICE_TOKEN;
  if (token) return { url: named ?? DEFAULT_URL, token };
  const { current, servers } = readCredentials(env);
  const url = named ?? current ?? DEFAULT_URL;
  const stored = servers[serverOf(url)];
  return stored ? { url, token: stored.token } : { url };
}

/** The credential of a login at the server, if there is one. @throws UsageError as {@link findServer}. */
export function findCredential(env: Env, url: string): Credential | undefined {
  return readCredentials(env).servers[serverOf(url)];
}

/** Keeps a credential, and makes its server the one that commands mean. @throws UsageError as {@link findServer}. */
export function storeCredential(env: Env, url: string, credential: Credential): void {
  const server = serverOf(url);
  const { servers } = readCredentials(env);
  writeCredentials(env, { current: server, servers: { ...servers, [server]: credential } });
}

/** Forgets the credential of a server. @throws UsageError as {@link findServer}. */
export function removeCredential(env: Env, url: string): void {
  const { [serverOf(url)]: _removed, ...servers } = readCredentials(env).servers;
  const [current] = Object.keys(servers).slice(-1);
  writeCredentials(env, { ...(current !== undefined && { current }), servers });
}

/** The same text for every spelling of a server's URL, with `/api` or without. */
export function serverOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, "").replace(/\/api$/, "");
}

function readCredentials(env: Env): Credentials {
  const path = credentialsPath(env);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { servers: {} };
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new UsageError(`${path}: others may read the tokens in it: chmod 600, and consider who has read them`);
  }
  return parse(text, path);
}

function parse(text: string, path: string): Credentials {
  try {
    const { current, servers } = JSON.parse(text);
    if (typeof servers === "object" && servers !== null)
      return { ...(typeof current === "string" && { current }), servers };
  } catch {
    // The sentence below says it.
  }
  throw new UsageError(`${path}: is damaged: delete it and run \`organization-service login\``);
}

/** Whole or not at all, and never readable for others. */
function writeCredentials(env: Env, credentials: Credentials): void {
  const path = credentialsPath(env);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (Object.keys(credentials.servers).length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(temporary, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(temporary, path);
}
