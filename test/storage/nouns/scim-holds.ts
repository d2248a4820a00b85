import fc from "fast-check";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records, ScimHoldRecord } from "../../../src/storage/storage.ts";
import { pageCases } from "../cases/pages.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText, maybeNumber } from "../traps.ts";
import { insertScimConfiguration } from "./scim-configurations.ts";

/** A record of a new configuration of the organization. */
export async function newScimHold(
  records: Records,
  organizationId: string,
  changes: Partial<ScimHoldRecord> = {},
): Promise<ScimHoldRecord> {
  return {
    id: newId(),
    organizationId,
    scimConfigurationId: changes.scimConfigurationId ?? (await insertScimConfiguration(records, organizationId)).id,
    state: "pending",
    deprovisioned: 3,
    activeUsers: 10,
    heldRequests: 1,
    lastUserId: "u",
    decidedBy: "",
    decidedAt: undefined,
    expiresAt: undefined,
    createdAt: 1,
    ...changes,
  };
}

/** Inserts such a record, and a deprovisioning. */
export async function insertScimHold(records: Records, organizationId: string) {
  const hold = await newScimHold(records, organizationId);
  await records.scimHolds.insert(hold);
  await records.scimHolds.noteDeprovisioning(organizationId, hold.scimConfigurationId, "u", 1);
  return hold;
}

const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newScimHold(records, organization.id);
  },
  insert: (records, record) => records.scimHolds.insert(record),
  get: (records, { organizationId, id }) => records.scimHolds.get(organizationId, id),
  update: (records, record) => records.scimHolds.update(record),
  fixed: ["id", "organizationId", "scimConfigurationId"],
  fields: {
    state: fc.constantFrom("pending", "approved", "refused"),
    deprovisioned: count,
    activeUsers: count,
    heldRequests: count,
    lastUserId: anyText,
    decidedBy: anyText,
    decidedAt: maybeNumber,
    expiresAt: maybeNumber,
    createdAt: anyNumber,
  },
} as const satisfies Rows<ScimHoldRecord, "id" | "organizationId" | "scimConfigurationId">;

/** `ScimHoldStore`. */
export function scimHolds(subject: Subject): void {
  rowCases(subject, rows);
  const addConfiguration = () =>
    subject.storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      const { id } = await insertScimConfiguration(records, organization.id);
      return { organizationId: organization.id, scimConfigurationId: id };
    });

  it("knows a configuration's newest hold", async () => {
    const { organizationId, scimConfigurationId } = await addConfiguration();
    const { storage } = subject;
    expect(await storage.read.scimHolds.latest(scimConfigurationId)).toBeUndefined();
    const latest = await storage.write(async (records) => {
      await records.scimHolds.insert(await newScimHold(records, organizationId, { scimConfigurationId }));
      const second = await newScimHold(records, organizationId, { scimConfigurationId });
      await records.scimHolds.insert(second);
      return second;
    });
    expect(await storage.read.scimHolds.latest(scimConfigurationId)).toEqual(latest);
    const others = await storage.read.scimHolds.list(organizationId, newId(), { limit: 5 });
    expect(others.items).toEqual([]);
  });

  it("counts deprovisionings since a time up to a limit, and forgets old ones", async () => {
    const { organizationId, scimConfigurationId } = await addConfiguration();
    const { storage } = subject;
    await storage.write(async (records) => {
      for (const at of [10, 20, 30]) {
        await records.scimHolds.noteDeprovisioning(organizationId, scimConfigurationId, "u", at);
      }
    });
    const since = (at: number, limit = 10) =>
      storage.read.scimHolds.countDeprovisionings(scimConfigurationId, at, limit);
    expect([await since(0), await since(20), await since(0, 2), await since(31)]).toEqual([3, 2, 2, 0]);
    await storage.write((records) => records.scimHolds.deleteDeprovisionings(20));
    expect(await since(0)).toBe(2);
  });

  pageCases(
    "list",
    async () => {
      const { organizationId, scimConfigurationId } = await addConfiguration();
      const { storage } = subject;
      return {
        insert: (id = newId()) =>
          storage.write(async (records) => {
            const hold = await newScimHold(records, organizationId, { id, scimConfigurationId });
            await records.scimHolds.insert(hold);
            return hold;
          }),
        list: (page) => storage.read.scimHolds.list(organizationId, undefined, page),
      };
    },
    { newestFirst: true, byId: false },
  );
}
