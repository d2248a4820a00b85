import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Records, ScimRequestRecord } from "../../../src/storage/storage.ts";
import { pageCases } from "../cases/pages.ts";
import { newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { insertScimConfiguration } from "./scim-configurations.ts";

/** A record of a configuration. */
export function newScimRequest(
  organizationId: string,
  scimConfigurationId: string,
  changes: Partial<ScimRequestRecord> = {},
): ScimRequestRecord {
  return {
    id: newId(),
    organizationId,
    scimConfigurationId,
    requestId: "r",
    method: "PATCH",
    path: "/Users/1",
    query: "attributes=id",
    body: '{"é":1}',
    userAgent: "",
    status: 200,
    scimType: "",
    detail: "",
    normalizations: [{ code: "string_boolean", path: "active" }],
    resourceType: "User",
    resourceId: "1",
    before: { active: true },
    after: undefined,
    durationMs: 1.25,
    createdAt: 10,
    ...changes,
  };
}

/** Inserts a request to a new configuration of the organization. */
export async function insertScimRequest(records: Records, organizationId: string) {
  const { id } = await insertScimConfiguration(records, organizationId);
  const request = newScimRequest(organizationId, id);
  await records.scimRequests.insertAll([request]);
  return request;
}

/** `ScimRequestStore`. */
export function scimRequests(subject: Subject): void {
  const make = () =>
    subject.storage.write(async (records) => {
      const organization = newOrganization();
      await records.organizations.insert(organization);
      return insertScimRequest(records, organization.id);
    });

  it("reads what was inserted, in its organization alone", async () => {
    const request = await make();
    const { scimRequests: store } = subject.storage.read;
    expect(await store.get(request.organizationId, request.id)).toEqual(request);
    expect(await store.get(newId(), request.id)).toBeUndefined();
    expect(await store.get(request.organizationId, newId())).toBeUndefined();
  });

  it("drops requests of configurations that are gone", async () => {
    const request = await make();
    const lost = newScimRequest(request.organizationId, newId());
    await subject.storage.write(async (records) => {
      await records.scimRequests.insertAll([]);
      await records.scimRequests.insertAll([lost]);
    });
    expect(await subject.storage.read.scimRequests.get(request.organizationId, lost.id)).toBeUndefined();
  });

  it("filters by resource and by failure, newest first", async () => {
    const first = await make();
    const { organizationId, scimConfigurationId } = first;
    const failed = newScimRequest(organizationId, scimConfigurationId, { status: 400, resourceId: "2" });
    await subject.storage.write((records) => records.scimRequests.insertAll([failed]));
    const list = async (filter: { resourceId?: string; failed?: boolean }) => {
      const { scimRequests: store } = subject.storage.read;
      const page = await store.list(organizationId, { scimConfigurationId, ...filter }, { limit: 10 });
      return page.items.map(({ id }) => id);
    };
    expect(await list({})).toEqual([failed.id, first.id]);
    expect(await list({ resourceId: "1" })).toEqual([first.id]);
    expect(await list({ failed: true })).toEqual([failed.id]);
    expect(await list({ failed: false })).toEqual([first.id]);
  });

  it("deletes the old ones, so many at once", async () => {
    const { organizationId, scimConfigurationId } = await make();
    const old = [-3, -2, -1].map((createdAt) => newScimRequest(organizationId, scimConfigurationId, { createdAt }));
    await subject.storage.write((records) => records.scimRequests.insertAll(old));
    const remove = () => subject.storage.write((records) => records.scimRequests.deleteBefore(0, 2));
    expect([await remove(), await remove(), await remove()]).toEqual([2, 1, 0]);
  });

  pageCases(
    "list",
    async () => {
      const { storage } = subject;
      const { organizationId } = await make();
      const { id: scimConfigurationId } = await storage.write((records) =>
        insertScimConfiguration(records, organizationId),
      );
      return {
        insert: async (id = newId()) => {
          const request = newScimRequest(organizationId, scimConfigurationId, { id });
          await storage.write((records) => records.scimRequests.insertAll([request]));
          return request;
        },
        list: (page) => storage.read.scimRequests.list(organizationId, { scimConfigurationId }, page),
      };
    },
    { newestFirst: true, byId: false },
  );
}
