import { hostname } from "node:os";
import { createInterface } from "node:readline";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Command } from "commander";
import { createOrganizationClient, type OrganizationClient } from "../client/node.ts";
import { comparisonCodeOf, createProofKey, type ProofKey } from "../lib/proof-key.ts";
import { openBrowser } from "./browser.ts";
import {
  type Credential,
  DEFAULT_URL,
  findCredential,
  findServer,
  removeCredential,
  serverOf,
  storeCredential,
  URL_MEANING,
} from "./credentials.ts";
import { listenOnLoopback } from "./loopback.ts";
import { createOutput, type Output } from "./output.ts";
import { UsageError } from "./usage-error.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** How long the person may take in the browser, in milliseconds. */
const PATIENCE_MS = 10 * 60_000;

/** Adds `login` and `logout`. */
export function addLogin(program: Command): void {
  const login = program
    .command("login")
    .description("sign in with the browser; later commands act for you")
    .option("--url <url>", URL_MEANING)
    .option("--no-browser", "open no browser: show a page to open on any machine, and ask for the code that it shows")
    .addHelpText("after", LOGIN_HELP)
    .action(async (flags: { url?: string; browser: boolean }) => {
      await runLogin(process.env, flags, createOutput(Boolean(login.optsWithGlobals().json)));
    });
  const logout = program
    .command("logout")
    .description("revoke the token of the last login, and forget it")
    .option("--url <url>", URL_MEANING)
    .action(async (flags: { url?: string }) => {
      await runLogout(process.env, flags, createOutput(Boolean(logout.optsWithGlobals().json)));
    });
}

const LOGIN_HELP = `
The token is kept in a file that only you can read, $XDG_CONFIG_HOME/organization-service/credentials.json, and is good for
90 days. Commands use it unless ORGANIZATION_SERVICE_TOKEN is set. BROWSER names another command that opens pages.`;

async function runLogin(env: Env, flags: { url?: string; browser: boolean }, output: Output): Promise<void> {
  const server = serverUrl(env, flags);
  const before = findCredential(env, server);
  const key = createProofKey();
  const comparison = comparisonCodeOf(key.challenge);
  output.note(`Agree in the browser, if it shows this code: ${comparison}\n`);

  const credential =
    (flags.browser && (await loginByLoopback(env, server, key, output))) || (await loginByCopy(server, key, output));
  storeCredential(env, server, credential);
  if (before)
    await revoke(server, before).catch(() => output.note("the token of the login before could not be revoked"));
  const { user } = await clientOf(server, credential.token).user.getAuthenticatedUser({});
  if (env.ORGANIZATION_SERVICE_TOKEN) output.note("ORGANIZATION_SERVICE_TOKEN is set: commands go on using that token");
  output.result(
    { url: server, userId: user?.id, organizationId: user?.organizationId },
    `signed in to ${server} as ${user?.name || user?.email}`,
  );
}

/** Undefined when there is no browser on this machine. */
async function loginByLoopback(
  env: Env,
  server: string,
  key: ProofKey,
  output: Output,
): Promise<Credential | undefined> {
  const loopback = await listenOnLoopback();
  try {
    const { port, state } = loopback;
    const url = pageUrl(server, key, { port: String(port), state });
    if (!(await openBrowser(url, env))) return undefined;
    output.note(`If no page opens, open this one in a browser on this machine, or use --no-browser:\n\n  ${url}\n`);
    const answer = await loopback.wait(PATIENCE_MS);
    try {
      const credential = await exchange(server, answer.code, key);
      answer.redirect(`${server}/auth/cli/done`);
      return credential;
    } catch (error) {
      answer.fail();
      throw error;
    }
  } finally {
    loopback.close();
  }
}

async function loginByCopy(server: string, key: ProofKey, output: Output): Promise<Credential> {
  output.note(`Open this page in a browser, on any machine:\n\n  ${pageUrl(server, key)}\n`);
  return exchange(server, await ask("Paste the code that it shows: "), key);
}

/** The page that asks the person, with what it has to know. */
function pageUrl(server: string, { challenge }: ProofKey, loopback: Readonly<Record<string, string>> = {}): string {
  return `${server}/auth/cli?${new URLSearchParams({ challenge, host: hostname(), ...loopback })}`;
}

/** A line from standard input. @throws UsageError when there is none. */
function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve, reject) => {
    terminal.once("close", () => reject(new UsageError("no code was given")));
    terminal.question(question, (line) => {
      resolve(line.trim());
      terminal.close();
      // A pipe whose other end stays open would keep the process from ending.
      process.stdin.destroy();
    });
  });
}

async function exchange(server: string, code: string, key: ProofKey): Promise<Credential> {
  const exchangeToken = `${code}.${key.verifier}`;
  const { accessToken: token } = await clientOf(server).identity.exchangeToken({ exchangeToken });
  return { token, tokenId: await findTokenId(clientOf(server, token), comparisonCodeOf(key.challenge)) };
}

/** The server writes the comparison code into the description of the token. The newest tokens come first. */
async function findTokenId({ user }: OrganizationClient, comparison: string): Promise<string> {
  const { user: me } = await user.getAuthenticatedUser({});
  const { personalAccessTokens } = await user.listPersonalAccessTokens({
    filter: { userIds: [me?.id ?? ""] },
    pagination: { pageSize: 100 },
  });
  const made = personalAccessTokens.find(({ description }) => description.includes(comparison));
  if (!made) throw new Error(`the server does not list the token that it has just made for ${comparison}`);
  return made.id;
}

async function runLogout(env: Env, flags: { url?: string }, output: Output): Promise<void> {
  const server = serverUrl(env, flags);
  const credential = findCredential(env, server);
  if (!credential) return output.result({ url: server, signedOut: false }, `nobody was signed in to ${server}`);
  // Whatever the server says: on this machine it is over.
  removeCredential(env, server);
  await revoke(server, credential);
  output.result({ url: server, signedOut: true }, `signed out of ${server}`);
}

/** @throws ConnectError when the server could not do it. A token that opens nothing any more is no error. */
async function revoke(server: string, { token, tokenId }: Credential): Promise<void> {
  try {
    await clientOf(server, token).user.deletePersonalAccessToken({ personalAccessTokenId: tokenId });
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    if (error.code === Code.Unauthenticated || error.code === Code.NotFound) return;
    throw new ConnectError(`the token is forgotten here, and was not revoked: ${error.rawMessage}`, error.code);
  }
}

function clientOf(server: string, token?: string): OrganizationClient {
  return createOrganizationClient({ baseUrl: server, ...(token !== undefined && { token }) });
}

/** @throws UsageError when it is no URL of a web server. */
function serverUrl(env: Env, flags: { readonly url?: string }): string {
  const url = serverOf(findServer({ ...env, ORGANIZATION_SERVICE_TOKEN: undefined }, flags).url);
  if (/^https?:\/\//.test(url)) return url;
  throw new UsageError(`${url} is no URL of a server: one such as ${DEFAULT_URL} is accepted`);
}
