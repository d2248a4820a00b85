import type { StoredScimGroup, StoredScimUser } from "../../storage/storage.ts";
import type { Attribute } from "./attribute.ts";
import { ENTERPRISE_SCHEMA, GROUP, USER } from "./attributes.ts";
import { groupResource, userResource } from "./columns.ts";
import { project, type Selection, shows } from "./projection.ts";
import { type RelatedResource, represent, type StoredResource } from "./representation.ts";
import type { Work } from "./session.ts";
import { isComplex, type ScimComplex } from "./values.ts";

type Reading = Pick<Work, "records" | "configuration" | "baseUrl">;

const GROUPS = USER.attributes.find(({ name }) => name === "groups") as Attribute;
const MANAGER = USER.attributes.find(({ name }) => name === "manager") as Attribute;
const MEMBERS = GROUP.attributes.find(({ name }) => name === "members") as Attribute;

/** Users as answers show them; what the selection hides is not read. */
export async function showUsers(
  reading: Reading,
  users: readonly StoredScimUser[],
  selection: Selection,
): Promise<ScimComplex[]> {
  const ids = users.map(({ id }) => id);
  const groups = shows(selection, GROUPS) ? await reading.records.scimUsers.listGroups(ids) : new Map();
  return showWithGroups(reading, users, groups, selection);
}

/** A user who was made in this transaction, as {@link showUsers}. */
export async function showNewUser(reading: Reading, user: StoredScimUser, selection: Selection): Promise<ScimComplex> {
  return (await showWithGroups(reading, [user], new Map(), selection))[0] as ScimComplex;
}

async function showWithGroups(
  { records, configuration, baseUrl }: Reading,
  users: readonly StoredScimUser[],
  groups: ReadonlyMap<string, readonly RelatedResource[]>,
  selection: Selection,
): Promise<ScimComplex[]> {
  const resources = users.map((record) => ({ record, resource: userResource(record) }));
  const managerIds = shows(selection, MANAGER) ? resources.flatMap(({ resource }) => managerId(resource) ?? []) : [];
  const names = await records.scimUsers.listNames(configuration.id, [...new Set(managerIds)]);
  const nameOf = new Map(names.map(({ id, display }) => [id, display]));
  return resources.map(({ record, resource }) => {
    const managerName = nameOf.get(managerId(resource) ?? "");
    const stored = { ...storedOf(record, resource), related: groups.get(record.id), managerName };
    return project(USER, represent(USER, stored, baseUrl), selection);
  });
}

/** Groups as answers show them; what the selection hides is not read. */
export async function showGroups(
  { records, baseUrl }: Reading,
  groups: readonly StoredScimGroup[],
  selection: Selection,
): Promise<ScimComplex[]> {
  const ids = groups.map(({ id }) => id);
  const members = shows(selection, MEMBERS) ? await records.scimGroups.listMembers(ids) : new Map();
  return groups.map((record) => {
    const stored = { ...storedOf(record, groupResource(record)), related: members.get(record.id) };
    return project(GROUP, represent(GROUP, stored, baseUrl), selection);
  });
}

function storedOf(
  { id, createdAt, updatedAt, version }: StoredScimUser | StoredScimGroup,
  resource: ScimComplex,
): StoredResource {
  return { id, resource, createdAt, updatedAt, version };
}

function managerId(resource: ScimComplex): string | undefined {
  const enterprise = resource[ENTERPRISE_SCHEMA];
  const manager = isComplex(enterprise) ? enterprise.manager : undefined;
  const value = isComplex(manager) ? manager.value : undefined;
  return typeof value === "string" ? value : undefined;
}
