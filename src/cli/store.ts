import { type App, createApp } from "../app.ts";
import { type Config, ConfigError, readConfig } from "../config.ts";
import type { Context } from "../domain/principals.ts";
import { newId } from "../lib/ids.ts";
import { readOrCreateKeyFile } from "../lib/key-file.ts";
import { createKeyring, type Keyring } from "../lib/keyring.ts";
import { createLog, type Logger } from "../lib/log.ts";
import { openStorage } from "../storage/open.ts";
import type { Storage } from "../storage/storage.ts";

/** The store of this machine's settings, opened. */
export interface Store {
  readonly config: Config;
  readonly storage: Storage;
  readonly keyring: Keyring;
  readonly log: Logger;
}

/** Opens and migrates the store, and reads or makes the encryption key. */
export async function openStore(env: Readonly<Record<string, string | undefined>>): Promise<Store> {
  const config = readConfig(env);
  const log = createLog(config.logLevel);
  const keyring = createKeyring(config.encryptionKeys ?? [readKeyFile(config)]);
  const storage = await openStorage({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    poolSize: config.databasePool,
  });
  return { config, storage, keyring, log };
}

function readKeyFile({ dataDir }: Config): string {
  try {
    return readOrCreateKeyFile(dataDir);
  } catch (error) {
    throw new ConfigError(`DATA_DIR=${dataDir}: ${(error as Error).message}`, { cause: error });
  }
}

/** Base URL of the links that the server hands out. */
export function publicUrlOf(config: Config, port: number): string {
  return config.publicUrl ?? `${config.tlsCertFile ? "https" : "http"}://localhost:${port}`;
}

/** Runs a command against the store, as the service itself, and closes it. */
export async function withStore<T>(
  env: Readonly<Record<string, string | undefined>>,
  action: string,
  work: (app: App, context: Context, store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore({ ...env, LOG_LEVEL: env.LOG_LEVEL ?? "warn" });
  try {
    const app = createApp({ ...store, publicUrl: publicUrlOf(store.config, store.config.port) });
    try {
      return await work(app, { caller: { kind: "system" }, requestId: `cli-${newId()}`, action }, store);
    } finally {
      await app.close();
    }
  } finally {
    await store.storage.close();
  }
}
