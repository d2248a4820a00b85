/**
 * What SCIM requests cost with a million users in one organization, against a thousand. Prints the median of each request and
 * the ratio, and fails when a ratio is above 1.5.
 *
 *   node bench/scim.ts [sqlite|postgres …] [--large 1000000] [--rounds 200]
 *
 * The users are copies, made in the database, of one that was created through SCIM; that they are what a create makes is
 * checked first. Needs some 5 GB in the temporary folder for each engine, and some minutes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, createApp } from "../src/app.ts";
import { readConfig } from "../src/config.ts";
import { USER } from "../src/domain/provisioning/attributes.ts";
import type { ListParameters } from "../src/domain/provisioning/lists.ts";
import { parseSelection } from "../src/domain/provisioning/projection.ts";
import type { ScimSession } from "../src/domain/provisioning/session.ts";
import { newId } from "../src/lib/ids.ts";
import { createKeyring } from "../src/lib/keyring.ts";
import { createLog } from "../src/lib/log.ts";
import { createToken, hashToken } from "../src/lib/tokens.ts";
import { openStorage } from "../src/storage/open.ts";
import type { Storage } from "../src/storage/storage.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { readArguments } from "./support/arguments.ts";
import { openBulk } from "./support/scim-database.ts";
import { compareUsers, copyId, MODEL, nameOf, seedCopies } from "./support/scim-seed.ts";

const { flags, words: engines } = readArguments(import.meta.filename, { large: 1_000_000, rounds: 200 }, [
  "sqlite",
  "postgres",
]);
const LARGE = flags.large;
const ROUNDS = flags.rounds;
const SMALL = 1_000;
const WARM_UP = 30;
const LIMIT = 1.5;

/** A directory of so many users. */
interface Directory {
  readonly session: ScimSession;
  readonly tag: number;
  readonly size: number;
}

const body = (name: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName: `${name}@example.com`,
  externalId: `id-${name}`,
  name: { givenName: "Ada", familyName: name },
  displayName: `Ada ${name}`,
  emails: [{ value: `${name}@example.com`, type: "work", primary: true }],
});

const WHOLE = parseSelection(USER, {});

/** Creates a user through SCIM and says the id. */
async function create({ domain: { provisioning } }: App, { session }: Directory, name: string): Promise<string> {
  const operation = { method: "POST", type: USER, id: undefined, ifMatch: undefined } as const;
  return (await provisioning.change(session, { ...operation, data: body(name) }, WHOLE)).id;
}

/** An organization with a SCIM configuration. */
async function addDirectory(storage: Storage, publicUrl: string, tag: number, size: number): Promise<Directory> {
  const organizationId = newId();
  const now = Date.now();
  const times = { createdAt: now, updatedAt: now };
  const configuration = {
    id: newId(),
    organizationId,
    name: "",
    enabled: true,
    ssoConfigurationId: undefined,
    allowUnverifiedEmailAccountLinking: false,
    tokenHash: hashToken(createToken("scim")),
    tokenExpiresAt: now + 86_400_000,
    tokenLifetime: 86_400,
    tokenLastUsedAt: undefined,
    ...times,
  };
  await storage.write(async (records) => {
    await records.organizations.insert({ id: organizationId, name: "Acme", inviteDomains: [], ...times });
    await records.scimConfigurations.insert(configuration);
  });
  const baseUrl = `${publicUrl}/scim/v2/${configuration.id}`;
  return { session: { configuration, requestId: "bench", baseUrl }, tag, size };
}

type Call = (directory: Directory, round: number) => Promise<unknown>;

