import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import type { Dialect } from "../dialect.ts";
import { migrations } from "../migrations/migrations.ts";
import {
  type ChangeListener,
  NewerSchemaError,
  type Records,
  type Storage,
  StorageUnavailableError,
} from "../storage.ts";
import { AccountSqlStore } from "./accounts.ts";
import { Activity } from "./activity.ts";
import { AnnouncementBannerSqlStore } from "./announcement-banners.ts";
import { ApiTokenSqlStore } from "./api-tokens.ts";
import { AuditEntrySqlStore, type Growth } from "./audit-entries.ts";
import { Changes, type Grown, type Wire } from "./changes.ts";
import { CustomDomainSqlStore } from "./custom-domains.ts";
import { DomainVerificationSqlStore } from "./domain-verifications.ts";
import { Engine } from "./engine.ts";
import { ExchangeTokenSqlStore } from "./exchange-tokens.ts";
import { GroupMembershipSqlStore } from "./group-memberships.ts";
import { GroupSqlStore } from "./groups.ts";
import { guarding } from "./guarded.ts";
import { type Failure, ReadGuard, TransactionGuard } from "./guards.ts";
import { IdentitySqlStore } from "./identities.ts";
import { OrganizationInviteSqlStore } from "./invites.ts";
import { JobRunSqlStore } from "./job-runs.ts";
import { Kept, noteCommit } from "./kept.ts";
import { LockSqlStore } from "./locks.ts";
import { OidcConfigSqlStore } from "./oidc-configs.ts";
import { OrganizationPolicySqlStore } from "./organization-policies.ts";
import { OrganizationSqlStore } from "./organizations.ts";
import { PendingSignInSqlStore } from "./pending-sign-ins.ts";
import { ReceivedClaimsSqlStore } from "./received-claims.ts";
import type { Tables } from "./schema.ts";
import { ScimConfigurationSqlStore } from "./scim-configurations.ts";
import { ScimFormerUserSqlStore } from "./scim-former-users.ts";
import { ScimGroupSqlStore } from "./scim-groups.ts";
import { ScimHoldSqlStore } from "./scim-holds.ts";
import { ScimRequestSqlStore } from "./scim-requests.ts";
import { ScimUserSqlStore } from "./scim-users.ts";
import { SealedValueSqlStore } from "./sealed-values.ts";
import { SessionSqlStore } from "./sessions.ts";
import { SigningKeySqlStore } from "./signing-keys.ts";
import { SsoConfigurationSqlStore } from "./sso-configurations.ts";
import { TermsOfServiceSqlStore } from "./terms-of-service.ts";
import { TestSignInSqlStore } from "./test-sign-ins.ts";
import type { Connection, Transactions } from "./transactions.ts";
import { UserSqlStore } from "./users.ts";

/** What an engine supplies. */
export interface SqlStorageOptions {
  readonly dialect: Dialect;
  /** For the migrations, and whatever is no transaction of a caller's. */
  readonly writers: Kysely<never>;
  readonly transactions: Transactions;
  /** Opens the connections for reading, after the migrations. They must refuse to write. */
  readonly openReaders: () => Connection | Promise<Connection>;
  /** Makes what connects the processes that share the database. */
  readonly openWire: (connections: { writers: Kysely<never>; readers: Kysely<never> }) => Wire;
  /** Last word on an error while opening. */
  readonly onOpenError?: (error: unknown) => unknown;
}

/** A transaction that lost a deadlock is run again this often. */
const ATTEMPTS = 5;

/** Milliseconds, times the attempts so far, before it runs again: or it takes the row that the winner has just waited for. */
const PAUSE_MS = 10;

/** Migrates the database and returns the storage over it. */
export async function createSqlStorage(options: SqlStorageOptions): Promise<Storage> {
  const engine = new Engine(options.dialect);
  const writers = options.writers as unknown as Kysely<Tables>;
  try {
    await migrate(writers, options.dialect);
    const readers = await options.openReaders();
    // Shows that they work; and what was never used, Kysely does not close.
    await sql`select 1`.execute(readers.db);
    const wire = options.openWire({ writers: options.writers, readers: readers.db });
    return new SqlStorage(options, engine, readers, wire);
  } catch (error) {
    await writers.destroy();
    throw options.onOpenError?.(error) ?? error;
  }
}

/** The stores of a connection for writing, which are made once. */
interface Stores {
  /** For one transaction each. */
  readonly Records: ReturnType<typeof guarding>;
  /** Whose audit log the transaction of now has added to. */
  grown: Set<string | undefined>;
}

class SqlStorage implements Storage {
  readonly read: Records;
  readonly #engine: Engine;
  readonly #readers: Kysely<never>;
  readonly #writers: Kysely<never>;
  readonly #transactions: Transactions;
  readonly #stores = new WeakMap<Connection, Stores>();
  readonly #activity = new Activity();
  readonly #changes: Changes;
  /** The transaction that the caller is in, which ends before what it started in the background. */
  readonly #current = new AsyncLocalStorage<TransactionGuard>();
  #closed: Promise<void> | undefined;

