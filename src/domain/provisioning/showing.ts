import type { StoredScimGroup, StoredScimUser } from "../../storage/storage.ts";
import type { Attribute } from "./attribute.ts";
import { ENTERPRISE_SCHEMA, GROUP, USER } from "./attributes.ts";
import { groupResource, userResource } from "./columns.ts";
import { project, type Selection, shows } from "./projection.ts";
import { represent, type StoredResource } from "./representation.ts";
import type { Work } from "./session.ts";
import { isComplex, type ScimComplex } from "./values.ts";

type Reading = Pick<Work, "records" | "configuration" | "baseUrl">;

const GROUPS = USER.attributes.find(({ name }) => name === "groups") as Attribute;
const MANAGER = USER.attributes.find(({ name }) => name === "manager") as Attribute;
const MEMBERS = GROUP.attributes.find(({ name }) => name === "members") as Attribute;

/** Users as answers show them; what the selection hides is not read. */
export async function showUsers(
  { records, configuration, baseUrl }: Reading,
  users: readonly StoredScimUser[],
  selection: Selection,
): Promise<ScimComplex[]> {
  const resources = users.map((record) => ({ record, resource: userResource(record) }));
  const groups = shows(selection, GROUPS) ? await records.scimUsers.listGroups(users.map(({ id }) => id)) : new Map();
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
