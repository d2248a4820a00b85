import { type Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import type { Dialect } from "../dialect.ts";
import { migrations } from "../migrations/migrations.ts";
import { NewerSchemaError, type Records, type Storage, StorageUnavailableError } from "../storage.ts";
import { AccountSqlStore } from "./accounts.ts";
import { AnnouncementBannerSqlStore } from "./announcement-banners.ts";
import { ApiTokenSqlStore } from "./api-tokens.ts";
import { AuditEntrySqlStore } from "./audit-entries.ts";
import { CustomDomainSqlStore } from "./custom-domains.ts";
import { DomainVerificationSqlStore } from "./domain-verifications.ts";
import { Engine } from "./engine.ts";
import { GroupMembershipSqlStore } from "./group-memberships.ts";
import { GroupSqlStore } from "./groups.ts";
import { OrganizationInviteSqlStore } from "./invites.ts";
import { JobRunSqlStore } from "./job-runs.ts";
import { LockSqlStore } from "./locks.ts";
import { OidcConfigSqlStore } from "./oidc-configs.ts";
import { OrganizationPolicySqlStore } from "./organization-policies.ts";
import { OrganizationSqlStore } from "./organizations.ts";
import type { Tables } from "./schema.ts";
import { ScimConfigurationSqlStore } from "./scim-configurations.ts";
import { SsoConfigurationSqlStore } from "./sso-configurations.ts";
import { TermsOfServiceSqlStore } from "./terms-of-service.ts";
import { UserSqlStore } from "./users.ts";

/** What an engine supplies. */
export interface SqlStorageOptions {
  readonly dialect: Dialect;
  readonly writers: Kysely<never>;
  /** Opens the connections for reading, after the migrations. They must refuse to write. */
  readonly openReaders: () => Kysely<never>;
  /** Last word on an error while opening. */
  readonly onOpenError?: (error: unknown) => unknown;
}

/** A transaction that lost a deadlock is run again this often. */
const ATTEMPTS = 5;

/** Migrates the database and returns the storage over it. */
export async function createSqlStorage(options: SqlStorageOptions): Promise<Storage> {
  const engine = new Engine(options.dialect);
  const writers = options.writers as unknown as Kysely<Tables>;
  try {
    await migrate(writers, options.dialect);
  } catch (error) {
    await writers.destroy();
    throw options.onOpenError?.(error) ?? error;
  }
  const readers = options.openReaders() as unknown as Kysely<Tables>;
  return new SqlStorage(engine, readers, writers);
}

class SqlStorage implements Storage {
  readonly read: Records;
  readonly #engine: Engine;
  readonly #readers: Kysely<Tables>;
  readonly #writers: Kysely<Tables>;
  #closed: Promise<void> | undefined;

  constructor(engine: Engine, readers: Kysely<Tables>, writers: Kysely<Tables>) {
    this.#engine = engine;
    this.#readers = readers;
    this.#writers = writers;
    this.read = translating(records(readers, engine), engine);
  }

  async write<T>(work: (records: Records) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#writers.transaction().execute((transaction) => work(records(transaction, this.#engine)));
      } catch (error) {
        if (attempt < ATTEMPTS && this.#engine.dialect.isRetryable(error)) continue;
        throw this.#engine.translate(error);
      }
    }
  }

  async ping(): Promise<void> {
    try {
      await sql`select 1`.execute(this.#readers);
    } catch (error) {
      throw new StorageUnavailableError("the database does not answer", { cause: error });
    }
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([this.#readers.destroy(), this.#writers.destroy()]).then(() => {});
    return this.#closed;
  }
}

function records(db: Kysely<Tables>, engine: Engine): Records {
  return {
    organizations: new OrganizationSqlStore(db, engine),
    organizationInvites: new OrganizationInviteSqlStore(db),
    accounts: new AccountSqlStore(db),
    users: new UserSqlStore(db, engine),
    apiTokens: new ApiTokenSqlStore(db, engine),
    ssoConfigurations: new SsoConfigurationSqlStore(db, engine),
    scimConfigurations: new ScimConfigurationSqlStore(db, engine),
    announcementBanners: new AnnouncementBannerSqlStore(db),
    customDomains: new CustomDomainSqlStore(db),
    domainVerifications: new DomainVerificationSqlStore(db, engine),
    groupMemberships: new GroupMembershipSqlStore(db),
    groups: new GroupSqlStore(db, engine),
    jobRuns: new JobRunSqlStore(db),
    oidcConfigs: new OidcConfigSqlStore(db),
    organizationPolicies: new OrganizationPolicySqlStore(db),
    termsOfService: new TermsOfServiceSqlStore(db),
    auditEntries: new AuditEntrySqlStore(db, engine),
    locks: new LockSqlStore(db, engine),
  };
}

/** Reads outside a transaction report driver errors as the contract says; inside one, {@link SqlStorage.write} does. */
function translating(all: Records, engine: Engine): Records {
  const wrap = <S extends object>(store: S): S =>
    new Proxy(store, {
      get(target, name) {
        const member = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) =>
          Promise.resolve(member.apply(target, args)).catch((error: unknown) => {
            throw engine.translate(error);
          });
      },
    });
  return Object.fromEntries(Object.entries(all).map(([noun, store]) => [noun, wrap(store)])) as unknown as Records;
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
