import { deepStrictEqual } from "node:assert/strict";
import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import { type Records, SEALED_COLUMNS, type SealedColumn, type SealedValue } from "../../../src/storage/storage.ts";
import { addOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { insertPendingSignIn } from "./pending-sign-ins.ts";
import { putReceivedClaims } from "./received-claims.ts";
import { newSigningKey } from "./signing-keys.ts";
import { insertSsoConfiguration } from "./sso-configurations.ts";
import { insertTestSignIn } from "./test-sign-ins.ts";

/** Inserts a row with a value in the column. */
const INSERT: {
  readonly [Column in SealedColumn]: (records: Records, organizationId: string) => Promise<SealedValue>;
} = {
  async "sso_configurations.client_secret"(records, organizationId) {
    const { id, clientSecret } = await insertSsoConfiguration(records, organizationId);
    return { key: id, sealed: clientSecret };
  },
  async "pending_sign_ins.sealed"(records, organizationId) {
    const { stateHash, sealed } = await insertPendingSignIn(records, organizationId);
    return { key: stateHash, sealed };
  },
  async "received_claims.sealed"(records, organizationId) {
    const { ssoConfigurationId, sealed } = await putReceivedClaims(records, organizationId);
    return { key: ssoConfigurationId, sealed };
  },
  async "test_sign_ins.sealed_draft"(records, organizationId) {
    const { id, sealedDraft } = await insertTestSignIn(records, organizationId);
    return { key: id, sealed: sealedDraft };
  },
  async "test_sign_ins.sealed_result"(records, organizationId) {
    await insertTestSignIn(records, organizationId, { sealedResult: undefined });
    const { id } = await insertTestSignIn(records, organizationId, { sealedResult: "result" });
    return { key: id, sealed: "result" };
  },
  async "signing_keys.sealed_private_key"(records) {
    const key = newSigningKey();
    await records.signingKeys.insert(key);
    return { key: key.id, sealed: key.sealedPrivateKey };
  },
};

/** `SealedValueStore`. */
export function sealedValues(subject: Subject): void {
  describe.each(SEALED_COLUMNS)("%s, in an own database", (column) => {
    const own = openSubject(subject.engine, subject.wrap);
    const list = (limit: number, after?: string) => own.storage.read.sealedValues.list(column, { limit, after });
    const replace = (value: SealedValue, sealed: string) =>
      own.storage.write((records) => records.sealedValues.replace(column, value, sealed));
    const added: SealedValue[] = [];
    beforeEach(async () => {
      for (let i = 0; i < 3; i++) {
        const { id } = await addOrganization(own.storage);
        added.push(await own.storage.write((records) => INSERT[column](records, id)));
      }
      added.sort((a, b) => (a.key < b.key ? -1 : 1));
    });

    it("is listed in the order of the keys, whoever the rows belong to, page by page", async () => {
      deepStrictEqual(await list(added.length), { items: added });
      deepStrictEqual(await list(2), { items: added.slice(0, 2), next: added[1]?.key });
      deepStrictEqual(await list(added.length, added[1]?.key), { items: added.slice(2) });
    });

    it("is replaced where it stands, and nowhere else", async () => {
      const [first, second, ...others] = (await list(100)).items as [SealedValue, SealedValue];
      expect(await replace(second, "é 'anew'")).toBe(true);
      deepStrictEqual((await list(100)).items, [first, { ...second, sealed: "é 'anew'" }, ...others]);
    });

    it("stays when it has changed meanwhile, or is gone", async () => {
      const { items } = await list(100);
      expect(await replace({ ...(items[0] as SealedValue), sealed: "before" }, "anew")).toBe(false);
      expect(await replace({ ...(items[0] as SealedValue), key: newId() }, "anew")).toBe(false);
      deepStrictEqual((await list(100)).items, items);
    });
  });
}
