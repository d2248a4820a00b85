import { deepStrictEqual } from "node:assert/strict";
import { describe, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { OrganizationRecord } from "../../../src/storage/storage.ts";
import { lockCases } from "../cases/locks.ts";
import { pageCases, walk } from "../cases/pages.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { addOrganization, newOrganization } from "../records.ts";
import { openSubject, type Subject } from "../subject.ts";
import { anyNumber, anyText, anyTexts } from "../traps.ts";
import { insertUser } from "./users.ts";

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

  inviting(subject);

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

function inviting(subject: Subject): void {
  pageCases("listInviting", async () => {
    const { storage } = subject;
    const domain = `${newId()}.example.com`;
    return {
      // Of each, one that the domain does not open.
      async insert(id = newId()) {
        await addOrganization(storage, { inviteDomains: [`sub.${domain}`, "example.com"] });
        return addOrganization(storage, { id, inviteDomains: ["first.example.com", domain] });
      },
      list: (page) => storage.read.organizations.listInviting(domain, newId(), page),
      remove: ({ id }) => storage.write((records) => records.organizations.delete(id)),
    };
  });

  it("follows the invite domains as they change", async () => {
    const { storage } = subject;
    const [before, after] = [`${newId()}.example.com`, `${newId()}.example.com`];
    const organization = await addOrganization(storage, { inviteDomains: [before, "example.com"] });
    const list = (domain: string) => storage.read.organizations.listInviting(domain, newId(), { limit: 5 });
    deepStrictEqual(await list(before), { items: [organization] });
    const changed = { ...organization, inviteDomains: [after] };
    await storage.write((records) => records.organizations.update(changed));
    deepStrictEqual([await list(before), await list(after)], [{ items: [] }, { items: [changed] }]);
    await storage.write((records) => records.organizations.update({ ...changed, inviteDomains: [] }));
    deepStrictEqual(await list(after), { items: [] });
  });

  it.each(["active", "suspended", "left"] as const)(
    "leaves out those where the account is or was: %s",
    async (status) => {
      const { storage } = subject;
      const domain = `${newId()}.example.com`;
      const [own, open] = [
        await addOrganization(storage, { inviteDomains: [domain] }),
        await addOrganization(storage, { inviteDomains: [domain] }),
      ];
      const user = await storage.write((records) => insertUser(records, own.id, { status }));
      const list = (accountId: string) => storage.read.organizations.listInviting(domain, accountId, { limit: 5 });
      deepStrictEqual(await list(user.accountId), { items: [open] });
      deepStrictEqual(await list(newId()), { items: [own, open] });
    },
  );
}
