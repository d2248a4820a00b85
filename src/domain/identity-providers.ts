import type { Records, SsoConfigurationRecord } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { fetchJson } from "./sign-ins/fetch-json.ts";
import {
  createMetadataReader,
  type KeySet,
  metadataUrl,
  type ProviderMetadata,
  readKeySet,
} from "./sign-ins/provider-metadata.ts";
import { findRefusal, type SignInRefusal } from "./sign-ins/reasons.ts";

/** An identity provider as one sign-in sees it. */
export interface IdentityProvider {
  readonly metadata: ProviderMetadata;
  /** Its keys, not older than {@link MAX_AGE_MS}. @throws SignInRefusal `keys_…`. */
  keys(): Promise<KeySet>;
  /** Its keys as they are now. @throws SignInRefusal `keys_…`. */
  freshKeys(): Promise<KeySet>;
  /** Something did not fit: the next sign-in looks at metadata and keys anew, in case they have changed. */
  doubt(): void;
}

/** Whose sign-ins a provider is opened for. */
export type ProviderUser = Pick<SsoConfigurationRecord, "id" | "organizationId" | "issuerUrl">;

/** Milliseconds after which metadata and keys are fetched again in the background, while sign-ins go on with the old ones. */
const REFRESH_AFTER_MS = 5 * 60_000;
/** Milliseconds after which they are not used any more. */
export const MAX_AGE_MS = 60 * 60_000;
/** Issuers that are kept; of more, those that were used longest ago are forgotten. */
const MAX_ISSUERS = 1000;
/** Configurations that are told when an issuer fails. */
const MAX_USERS = 100;
/** Milliseconds between two warnings about the same configuration. */
const WARN_EVERY_MS = 6 * 60 * 60_000;

/** Something that is fetched, and when it was. */
interface Fetched<T> {
  readonly value: T;
  readonly at: number;
}

interface Entry {
  readonly issuer: string;
  metadata: Fetched<ProviderMetadata> | undefined;
  keys: Fetched<KeySet> | undefined;
  usedAt: number;
  /** Configuration id → organization id. */
  readonly users: Map<string, string>;
  refreshing: Promise<void> | undefined;
  /** Whether what is known did not fit at the last sign-in. */
  doubted: boolean;
}

/**
 * What is known of identity providers: metadata and keys, kept for a time and refreshed while they are in use, so that a
 * sign-in does not wait for them and a short outage is not felt.
 */
