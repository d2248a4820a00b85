/**
 * What a page of ListMembers costs in an organization of 100,000 members, against one of 1,000, in a database of a thousand
 * organizations: `node bench/list-members.ts [sqlite|postgres]`. Prints medians of both and their ratio for each query, and
 * fails when a ratio is above 1.5.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "../src/lib/ids.ts";
import { openStorage } from "../src/storage/open.ts";
import type { MemberFilter, MemberOrder, Records, Storage, UserRecord } from "../src/storage/storage.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { readArguments } from "./support/arguments.ts";

const LARGE = 100_000;
const SMALL = 1_000;
const ORGANIZATIONS = 1_000;
const OTHERS = 10;
const PAGE = 25;
const ROUNDS = 300;
const WARM_UP = 20;
const LIMIT = 1.5;

const BY_NAME: MemberOrder = { by: "name", descending: false };

interface Case {
  readonly title: string;
  readonly filter?: MemberFilter;
  readonly order?: MemberOrder;
  /** How far into the list the page lies, from 0 to 1. */
  readonly depth?: number;
  /**
   * Rows of a page. A search and a filter together leave few of a thousand members: a page that only the large organization can
   * fill would compare a short answer with a long one.
   */
  readonly page?: number;
}

const CASES: readonly Case[] = [
  { title: "first page" },
  { title: "by name, descending", order: { by: "name", descending: true } },
  { title: "by date joined", order: { by: "joined", descending: false } },
  { title: "by date joined, descending", order: { by: "joined", descending: true } },
  { title: "deep page by name", depth: 0.9 },
  { title: "deep page by date joined", depth: 0.9, order: { by: "joined", descending: false } },
  { title: "search of 1 character", filter: { search: "a" } },
  { title: "search of 2 characters", filter: { search: "Mi" } },
  { title: "search of 3 characters", filter: { search: "ann" } },
  { title: "search of a surname", filter: { search: "Johnson" } },
  { title: "search of a surname, deep page", filter: { search: "Johnson" }, depth: 0.5 },
  {
    title: "search of a surname by date joined",
    filter: { search: "Johnson" },
    order: { by: "joined", descending: true },
  },
  { title: "search of a full name", filter: { search: "susanne larsson" } },
  {
    title: "search of a full name, descending",
    filter: { search: "Anna Smith" },
    order: { by: "name", descending: true },
  },
  {
    title: "search of a full name by date joined",
    filter: { search: "anna smith" },
    order: { by: "joined", descending: false },
  },
  { title: "search of the email domain", filter: { search: "@example.com" } },
  { title: "search of one member's email", filter: { search: "anna.larsson.500@" } },
  { title: "search of nobody", filter: { search: "anna zzyzx" } },
  { title: "suspended", filter: { statuses: ["suspended"] } },
  { title: "active or suspended", filter: { statuses: ["active", "suspended"] } },
  { title: "active or suspended, deep page", filter: { statuses: ["active", "suspended"] }, depth: 0.9 },
  { title: "admins", filter: { roles: ["admin"] } },
  {
    title: "suspended admins by date joined",
    filter: { roles: ["admin"], statuses: ["suspended"] },
    order: { by: "joined", descending: true },
  },
  { title: "exact email", filter: { email: "Anna.Larsson.500@Example.com" } },
  { title: "login provider of all", filter: { loginProvider: "custom" } },
  { title: "login provider of nobody", filter: { loginProvider: "github" } },
  { title: "search of active members", filter: { search: "son", statuses: ["active"] }, page: 10 },
  { title: "search of admins", filter: { search: "ann", roles: ["admin"] }, page: 10 },
  { title: "search of suspended members", filter: { search: "son", statuses: ["suspended"] }, page: 10 },
];

/** Forty names, so that a thousand members fill a page with each. */
const FIRST = ["Anna", "Ben", "Carla", "Hannah", "Ivan", "Lena", "Mia", "Milan", "Rosa", "Susanne"];
const LAST = ["Smith", "Johnson", "Larsson", "Müller"];

/** A number from 0 to 1 that looks random. */
const scatter = (n: number, prime: number): number => ((n * prime) % 10_007) / 10_007;

