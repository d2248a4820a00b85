import type { Environment } from "./environment.ts";
import { signingKeyPurpose } from "./signing-keys.ts";
import { clientSecretPurpose } from "./sso-configurations.ts";

/** How much of what is sealed was sealed anew. */
export interface Resealed {
  readonly total: number;
  readonly resealed: number;
}

/** What is sealed at rest, whichever noun it belongs to. */
export function createSecrets({ storage, keyring }: Environment) {
  return {
    /**
     * Seals every secret with the current key; what is sealed with it already stays. Each secret is its own transaction,
     * so the command may be stopped and run again, and the server may run meanwhile.
     * @throws Error when a secret was sealed with a key that is not in the keyring.
     */
    async reseal(): Promise<Resealed> {
      const counts = [await resealClientSecrets(), await resealSigningKeys()];
      return {
        total: counts.reduce((sum, { total }) => sum + total, 0),
        resealed: counts.reduce((sum, { resealed }) => sum + resealed, 0),
      };
    },
  };

  async function resealClientSecrets(): Promise<Resealed> {
    let total = 0;
    let resealed = 0;
    let after: string | undefined;
    do {
      const page = await storage.read.ssoConfigurations.listAll({ limit: 100, after });
      for (const { id, organizationId } of page.items) {
        total++;
        if (await resealClientSecret(organizationId, id)) resealed++;
      }
      after = page.next;
    } while (after !== undefined);
    return { total, resealed };
  }

  async function resealClientSecret(organizationId: string, id: string): Promise<boolean> {
    return storage.write(async (records) => {
      const configuration = await records.ssoConfigurations.lock(organizationId, id);
      if (!configuration || keyring.isCurrent(configuration.clientSecret)) return false;
      const clientSecret = await sealAnew(configuration.clientSecret, clientSecretPurpose(id));
      await records.ssoConfigurations.update({ ...configuration, clientSecret });
      return true;
    });
  }

  /** No lock: a key's secret never changes, so whoever seals it seals the same. */
  async function resealSigningKeys(): Promise<Resealed> {
    const keys = await storage.read.signingKeys.list();
    const old = keys.filter(({ sealedPrivateKey }) => !keyring.isCurrent(sealedPrivateKey));
    for (const { id, sealedPrivateKey } of old) {
      const sealed = await sealAnew(sealedPrivateKey, signingKeyPurpose(id));
      await storage.write((records) => records.signingKeys.reseal(id, sealed));
    }
    return { total: keys.length, resealed: old.length };
  }

  async function sealAnew(sealed: string, purpose: string): Promise<string> {
    return keyring.seal(await keyring.open(sealed, purpose), purpose);
  }
}

export type Secrets = ReturnType<typeof createSecrets>;
