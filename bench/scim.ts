/**
 * What SCIM requests cost with very many users, against a thousand, and how many users a second are created over HTTP:
 * `LARGE=1000000 node bench/scim.ts [sqlite|postgres]`. Prints medians and their ratio for each request, and fails when a
 * ratio is above 1.5.
 */
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, createApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { USER } from "../src/domain/provisioning/attributes.ts";
import { userColumns } from "../src/domain/provisioning/columns.ts";
import type { ListParameters } from "../src/domain/provisioning/lists.ts";
import { parseSelection } from "../src/domain/provisioning/projection.ts";
import { createResource } from "../src/domain/provisioning/resource.ts";
import type { ScimSession } from "../src/domain/provisioning/session.ts";
import { createListener } from "../src/http/listener.ts";
import { newId } from "../src/lib/ids.ts";
import { createKeyring } from "../src/lib/keyring.ts";
import { createLog } from "../src/lib/log.ts";
import { createToken, hashToken } from "../src/lib/tokens.ts";
import { openStorage } from "../src/storage/open.ts";
import type { Records, Storage } from "../src/storage/storage.ts";
import { startPostgres } from "../test/support/postgres.ts";

const LARGE = Number(process.env.LARGE ?? 20_000);
const SMALL = 1_000;
const ROUNDS = Number(process.env.ROUNDS ?? 200);
const WARM_UP = 20;
const LIMIT = 1.5;
const CREATE_SECONDS = 5;
const CONCURRENCY = 16;

/** A directory of so many users. */
interface Directory {
  readonly session: ScimSession;
  readonly token: string;
  readonly ids: readonly string[];
}

const body = (name: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName: `${name}@example.com`,
  externalId: `id-${name}`,
  name: { givenName: "Ada", familyName: name },
  displayName: `Ada ${name}`,
  emails: [{ value: `${name}@example.com`, type: "work", primary: true }],
});

async function insertUser(records: Records, session: ScimSession, name: string, at: number): Promise<string> {
  const { id: scimConfigurationId, organizationId } = session.configuration;
  const times = { createdAt: at, updatedAt: at };
  const person = { name: `Ada ${name}`, email: `${name}@example.com`, avatarUrl: "", organizationId, ...times };
  const account = { ...person, id: newId() };
  await records.accounts.insert(account);
  const id = newId();
  await records.users.insert({
    ...person,
    id,
    accountId: account.id,
    role: "member",
    status: "active",
    suspendedByAdmin: false,
    suspendedByScim: false,
    emailVerified: true,
    loginProvider: "custom",
  });
  const columns = userColumns(createResource(USER, body(name)).resource);
  await records.scimUsers.insert({ id, organizationId, scimConfigurationId, ...columns, version: 1, ...times });
  return id;
}

async function seed(storage: Storage, publicUrl: string, size: number): Promise<Directory> {
  const organizationId = newId();
  const token = createToken("scim");
  const now = Date.now();
  const times = { createdAt: now, updatedAt: now };
  const configuration = {
    id: newId(),
    organizationId,
    name: "",
    enabled: true,
    ssoConfigurationId: undefined,
    allowUnverifiedEmailAccountLinking: false,
    tokenHash: hashToken(token),
    tokenExpiresAt: now + 86_400_000,
    tokenLifetime: 86_400,
    tokenLastUsedAt: undefined,
    ...times,
  };
  const session = { configuration, requestId: "bench", baseUrl: `${publicUrl}/scim/v2/${configuration.id}` };
  await storage.write(async (records) => {
    await records.organizations.insert({ id: organizationId, name: "Acme", inviteDomains: [], ...times });
    await records.scimConfigurations.insert(configuration);
  });
  const ids: string[] = [];
  for (let from = 0; from < size; from += 1000) {
    await storage.write(async (records) => {
      for (let n = from; n < Math.min(from + 1000, size); n++) {
        ids.push(await insertUser(records, session, `user${n}`, now + n));
      }
    });
  }
  return { session, token, ids };
}

type Call = (directory: Directory, round: number) => Promise<unknown>;