export function createIdentityProviders(environment: Environment) {
  const { fetch, clock, log, settings, storage } = environment;
  const readMetadata = createMetadataReader(settings.issuers);
  const entries = new Map<string, Entry>();

  async function fetchMetadata(issuer: string): Promise<Fetched<ProviderMetadata>> {
    const document = await fetchJson(fetch, "metadata", metadataUrl(issuer));
    return { value: readMetadata(issuer, document), at: clock.now() };
  }

  async function fetchKeys({ jwksUri }: ProviderMetadata): Promise<Fetched<KeySet>> {
    return { value: readKeySet(await fetchJson(fetch, "keys", jwksUri)), at: clock.now() };
  }

  const isUsable = (fetched: Fetched<unknown> | undefined) =>
    fetched !== undefined && clock.now() - fetched.at < MAX_AGE_MS;
  const isDue = (fetched: Fetched<unknown> | undefined) =>
    fetched !== undefined && clock.now() - fetched.at >= REFRESH_AFTER_MS;

  function enter({ id, organizationId, issuerUrl }: ProviderUser): Entry {
    const entry: Entry = entries.get(issuerUrl) ?? {
      issuer: issuerUrl,
      metadata: undefined,
      keys: undefined,
      usedAt: 0,
      users: new Map(),
      refreshing: undefined,
      doubted: false,
    };
    entry.usedAt = clock.now();
    if (entry.users.size < MAX_USERS) entry.users.set(id, organizationId);
    // A Map keeps the order of insertion, so its first key is the issuer that was used longest ago.
    entries.delete(issuerUrl);
    entries.set(issuerUrl, entry);
    if (entries.size > MAX_ISSUERS) entries.delete(entries.keys().next().value as string);
    return entry;
  }

  /** Fetches again what is due, once at a time. What fails leaves the old, until that is too old, and warns. */
  function refresh(entry: Entry): Promise<void> {
    entry.refreshing ??= refreshNow(entry).finally(() => {
      entry.refreshing = undefined;
    });
    return entry.refreshing;
  }

  async function refreshNow(entry: Entry): Promise<void> {
    try {
      if (isDue(entry.metadata)) entry.metadata = await fetchMetadata(entry.issuer);
      if (isDue(entry.keys) && entry.metadata) entry.keys = await fetchKeys(entry.metadata.value);
    } catch (error) {
      const refusal = findRefusal(error);
      if (!refusal) return log.error({ err: error, issuer: entry.issuer }, "identity provider not refreshed");
      await warn(entry, refusal);
    }
  }

  /** To the log at once, and to the audit log of every organization that signs in there, once in a while. */
  async function warn({ issuer, users }: Entry, { reason, detail }: SignInRefusal): Promise<void> {
    log.warn({ issuer, reason, detail, configurations: [...users.keys()] }, "identity provider cannot be refreshed");
    for (const [id, organizationId] of users) {
      await storage
        .write((records) => writeWarning(records, { id, organizationId }, { issuer, reason, detail }))
        .catch((error: unknown) => log.error({ err: error, configuration: id }, "warning not written"));
    }
  }

  async function writeWarning(
    records: Records,
    { id, organizationId }: Pick<ProviderUser, "id" | "organizationId">,
    after: Readonly<Record<string, string>>,
  ): Promise<void> {
    if (!(await records.ssoConfigurations.get(organizationId, id))) return;
    const subject = { organizationId, subjectType: "sso_config", subjectId: id, operation: "update_status" } as const;
    const name = `identity_provider_warning/${id}`;
    if (!(await records.jobRuns.claim(name, clock.now(), WARN_EVERY_MS, subject))) return;
    const context = {
      caller: { kind: "system" },
      requestId: "",
      action: "sso_configuration.provider_failing",
    } as const;
    await recordChange(environment, records, context, { ...subject, after });
  }

  /** Waits for a first answer, and warns like a refresh when there was one before that has become too old. */
  async function require<T>(entry: Entry, old: Fetched<T> | undefined, fetchNew: () => Promise<Fetched<T>>) {
    try {
      return await fetchNew();
    } catch (error) {
      const refusal = findRefusal(error);
      if (old && refusal) await warn(entry, refusal);
      throw error;
    }
  }

  /** Metadata that may be used: what is known, or what is fetched now. */
  async function currentMetadata(entry: Entry): Promise<ProviderMetadata> {
    const known = isUsable(entry.metadata) ? entry.metadata : undefined;
    if (known && !entry.doubted) {
      if (isDue(entry.metadata) || isDue(entry.keys)) void refresh(entry);
      return known.value;
    }
    entry.doubted = false;
    try {
      entry.metadata = await require(entry, entry.metadata, () => fetchMetadata(entry.issuer));
      entry.keys = undefined;
    } catch (error) {
      if (!known) throw error;
    }
    return (entry.metadata as Fetched<ProviderMetadata>).value;
  }

  return {
    /**
     * The provider of a configuration.
     * @throws SignInRefusal of the step `discovery`.
     */
    async open(user: ProviderUser): Promise<IdentityProvider> {
      const entry = enter(user);
      const metadata = await currentMetadata(entry);
      const freshKeys = async () => {
        entry.keys = await require(entry, entry.keys, () => fetchKeys(metadata));
        return entry.keys.value;
      };
      return {
        metadata,
        freshKeys,
        doubt() {
          entry.doubted = true;
        },
        keys: async () => (isUsable(entry.keys) ? (entry.keys as Fetched<KeySet>).value : freshKeys()),
      };
    },

    /**
     * The provider as it is now; nothing is kept of it. For tests of configurations.
     * @throws SignInRefusal of the step `discovery`.
     */
    async inspect(issuer: string): Promise<IdentityProvider> {
      const { value: metadata } = await fetchMetadata(issuer);
      const freshKeys = async () => (await fetchKeys(metadata)).value;
      return { metadata, keys: freshKeys, freshKeys, doubt() {} };
    },

    /** Fetches again what is due of every provider that was used lately. Throws nothing. */
    async refreshDue(): Promise<void> {
      for (const entry of entries.values()) {
        if (clock.now() - entry.usedAt < MAX_AGE_MS) await refresh(entry);
      }
    },
  };
}

export type IdentityProviders = ReturnType<typeof createIdentityProviders>;
