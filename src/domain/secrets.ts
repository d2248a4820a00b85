import { SEALED_COLUMNS, type SealedColumn } from "../storage/storage.ts";
import type { Environment } from "./environment.ts";

/** How much of what is sealed was sealed anew. */
export interface Resealed {
  readonly total: number;
  readonly resealed: number;
}

/** What is sealed at rest, whichever noun it belongs to. */
export function createSecrets({ storage, keyring }: Pick<Environment, "storage" | "keyring">) {
  return {
    /**
     * Seals every secret with the current key; what is sealed with it already stays. Each secret is its own transaction,
     * so the command may be stopped and run again, and the server may run meanwhile.
     * @throws Error when a secret was sealed with a key that is not in the keyring.
     */
    async reseal(): Promise<Resealed> {
      let [total, resealed] = [0, 0];
      for (const column of SEALED_COLUMNS) {
        const counts = await resealColumn(column);
        total += counts.total;
        resealed += counts.resealed;
      }
      return { total, resealed };
    },
  };

  async function resealColumn(column: SealedColumn): Promise<Resealed> {
    let [total, resealed] = [0, 0];
    let after: string | undefined;
    do {
      const page = await storage.read.sealedValues.list(column, { limit: 100, after });
      for (const value of page.items) {
        total++;
        if (keyring.isCurrent(value.sealed)) continue;
        const sealed = await keyring.reseal(value.sealed);
        // Whoever has replaced or removed it meanwhile has done so with the current key.
        if (await storage.write((records) => records.sealedValues.replace(column, value, sealed))) resealed++;
      }
      after = page.next;
    } while (after !== undefined);
    return { total, resealed };
  }
}

export type Secrets = ReturnType<typeof createSecrets>;
