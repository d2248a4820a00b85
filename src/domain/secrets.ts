import type { Environment } from "./environment.ts";
import { clientSecretPurpose } from "./sso-configurations.ts";

/** What is sealed at rest, whichever noun it belongs to. */
export function createSecrets({ storage, keyring }: Environment) {
  return {
    /**
     * Seals every secret with the current key; what is sealed with it already stays. Each secret is its own transaction,
     * so the command may be stopped and run again, and the server may run meanwhile.
     * @throws Error when a secret was sealed with a key that is not in the keyring.
     */
    async reseal(): Promise<{ readonly total: number; readonly resealed: number }> {
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
    },
  };

  async function resealClientSecret(organizationId: string, id: string): Promise<boolean> {
    return storage.write(async (records) => {
      const configuration = await records.ssoConfigurations.lock(organizationId, id);
      if (!configuration || keyring.isCurrent(configuration.clientSecret)) return false;
      const purpose = clientSecretPurpose(id);
      const clientSecret = await keyring.seal(await keyring.open(configuration.clientSecret, purpose), purpose);
      await records.ssoConfigurations.update({ ...configuration, clientSecret });
      return true;
    });
  }
}

export type Secrets = ReturnType<typeof createSecrets>;
