import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import { EVERY_ORGANIZATION, type Records, type ScimConfigurationRecord } from "../../../src/storage/storage.ts";
import { refusesDuplicate } from "../cases/duplicates.ts";
import { lockCases } from "../cases/locks.ts";
import { pageCases, walk } from "../cases/pages.ts";
import { insertOne, type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyHash, anyNumber, anyText, maybeNumber } from "../traps.ts";
import { insertSsoConfiguration } from "./sso-configurations.ts";

/** An unlinked record of the organization, which has to exist. */
export function newScimConfiguration(organizationId: string, changes: Partial<ScimConfigurationRecord> = {}) {
  const configuration: ScimConfigurationRecord = {
    id: newId(),
    organizationId,
    name: "Directory",
    enabled: true,
    ssoConfigurationId: undefined,
    allowUnverifiedEmailAccountLinking: false,
    tokenHash: randomBytes(32).toString("base64url"),
    tokenExpiresAt: 3,
    tokenLifetime: 4,
    tokenLastUsedAt: undefined,
    createdAt: 1,
    updatedAt: 2,
    ...changes,
  };
  return configuration;
}

/** Inserts an unlinked configuration of the organization. */
export async function insertScimConfiguration(
  records: Records,
  organizationId: string,
  changes: Partial<ScimConfigurationRecord> = {},
) {
  const configuration = newScimConfiguration(organizationId, changes);
  await records.scimConfigurations.insert(configuration);
  return configuration;
}

/** Inserts a configuration that links to an SSO configuration of the organization. */
export async function insertLinkedScimConfiguration(records: Records, organizationId: string) {
  const { id: ssoConfigurationId } = await insertSsoConfiguration(records, organizationId);
  return insertScimConfiguration(records, organizationId, { ssoConfigurationId });
}

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newScimConfiguration(organization.id);
  },
  insert: (records, record) => records.scimConfigurations.insert(record),
  get: (records, { organizationId, id }) => records.scimConfigurations.get(organizationId, id),
  lock: (records, { organizationId, id }) => records.scimConfigurations.lock(organizationId, id),
  update: (records, record) => records.scimConfigurations.update(record),
  delete: (records, { id }) => records.scimConfigurations.delete(id),
  fixed: ["id", "organizationId", "ssoConfigurationId"],
  fields: {
    name: anyText,
    enabled: fc.boolean(),
    allowUnverifiedEmailAccountLinking: fc.boolean(),
    tokenHash: anyHash,
    tokenExpiresAt: anyNumber,
    tokenLifetime: anyNumber,
    tokenLastUsedAt: maybeNumber,
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
} as const satisfies Rows<ScimConfigurationRecord, "id" | "organizationId" | "ssoConfigurationId">;

/** `ScimConfigurationStore`. */
export function scimConfigurations(subject: Subject): void {
  rowCases(subject, rows);
  refusesDuplicate(subject, "a second configuration with the same token hash", {
    ...rows,
    conflicting: async (records, { tokenHash }) => ({ ...(await rows.make(records)), tokenHash }),
  });
  lockCases(subject, { ...rows, counter: "updatedAt" });
  scopeCases(subject, {
    insertFor: (records, organizationId) => insertScimConfiguration(records, organizationId),
    reads: {
      get: (records, scope, { id }) => records.scimConfigurations.get(scope, id),
      lock: (records, scope, { id }) => records.scimConfigurations.lock(scope, id),
    },
  });
  lists(subject);
  links(subject);
  touches(subject);
}