/** What is measured. Each call of a round is another user, so that nothing is found in a cache of one row. */
async function callsOf(app: App): Promise<Readonly<Record<string, Call>>> {
  const { provisioning } = app.domain;
  const list =
    (parametersOf: (directory: Directory, round: number) => ListParameters): Call =>
    (directory, round) =>
      provisioning.list(directory.session, [USER], parametersOf(directory, round));
  // Not the model, and scattered over all.
  const pick = ({ size }: Directory, round: number) => 1 + ((round * 7919) % (size - 1));
  const deepCursors = new Map<Directory, string>();
  const cursorOf = async (directory: Directory) => {
    const known = deepCursors.get(directory);
    if (known !== undefined) return known;
    let cursor = "";
    for (let seen = 0; seen < directory.size * 0.8; seen += 1000) {
      const found = await provisioning.list(directory.session, [USER], { cursor, count: 1000, attributes: "id" });
      cursor = String(found.body.nextCursor ?? cursor);
    }
    deepCursors.set(directory, cursor);
    return cursor;
  };
  let created = 0;
  return {
    create: (directory) => create(app, directory, `new${created++}`),
    "userName eq": list((directory, round) => ({
      filter: `userName eq "USER${pick(directory, round)}@example.com"`,
    })),
    "externalId eq": list((directory, round) => ({ filter: `externalId eq "id-user${pick(directory, round)}"` })),
    "PATCH active": (directory, round) => {
      const id = copyId(directory, pick(directory, round));
      const data = { Operations: [{ op: "replace", path: "active", value: round % 2 === 0 }] };
      return provisioning.change(
        directory.session,
        { method: "PATCH", type: USER, id, data, ifMatch: undefined },
        WHOLE,
      );
    },
    "page of 100, startIndex=1": list(() => ({ startIndex: 1, count: 100 })),
    "page of 100, startIndex=901": list(() => ({ startIndex: 901, count: 100 })),
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

/** Runs some work with the service over the database. */
async function withApp<T>(
  location: Parameters<typeof openStorage>[0],
  work: (app: App, storage: Storage) => Promise<T>,
): Promise<T> {
  const storage = await openStorage(location);
  const config = readConfig({ SCIM_RATE: "1000000", SCIM_GUARD_PERCENT: "100", LOG_LEVEL: "silent" });
  const keyring = createKeyring([Buffer.alloc(32, 1).toString("base64")]);
  const log = createLog("silent", { write: () => {} });
  const app = createApp({ config, publicUrl: PUBLIC_URL, storage, keyring, log });
  try {
    return await work(app, storage);
  } finally {
    await app.close();
    await storage.close();
  }
}

const PUBLIC_URL = "https://bench.example";
const COMPARED = 7;

/** Directories of both sizes. */
async function seed(location: Parameters<typeof openStorage>[0]): Promise<readonly Directory[]> {
  const { directories, models, reference } = await withApp(location, async (app, storage) => {
    const [small, large, other] = [
      await addDirectory(storage, PUBLIC_URL, 1, SMALL),
      await addDirectory(storage, PUBLIC_URL, 2, LARGE),
      await addDirectory(storage, PUBLIC_URL, 3, 1),
    ];
    const found = [];
    for (const { session, tag, size } of [small, large]) {
      const { id: configurationId, organizationId } = session.configuration;
      const userId = await create(app, { session, tag, size }, MODEL);
      found.push({ organizationId, configurationId, userId, tag, size });
    }
    const created = { directory: other, userId: await create(app, other, nameOf(COMPARED)) };
    return { directories: [small, large], models: found, reference: created };
  });
  const database = await openBulk(location.databaseUrl, location.dataDir);
  try {
    await seedCopies(database, models);
    for (const { tag } of directories) await compareUsers(database, copyId({ tag }, COMPARED), reference.userId);
  } finally {
    await database.close();
  }
  await withApp(location, async ({ domain: { provisioning } }) => {
    const read = async ({ session }: Directory, id: string) => {
      const { body: shown } = await provisioning.get(
        session,
        USER,
        id,
        parseSelection(USER, { excludedAttributes: "meta" }),
      );
      return JSON.stringify({ ...shown, id: "" });
    };
    const created = await read(reference.directory, reference.userId);
    for (const directory of directories) {
      const copied = await read(directory, copyId(directory, COMPARED));
      if (copied !== created) throw new Error(`a copied user reads as ${copied}, a created one as ${created}`);
    }
  });
  return directories;
}

async function run(engine: string, location: Parameters<typeof openStorage>[0]): Promise<boolean> {
  const started = performance.now();
  const directories = await seed(location);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`\n${engine}: ${SMALL} against ${LARGE} users, made in ${seconds} s`);
  return withApp(location, async (app) => {
    let good = true;
    for (const [title, call] of Object.entries(await callsOf(app))) {
      const [a = 0, b = 0] = await mediansOf(call, directories);
      if (b / a > LIMIT) good = false;
      console.log([title.padEnd(30), `${a.toFixed(3)} ms`, `${b.toFixed(3)} ms`, `${(b / a).toFixed(2)}x`].join("  "));
    }
    return good;
  });
}

for (const engine of engines) {
  const dataDir = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
  const postgres = engine === "postgres" ? await startPostgres() : undefined;
  try {
    const location = { databaseUrl: postgres && `${postgres.url}/postgres`, dataDir, poolSize: 10 };
    if (!(await run(engine, location))) process.exitCode = 1;
  } finally {
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
