import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import { BrokenLinkError, type Records, type SsoConfigurationRecord } from "../../../src/storage/storage.ts";
import { lockCases } from "../cases/locks.ts";
import { pageCases } from "../cases/pages.ts";
import { type Rows, rowCases } from "../cases/rows.ts";
import { scopeCases } from "../cases/scopes.ts";
import { addOrganization, newOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { anyNumber, anyText, anyTextMap, anyTexts } from "../traps.ts";
import { insertDomainVerification } from "./domain-verifications.ts";
import { newScimConfiguration } from "./scim-configurations.ts";

/** A record of the organization, which has to exist. */
export function newSsoConfiguration(organizationId: string, changes: Partial<SsoConfigurationRecord> = {}) {
  const configuration: SsoConfigurationRecord = {
    id: newId(),
    organizationId,
    displayName: "Example",
    issuerUrl: "https://idp.example.com",
    clientId: "client",
    clientSecret: "sealed",
    state: "active",
    providerType: "custom",
    claims: { email: "email" },
    emailDomains: ["example.com"],
    additionalScopes: ["groups"],
    claimsExpression: "true",
    createdAt: 1,
    updatedAt: 2,
    ...changes,
  };
  return configuration;
}

/** Inserts a configuration of the organization. */
export async function insertSsoConfiguration(records: Records, organizationId: string, id: string = newId()) {
  const configuration = newSsoConfiguration(organizationId, { id });
  await records.ssoConfigurations.insert(configuration);
  return configuration;
}

const rows = {
  async make(records) {
    const organization = newOrganization();
    await records.organizations.insert(organization);
    return newSsoConfiguration(organization.id);
  },
  insert: (records, record) => records.ssoConfigurations.insert(record),
  get: (records, { organizationId, id }) => records.ssoConfigurations.get(organizationId, id),
  lock: (records, { organizationId, id }) => records.ssoConfigurations.lock(organizationId, id),
  update: (records, record) => records.ssoConfigurations.update(record),
  delete: (records, { id }) => records.ssoConfigurations.delete(id),
  fixed: ["id", "organizationId"],
  fields: {
    displayName: anyText,
    issuerUrl: anyText,
    clientId: anyText,
    clientSecret: anyText,
    state: fc.constantFrom("active", "inactive"),
    providerType: fc.constantFrom("builtin", "custom"),
    claims: anyTextMap,
    emailDomains: anyTexts,
    additionalScopes: anyTexts,
    claimsExpression: anyText,
    createdAt: anyNumber,
    updatedAt: anyNumber,
  },
} as const satisfies Rows<SsoConfigurationRecord, "id" | "organizationId">;

/** `SsoConfigurationStore`. */
export function ssoConfigurations(subject: Subject): void {
  rowCases(subject, rows);
  lockCases(subject, { ...rows, counter: "updatedAt" });
  scopeCases(subject, {
    insertFor: (records, organizationId) => insertSsoConfiguration(records, organizationId),
    reads: {
      get: (records, scope, { id }) => records.ssoConfigurations.get(scope, id),
      lock: (records, scope, { id }) => records.ssoConfigurations.lock(scope, id),
    },
  });
  lists(subject);
  serving(subject);
  links(subject);
}

/** What people sign in through. */
function serving(subject: Subject): void {
  const insert = (changes: Partial<SsoConfigurationRecord> & { readonly organizationId: string }) => {
    const configuration = newSsoConfiguration(changes.organizationId, changes);
    return subject.storage.write(async (records) => {
      await records.ssoConfigurations.insert(configuration);
      return configuration;
    });
  };
  const prove = (organizationId: string, domain: string, state: "pending" | "verified" = "verified") =>
    subject.storage.write((records) => insertDomainVerification(records, organizationId, { domain, state }));
  const remove = ({ id }: { id: string }) => subject.storage.write((records) => records.ssoConfigurations.delete(id));

  pageCases("listActive", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    return {
      async insert(id = newId()) {
        await insert({ organizationId, state: "inactive" });
        return insert({ id, organizationId });
      },
      list: (page) => subject.storage.read.ssoConfigurations.listActive(organizationId, page),
      remove,
    };
  });

  pageCases("listServing", async () => {
    const domain = `${newId()}.example.com`;
    const organizations = [await addOrganization(subject.storage), await addOrganization(subject.storage)];
    for (const { id } of organizations) await prove(id, domain);
    let inserted = 0;
    return {
      insert: (id = newId()) => {
        const organizationId = organizations[inserted++ % 2]?.id ?? "";
        return insert({ id, organizationId, emailDomains: ["first.example.com", domain] });
      },
      list: (page) => subject.storage.read.ssoConfigurations.listServing(domain, page),
      remove,
    };
  });

  it("serves a domain only while it is proven, the configuration active, and the domain in its set", async () => {
    const domain = `${newId()}.example.com`;
    const { id: organizationId } = await addOrganization(subject.storage);
    const { id: otherId } = await addOrganization(subject.storage);
    const configuration = await insert({ organizationId, emailDomains: [domain] });
    await insert({ organizationId, emailDomains: [`sub.${domain}`] });
    await insert({ organizationId, emailDomains: [] });
    // Not proven by the organization that has this one.
    await insert({ organizationId: otherId, emailDomains: [domain] });
    const list = (name = domain) => subject.storage.read.ssoConfigurations.listServing(name, { limit: 9 });
    deepStrictEqual(await list(), { items: [] });
    const proof = await prove(organizationId, domain, "pending");
    deepStrictEqual(await list(), { items: [] });
    await subject.storage.write((records) => records.domainVerifications.update({ ...proof, state: "verified" }));
    deepStrictEqual(await list(), { items: [configuration] });
    deepStrictEqual([await list(`sub.${domain}`), await list("")], [{ items: [] }, { items: [] }]);
    await subject.storage.write((records) => records.ssoConfigurations.update({ ...configuration, state: "inactive" }));
    deepStrictEqual(await list(), { items: [] });
  });
}