  constructor({ writers, transactions }: SqlStorageOptions, engine: Engine, readers: Connection, wire: Wire) {
    this.#engine = engine;
    this.#readers = readers.db;
    this.#writers = writers;
    this.#transactions = transactions;
    this.#changes = new Changes(wire);
    const { version } = readers.direct;
    const kept = version && new Kept(() => readers.direct.version?.());
    const Reads = guarding(records(readers, engine));
    this.read = new Reads(new ReadGuard(this.#activity, engine, kept));
  }

  async write<T>(work: (records: Records) => Promise<T>): Promise<T> {
    // It would wait for its own end.
    if (this.#current.getStore()?.open) throw new Error("a write inside a write: use the records of the outer one");
    this.#activity.enter();
    try {
      for (let attempt = 1; ; attempt++) {
        const outcome = await this.#attempt(work);
        if ("value" in outcome) {
          noteCommit();
          this.#changes.publish(outcome.grown);
          return outcome.value;
        }
        if (attempt >= ATTEMPTS || !this.#engine.dialect.isRetryable(outcome.cause)) throw outcome.error;
        await sleep(attempt * PAUSE_MS);
      }
    } finally {
      this.#activity.leave();
    }
  }

  subscribe(listener: ChangeListener): () => void {
    return this.#changes.subscribe(listener);
  }

  async ping(): Promise<void> {
    try {
      await this.#activity.run(() => sql`select 1`.execute(this.#readers));
    } catch (error) {
      throw new StorageUnavailableError("the database does not answer", { cause: error });
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#activity
      .close()
      .then(() => this.#changes.close())
      .then(() => Promise.all([this.#readers.destroy(), this.#writers.destroy()]))
      .then(() => {});
    return this.#closed;
  }

  /** Runs the work in one transaction. */
  async #attempt<T>(work: (records: Records) => Promise<T>): Promise<Outcome<T>> {
    const guard = new TransactionGuard(this.#engine);
    let thrown: Failure | undefined;
    const carryOut = async (connection: Connection) => {
      const stores = this.#storesOf(connection);
      stores.grown = guard.grown;
      let value: T | undefined;
      try {
        value = await work(new stores.Records(guard));
      } catch (error) {
        thrown = { error, cause: guard.failure?.cause ?? error };
      }
      await guard.end();
      const failure = thrown ?? guard.failure;
      if (failure) throw failure.error;
      return value as T;
    };
    try {
      const value = await this.#transactions.run((connection) => this.#current.run(guard, carryOut, connection));
      return { value, grown: guard.grown };
    } catch (cause) {
      // What the work met counts more than a rollback that could not be sent any more.
      return thrown ?? guard.failure ?? { error: this.#engine.translate(cause), cause };
    }
  }

  #storesOf(connection: Connection): Stores {
    let stores = this.#stores.get(connection);
    if (!stores) {
      const made: Stores = {
        Records: guarding(records(connection, this.#engine, { add: (of) => made.grown.add(of) })),
        grown: new Set(),
      };
      this.#stores.set(connection, made);
      stores = made;
    }
    return stores;
  }
}

type Outcome<T> = { readonly value: T; readonly grown: Grown } | Failure;

/** @param grown is told whose audit log was added to. */
function records(connection: Connection, shared: Engine, grown: Growth = new Set()): Records {
  const db = connection.db as unknown as Kysely<Tables>;
  const engine = shared.over(connection.direct);
  return {
    organizations: new OrganizationSqlStore(db, engine),
    organizationInvites: new OrganizationInviteSqlStore(db),
    accounts: new AccountSqlStore(db, engine),
    identities: new IdentitySqlStore(db, engine),
    users: new UserSqlStore(db, engine),
    apiTokens: new ApiTokenSqlStore(db, engine),
    sessions: new SessionSqlStore(db, engine),
    pendingSignIns: new PendingSignInSqlStore(db, engine),
    receivedClaims: new ReceivedClaimsSqlStore(db),
    testSignIns: new TestSignInSqlStore(db),
    exchangeTokens: new ExchangeTokenSqlStore(db),
    signingKeys: new SigningKeySqlStore(db),
    ssoConfigurations: new SsoConfigurationSqlStore(db, engine),
    scimConfigurations: new ScimConfigurationSqlStore(db, engine),
    scimUsers: new ScimUserSqlStore(db, engine),
    scimFormerUsers: new ScimFormerUserSqlStore(db, engine),
    scimGroups: new ScimGroupSqlStore(db, engine),
    scimRequests: new ScimRequestSqlStore(db),
    scimHolds: new ScimHoldSqlStore(db),
    announcementBanners: new AnnouncementBannerSqlStore(db),
    customDomains: new CustomDomainSqlStore(db),
    domainVerifications: new DomainVerificationSqlStore(db, engine),
    groupMemberships: new GroupMembershipSqlStore(db),
    groups: new GroupSqlStore(db, engine),
    jobRuns: new JobRunSqlStore(db),
    oidcConfigs: new OidcConfigSqlStore(db),
    organizationPolicies: new OrganizationPolicySqlStore(db),
    termsOfService: new TermsOfServiceSqlStore(db),
    auditEntries: new AuditEntrySqlStore(db, engine, grown),
    sealedValues: new SealedValueSqlStore(db),
    locks: new LockSqlStore(db, engine),
  };
}

async function migrate(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(dialect) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof Error && /previously executed migration .* is missing/.test(error.message)) {
    throw new NewerSchemaError(
      "the database was written by a newer version of organization-service: run that version, or restore a backup",
      { cause: error },
    );
  }
  throw error;
}
