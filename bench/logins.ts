/**
 * Sign-ins on one processor, beside what no sign-in can do without: the cryptography alone, and the two requests with one
 * exchange of a code. The identity provider and the browsers are on another processor. `per cpu-s` counts the server's own
 * processor time alone, so it also holds where the other side is the slower one.
 *
 *   node bench/logins.ts [--seconds 5] [--rounds 3] [--concurrency 8]
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createVerify,
  generateKeyPairSync,
  randomBytes,
  sign,
} from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTable } from "../src/cli/output.ts";
import { Browser } from "../test/support/browser.ts";
import { startLyingProvider } from "../test/support/lying-provider.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { readArguments } from "./support/arguments.ts";
import { median } from "./support/median.ts";
import { createPostgresDatabase } from "./support/postgres-database.ts";
import { pinLoad, type ServerProcess, startProcess } from "./support/server-process.ts";

const { seconds, rounds, concurrency } = readArguments(import.meta.filename, {
  seconds: 5,
  rounds: 3,
  concurrency: 8,
}).flags;

/** One row of the table. */
interface Row {
  readonly name: string;
  /** Sign-ins a second, by the clock and by the server's processor time. */
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

const folder = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
const script = (name: string) => join(import.meta.dirname, "servers", `${name}.ts`);
const postgres = await startPostgres();
const pinned = pinLoad();
const idp = await startLyingProvider();
const environment = { BENCH_ISSUER: idp.issuer, ALLOW_INSECURE_ISSUERS: "true", SIGN_IN_RATE: "1000000", PORT: "0" };

/** The cryptography of one sign-in: states and cookies, PKCE, what is sealed and opened, and the signature of the ID token. */
function measureCryptography(): Row {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = randomBytes(32);
  const token = randomBytes(800);
  const signature = sign("sha256", token, privateKey);
  const once = (): void => {
    for (let count = 0; count < 5; count++) createHash("sha256").update(randomBytes(32)).digest("base64url");
    for (let count = 0; count < 3; count++) {
      const iv = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      const sealed = Buffer.concat([cipher.update(token), cipher.final()]);
      const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(cipher.getAuthTag());
      Buffer.concat([decipher.update(sealed), decipher.final()]);
    }
    if (!createVerify("sha256").update(token).verify(publicKey, signature)) throw new Error("the signature is wrong");
  };
  const started = process.cpuUsage();
  const end = performance.now() + seconds * 1000;
  let done = 0;
  for (; performance.now() < end; done++) once();
  const { user, system } = process.cpuUsage(started);
  const perCpuSecond = done / ((user + system) / 1e6);
  return { name: "cryptography alone", perSecond: done / seconds, perCpuSecond };
}

/** Signs different people in, over and over, from several browsers at once. */
async function signIn(start: string): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const person = async () => {
    while (performance.now() < end) {
      const stopAt = (url: string) => url.endsWith("/auth/signed-in");
      const visit = await new Browser().visit(start, { stopAt });
      if (visit.status !== 302) throw new Error(`refused with status ${visit.status}: ${visit.body.slice(-300)}`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, person));
  return done;
}

async function measure(
  name: string,
  start: () => Promise<ServerProcess>,
  urlOf: (server: ServerProcess) => string,
): Promise<Row> {
  process.stderr.write(`… ${name}\n`);
  const server = await start();
  try {
    await signIn(urlOf(server));
    const samples: { readonly perSecond: number; readonly perCpuSecond: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const cpu = server.cpuSeconds();
      const started = performance.now();
      const done = await signIn(urlOf(server));
      const elapsed = (performance.now() - started) / 1000;
      samples.push({ perSecond: done / elapsed, perCpuSecond: done / (server.cpuSeconds() - cpu) });
    }
    return {
      name,
      perSecond: median(samples.map(({ perSecond }) => perSecond)),
      perCpuSecond: median(samples.map(({ perCpuSecond }) => perCpuSecond)),
    };
  } finally {
    await server.stop();
  }
}

const service = (env: Readonly<Record<string, string>>) => () =>
  startProcess(script("service"), { ...environment, ...env });
const startOf = ({ port, hello }: ServerProcess) =>
  `http://localhost:${port}/auth/oidc/start?configuration=${hello.ssoConfigurationId}`;

try {
  // The configuration of the service accepts this domain.
  idp.person = { ...idp.person, email: "ada@acme.com" };
  const rows = [measureCryptography()];
  const floor = () => startProcess(script("login-floor"), environment);
  rows.push(await measure("two requests and one exchange", floor, ({ port }) => `http://localhost:${port}/start`));
  rows.push(await measure("sign-in, SQLite", service({ DATA_DIR: join(folder, "sqlite") }), startOf));
  const onPostgres = {
    DATA_DIR: join(folder, "postgres"),
    DATABASE_URL: await createPostgresDatabase(postgres.url, "bench_logins"),
  };
  rows.push(await measure("sign-in, PostgreSQL", service(onPostgres), startOf));
  const baseline = rows[1]?.perCpuSecond ?? 0;
  const printed = rows.map((row) => ({
    what: row.name,
    "per s": row.perSecond.toFixed(0),
    "per cpu-s": row.perCpuSecond.toFixed(0),
    "cpu ms each": (1000 / row.perCpuSecond).toFixed(2),
    "cpu ratio": (row.perCpuSecond / baseline).toFixed(2),
  }));
  process.stdout.write(
    `${rounds} rounds of ${seconds} s, ${concurrency} browsers, medians; ` +
      `${pinned ? "server on one processor, provider and browsers on another" : "processes could not be pinned"}\n\n` +
      `${formatTable(printed, ["what", "per s", "per cpu-s", "cpu ms each", "cpu ratio"])}\n`,
  );
} finally {
  await idp.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
