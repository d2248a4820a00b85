import { describe } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { OrganizationRecord } from "../../../src/storage/storage.ts";
import { lockCases } from "../cases/locks.ts";
import { pageCases, walk } from "../cases/pages.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyNumber, anyText, anyTexts } from "../traps.ts";

const rows = {
  make: async () => newOrganization(),
  insert: (records, record) => records.organizations.insert(record),
  get: (records, { id }) => records.organizations.get(id),
  lock: (records, { id }) => records.organizations.lock(id),
  update: (records, record) => records.organizations.update(record),
  delete: (records, { id }) => records.organizations.delete(id),
  fixed: ["id"],
  fields: { name: anyText, inviteDomains: anyTexts, createdAt: anyNumber, updatedAt: anyNumber },
} as const satisfies Rows<OrganizationRecord, "id">;

/** `OrganizationStore`. */
export function organizations(subject: Subject): void {
  rowCases(subject, rows);
  lockCases(subject, { ...rows, counter: "updatedAt" });

  describe("of an own database", () => {
    const own = openSubject(subject.engine, subject.wrap);
    pageCases("list", async () => {
      const { storage } = own;
      const remove = ({ id }: { id: string }) => storage.write((records) => records.organizations.delete(id));
      const list = storage.read.organizations.list.bind(storage.read.organizations);
      for (const organization of await walk(list, 100)) await remove(organization);
      return { insert: (id = newId()) => addOrganization(storage, { id }), list, remove };
    });
  });
}