function touches(subject: Subject): void {
  it("notes the last use of the token that has the hash, never moves it back, and ignores hashes of nobody", async () => {
    const { storage } = subject;
    const used = await insertOne(storage, rows, { tokenLastUsedAt: undefined });
    const unused = await insertOne(storage, rows, { tokenLastUsedAt: undefined });
    const touch = (at: number) => {
      const uses = new Map([used.tokenHash, "nobody's"].map((hash) => [hash, at]));
      return storage.write((records) => records.scimConfigurations.touch(uses));
    };
    const lastUse = async (id: string) =>
      (await storage.read.scimConfigurations.get(EVERY_ORGANIZATION, id))?.tokenLastUsedAt;
    for (const [at, expected] of [
      [5, 5],
      [4, 5],
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ] as const) {
      await touch(at);
      expect(await lastUse(used.id)).toBe(expected);
    }
    expect(await lastUse(unused.id)).toBeUndefined();
  });
}

function lists(subject: Subject): void {
  pageCases("list of an organization", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: otherId } = await addOrganization(storage);
    return {
      // A stranger's row after each of ours, so that a page that forgets its scope shows it.
      insert: (id = newId()) =>
        storage.write(async (records) => {
          const own = await insertScimConfiguration(records, organizationId, { id });
          await insertScimConfiguration(records, otherId, { id: `${id}-` });
          return own;
        }),
      list: (page) => storage.read.scimConfigurations.list(organizationId, page),
      remove: ({ id }) => storage.write((records) => records.scimConfigurations.delete(id)),
    };
  });

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);
    pageCases("list of every organization", async () => {
      const { storage } = own;
      const list = storage.read.scimConfigurations.list.bind(storage.read.scimConfigurations, EVERY_ORGANIZATION);
      const remove = ({ id }: { id: string }) => storage.write((records) => records.scimConfigurations.delete(id));
      for (const configuration of await walk(list, 100)) await remove(configuration);
      const organizations = [await addOrganization(storage), await addOrganization(storage)];
      let inserted = 0;
      return {
        insert: (id = newId()) => {
          const organizationId = organizations[inserted++ % 2]?.id ?? "";
          return storage.write((records) => insertScimConfiguration(records, organizationId, { id }));
        },
        list,
        remove,
      };
    });
  });
}

function links(subject: Subject): void {
  it("links to an SSO configuration, and can be unlinked", async () => {
    const { storage } = subject;
    const configuration = await insertOne(storage, rows);
    const sso = await storage.write((records) => insertSsoConfiguration(records, configuration.organizationId));
    for (const ssoConfigurationId of [sso.id, undefined]) {
      const changed = { ...configuration, ssoConfigurationId };
      await storage.write((records) => records.scimConfigurations.update(changed));
      deepStrictEqual(await rows.get(storage.read, configuration), changed);
    }
  });

  it("refuses a link to nothing", async () => {
    const { storage } = subject;
    const configuration = await insertOne(storage, rows);
    const dangling = { ...configuration, ssoConfigurationId: newId() };
    await expect(storage.write((records) => records.scimConfigurations.update(dangling))).rejects.toThrow();
    deepStrictEqual(await rows.get(storage.read, configuration), configuration);
  });

  it("lists the ids that link to an SSO configuration, in creation order", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const { id: otherId } = await addOrganization(storage);
    const { sso, ids } = await storage.write(async (records) => {
      const sso = await insertSsoConfiguration(records, organizationId);
      const another = await insertSsoConfiguration(records, organizationId);
      const ids = ["-B", "-a", "-😀"].map((ending) => sso.id + ending);
      for (const id of ids.toReversed()) {
        await insertScimConfiguration(records, organizationId, { id, ssoConfigurationId: sso.id });
      }
      await insertScimConfiguration(records, organizationId, { ssoConfigurationId: another.id });
      await insertScimConfiguration(records, organizationId);
      return { sso, ids };
    });
    const { scimConfigurations } = storage.read;
    expect(await scimConfigurations.listIdsLinkedTo(organizationId, sso.id)).toEqual(ids);
    expect(await scimConfigurations.listIdsLinkedTo(otherId, sso.id)).toEqual([]);
    expect(await scimConfigurations.listIdsLinkedTo(organizationId, newId())).toEqual([]);
  });
}