/** What is measured. Each call of a round is another user, so that nothing is found in a cache of one row. */
async function callsOf({ domain: { provisioning } }: App): Promise<Readonly<Record<string, Call>>> {
  const whole = parseSelection(USER, {});
  const list =
    (parametersOf: (directory: Directory, round: number) => ListParameters): Call =>
    (directory, round) =>
      provisioning.list(directory.session, [USER], parametersOf(directory, round));
  const pick = ({ ids }: Directory, round: number) => (round * 7919) % ids.length;
  const deepCursors = new Map<Directory, string>();
  const cursorOf = async (directory: Directory) => {
    const known = deepCursors.get(directory);
    if (known !== undefined) return known;
    let cursor = "";
    for (let seen = 0; seen < directory.ids.length * 0.8; seen += 1000) {
      const found = await provisioning.list(directory.session, [USER], { cursor, count: 1000, attributes: "id" });
      cursor = String(found.body.nextCursor ?? cursor);
    }
    deepCursors.set(directory, cursor);
    return cursor;
  };
  let created = 0;
  return {
    create: ({ session }) => {
      const operation = { method: "POST", type: USER, id: undefined, ifMatch: undefined } as const;
      return provisioning.change(session, { ...operation, data: body(`new${created++}`) }, whole);
    },
    "userName eq": list((directory, round) => ({
      filter: `userName eq "USER${pick(directory, round)}@example.com"`,
    })),
    "externalId eq": list((directory, round) => ({ filter: `externalId eq "id-user${pick(directory, round)}"` })),
    "PATCH active": (directory, round) => {
      const id = directory.ids[pick(directory, round)];
      const data = { Operations: [{ op: "replace", path: "active", value: round % 2 === 0 }] };
      return provisioning.change(
        directory.session,
        { method: "PATCH", type: USER, id, data, ifMatch: undefined },
        whole,
      );
    },
    "page of 100, startIndex=1": list(() => ({ startIndex: 1, count: 100 })),
    "page of 100, startIndex=800": list(() => ({ startIndex: 800, count: 100 })),
    "page of 100, first cursor": list(() => ({ cursor: "", count: 100 })),
    "page of 100, deep cursor": async (directory) =>
      provisioning.list(directory.session, [USER], { cursor: await cursorOf(directory), count: 100 }),
  };
}

/** Medians in milliseconds. The directories take turns, so that whatever else the machine does slows both of them. */
async function mediansOf(call: Call, directories: readonly Directory[]): Promise<number[]> {
  const times = directories.map((): number[] => []);
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [at, directory] of directories.entries()) {
      const start = performance.now();
      await call(directory, round + WARM_UP);
      if (round >= 0) times[at]?.push(performance.now() - start);
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number);
}

/** Users that are created over HTTP in a second, by several senders at once. */
async function createsPerSecond({ session, token }: Directory): Promise<number> {
  const end = performance.now() + CREATE_SECONDS * 1000;
  let count = 0;
  const worker = async () => {
    while (performance.now() < end) {
      const response = await fetch(`${session.baseUrl}/Users`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
        body: JSON.stringify(body(newId())),
      });
      if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
      count++;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return count / CREATE_SECONDS;
}

async function run(engine: string, storage: Storage): Promise<boolean> {
  let app: App | undefined;
  const listener = createListener({
    handler: (request, response) => app?.handler(request, response),
    overloaded: (request, response) => app?.overloaded(request, response),
  });
  const { port }: AddressInfo = await listener.listen(0, "127.0.0.1");
  const publicUrl = `http://127.0.0.1:${port}`;
  const config = readConfig({ SCIM_RATE: "1000000", SCIM_GUARD_PERCENT: "100", LOG_LEVEL: "silent" });
  const key = createKeyring([Buffer.alloc(32, 1).toString("base64")]);
  app = createApp({ config, publicUrl, storage, keyring: key, log: createLog("silent", { write: () => {} }) });
  try {
    const started = performance.now();
    const directories = [await seed(storage, publicUrl, SMALL), await seed(storage, publicUrl, LARGE)];
    console.log(
      `\n${engine}: ${SMALL} against ${LARGE} users, made in ${Math.round((performance.now() - started) / 1000)} s`,
    );
    let good = true;
    for (const [title, call] of Object.entries(await callsOf(app))) {
      const [a = 0, b = 0] = await mediansOf(call, directories);
      if (b / a > LIMIT) good = false;
      console.log([title.padEnd(30), `${a.toFixed(3)} ms`, `${b.toFixed(3)} ms`, `${(b / a).toFixed(2)}x`].join("  "));
    }
    console.log(`creates over HTTP: ${Math.round(await createsPerSecond(directories[1] as Directory))} a second`);
    return good;
  } finally {
    await listener.close({ graceMs: 1000 });
    await app.close();
  }
}

for (const engine of process.argv.length > 2 ? process.argv.slice(2) : ["sqlite", "postgres"]) {
  const dataDir = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
  const postgres = engine === "postgres" ? await startPostgres() : undefined;
  const storage = await openStorage({ databaseUrl: postgres && `${postgres.url}/postgres`, dataDir, poolSize: 10 });
  try {
    if (!(await run(engine, storage))) process.exitCode = 1;
  } finally {
    await storage.close();
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