async function insertMembers(records: Records, organizationId: string, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    const first = FIRST[n % FIRST.length] as string;
    const last = LAST[Math.floor(n / FIRST.length) % LAST.length] as string;
    const name = `${first} ${last}`;
    const email = `${first}.${last}.${n}@example.com`.toLowerCase();
    const at = 1_700_000_000_000 + n * 1000;
    const account = {
      id: newId(),
      name,
      email,
      avatarUrl: "",
      organizationId: undefined,
      createdAt: at,
      updatedAt: at,
    };
    await records.accounts.insert(account);
    const user: UserRecord = {
      ...account,
      id: newId(),
      organizationId,
      accountId: account.id,
      // Independent of the name: multiplying by a large prime scatters the numbers.
      role: scatter(n, 7919) < 0.1 ? "admin" : "member",
      status: scatter(n, 104_729) < 0.1 ? "suspended" : scatter(n, 104_729) < 0.2 ? "left" : "active",
      suspendedByAdmin: false,
      suspendedByScim: false,
      emailVerified: true,
      loginProvider: "custom",
    };
    await records.users.insert(user);
  }
}

async function seed(storage: Storage): Promise<{ large: string; small: string }> {
  const ids = Array.from({ length: ORGANIZATIONS }, () => newId());
  const [large, small] = [ids[400] as string, ids[600] as string];
  const sizeOf = (id: string) => (id === large ? LARGE : id === small ? SMALL : OTHERS);
  for (const id of ids) {
    const organization = { id, name: "Example", inviteDomains: [], createdAt: 1, updatedAt: 1 };
    await storage.write((records) => records.organizations.insert(organization));
    for (let from = 0; from < sizeOf(id); from += 1000) {
      await storage.write((records) => insertMembers(records, id, from, Math.min(from + 1000, sizeOf(id))));
    }
  }
  return { large, small };
}

/** The call that is measured: one page of the organization. */
async function pageOf(
  storage: Storage,
  organizationId: string,
  { filter = {}, order = BY_NAME, depth, page = PAGE }: Case,
) {
  const { users } = storage.read;
  let after: string | undefined;
  if (depth !== undefined) {
    const total = await users.count(organizationId, filter, LARGE);
    after = (await users.list(organizationId, filter, order, { limit: Math.floor(total * depth) })).next;
  }
  return () => users.list(organizationId, filter, order, { limit: page, after });
}

/** Medians in milliseconds. The calls take turns, so that whatever else the machine does slows all of them. */
async function mediansOf(calls: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const times = calls.map((): number[] => []);
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [at, call] of calls.entries()) {
      const start = performance.now();
      await call();
      if (round >= 0) times[at]?.push(performance.now() - start);
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number);
}

async function run(engine: string, storage: Storage): Promise<boolean> {
  const started = performance.now();
  const { large, small } = await seed(storage);
  console.log(`\n${engine}: seeded in ${Math.round((performance.now() - started) / 1000)} s`);
  let good = true;
  for (const each of CASES) {
    const calls = [await pageOf(storage, small, each), await pageOf(storage, large, each)];
    const [a = 0, b = 0] = await mediansOf(calls);
    if (b / a > LIMIT) good = false;
    const columns = [each.title.padEnd(36), `${a.toFixed(3)} ms`, `${b.toFixed(3)} ms`, `${(b / a).toFixed(2)}x`];
    console.log(columns.join("  "));
  }
  return good;
}

async function main(engines: readonly string[]): Promise<void> {
  for (const engine of engines) {
    const dataDir = mkdtempSync(join(tmpdir(), "organization-service-bench-"));
    const postgres = engine === "postgres" ? await startPostgres() : undefined;
    const storage = await openStorage({ databaseUrl: postgres && `${postgres.url}/postgres`, dataDir, poolSize: 2 });
    try {
      if (!(await run(engine, storage))) process.exitCode = 1;
    } finally {
      await storage.close();
      await postgres?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}

await main(readArguments(import.meta.filename, {}, ["sqlite", "postgres"]).words);