function lists(subject: Subject): void {
  pageCases("list", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    return {
      insert: (id) => storage.write((records) => insertSsoConfiguration(records, organizationId, id)),
      list: (page) => storage.read.ssoConfigurations.list(organizationId, page),
      remove: ({ id }) => storage.write((records) => records.ssoConfigurations.delete(id)),
    };
  });

  it("lists the organization's configurations alone", async () => {
    const { id: organizationId } = await addOrganization(subject.storage);
    const { id: otherId } = await addOrganization(subject.storage);
    const own = await subject.storage.write(async (records) => {
      await insertSsoConfiguration(records, otherId);
      const configuration = await insertSsoConfiguration(records, organizationId);
      await insertSsoConfiguration(records, otherId);
      return configuration;
    });
    deepStrictEqual(await subject.storage.read.ssoConfigurations.list(organizationId, { limit: 5 }), { items: [own] });
  });
}

function links(subject: Subject): void {
  it("refuses to delete a configuration that a SCIM configuration links to, and deletes it once unlinked", async () => {
    const { storage } = subject;
    const { id: organizationId } = await addOrganization(storage);
    const witness = newOrganization();
    const { sso, scim } = await storage.write(async (records) => {
      const sso = await insertSsoConfiguration(records, organizationId);
      const scim = newScimConfiguration(organizationId, { ssoConfigurationId: sso.id });
      await records.scimConfigurations.insert(scim);
      return { sso, scim };
    });
    const deletion = storage.write(async (records) => {
      await records.organizations.insert(witness);
      await records.ssoConfigurations.delete(sso.id);
    });
    await expect(deletion).rejects.toThrow(BrokenLinkError);
    deepStrictEqual(await storage.read.ssoConfigurations.get(organizationId, sso.id), sso);
    deepStrictEqual(await storage.read.scimConfigurations.get(organizationId, scim.id), scim);
    expect(await storage.read.organizations.get(witness.id)).toBeUndefined();

    await storage.write(async (records) => {
      await records.scimConfigurations.update({ ...scim, ssoConfigurationId: undefined });
      await records.ssoConfigurations.delete(sso.id);
    });
    expect(await storage.read.ssoConfigurations.get(organizationId, sso.id)).toBeUndefined();
  });

  it("refuses a configuration of no organization", async () => {
    const orphan = newSsoConfiguration(newId());
    const insertion = subject.storage.write((records) => records.ssoConfigurations.insert(orphan));
    await expect(insertion).rejects.toThrow(BrokenLinkError);
    expect(await subject.storage.read.ssoConfigurations.get(orphan.organizationId, orphan.id)).toBeUndefined();
  });
}
