import { foldText } from "../../lib/fold.ts";
import { newId } from "../../lib/ids.ts";
import type { CountedGroup, ScimGroupRecord, StoredScimGroup } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import { groupSubject, groupView } from "../groups.ts";
import { GROUP } from "./attributes.ts";
import { groupColumns, groupResource } from "./columns.ts";
import { badRequest, resourceNotFound, ScimError } from "./errors.ts";
import type { MembershipChange } from "./membership.ts";
import { type Normalization, Normalizations } from "./normalizations.ts";
import { requireMatch, type ScimOperation, type ScimOutcome, storableId } from "./operations.ts";
import { applyPatch, parsePatch, patchNeedsMembers } from "./patch.ts";
import { memberElement } from "./representation.ts";
import { createResource, type ResourceChange, replaceResource } from "./resource.ts";
import { contextOf, type Work } from "./session.ts";
import { showGroups } from "./showing.ts";
import { complex, type ScimComplex } from "./values.ts";

/**
 * Creates a group that the directory keeps (RFC 7644, section 3.3).
 * @throws ScimError `uniqueness` (409), `invalidValue`, `invalidSyntax`; DuplicateError when somebody else was faster.
 */
export async function createGroup(work: Work, { data }: ScimOperation): Promise<ScimOutcome> {
  const { environment, records, configuration } = work;
  const { resource, members, normalizations } = createResource(GROUP, data);
  const columns = groupColumns(resource);
  const { id: scimConfigurationId, organizationId } = configuration;
  await requireFreeName(work, columns.displayName, undefined);
  const now = environment.clock.now();
  const times = { createdAt: now, updatedAt: now };
  const group = {
    id: newId(),
    organizationId,
    name: columns.displayName,
    nameKey: foldText(columns.displayName),
    description: "",
    scimConfigurationId,
    ...times,
  };
  const record: ScimGroupRecord = {
    id: group.id,
    organizationId,
    scimConfigurationId,
    ...columns,
    version: 1,
    ...times,
  };
  await records.groups.insert(group);
  await records.scimGroups.insert(record);
  const moved = await changeMembers(work, record, { kind: "rows", add: members, remove: [] });
  await recordChange(environment, records, contextOf(work, "scim_group.create"), {
    ...groupSubject(group),
    operation: "create",
    after: { ...groupView(group), ...membersView(moved) },
  });
  const after = withMembers(resource, moved);
  return outcome(work, { ...record, number: 0 }, [...normalizations, ...moved.notes], { before: undefined, after });
}

/** Replaces a group (RFC 7644, section 3.5.1). @throws ScimError 404, 412, as {@link createGroup}. */
export async function replaceGroup(work: Work, operation: ScimOperation): Promise<ScimOutcome> {
  const before = await lock(work, operation);
  const change = replaceResource(GROUP, groupResource(before), operation.data);
  return apply(work, "scim_group.replace", before, change);
}

/**
 * Patches a group (RFC 7644, section 3.5.2). Its lock makes parallel changes of its members follow each other, and each one
 * touches the rows that it names alone.
 * @throws ScimError 404, 412, and what a PATCH may be refused for.
 */
export async function patchGroup(work: Work, operation: ScimOperation): Promise<ScimOutcome> {
  const { records, baseUrl } = work;
  const request = parsePatch(GROUP, operation.data);
  const before = await lock(work, operation);
  const found = patchNeedsMembers(request) ? (await records.scimGroups.listMembers([before.id])).get(before.id) : [];
  const members = (found ?? []).map((member) => memberElement(member, baseUrl));
  const change = applyPatch(GROUP, { id: before.id, resource: groupResource(before), members }, request);
  return apply(work, "scim_group.patch", before, change);
}

/** Deletes a group; its members stay in the organization. @throws ScimError 404, 412. */
export async function deleteGroup(work: Work, operation: ScimOperation): Promise<ScimOutcome> {
  const { environment, records } = work;
  const before = await lock(work, operation);
  const group = await requireGroup(work, before.id);
  const members = await records.scimGroups.listMemberIds(before.id);
  await records.scimUsers.touch(members, environment.clock.now());
  await records.scimGroups.delete(before.id);
  await records.groups.delete(before.id);
  await recordChange(environment, records, contextOf(work, "scim_group.delete"), {
    ...groupSubject(group),
    operation: "delete",
    before: { ...groupView(group), memberCount: group.memberCount },
  });
  const resources = { before: groupResource(before), after: undefined };
  const { id, version } = before;
  return { type: GROUP, id, version, changed: true, normalizations: [], ...resources, show: undefined };
}

async function lock({ records, configuration }: Work, operation: ScimOperation): Promise<StoredScimGroup> {
  const id = storableId(operation);
  const found = id === undefined ? undefined : await records.scimGroups.lock(configuration.id, id);
  if (!found) throw resourceNotFound("Group");
  requireMatch(operation.ifMatch, found.version);
  return found;
}

async function requireGroup({ records, configuration }: Work, id: string): Promise<CountedGroup> {
  const group = await records.groups.lock(configuration.organizationId, id);
  if (!group) throw new Error("a provisioning record without its group");
  return group;
}

async function apply(
  work: Work,
  action: string,
  before: StoredScimGroup,
  { resource, changed, membership, normalizations }: ResourceChange,
): Promise<ScimOutcome> {
  const { environment, records } = work;
  const now = environment.clock.now();
  const columns = groupColumns(resource);
  if (changed) await requireFreeName(work, columns.displayName, before.id);
  const moved = await changeMembers(work, before, membership);
  const notes = [...normalizations, ...moved.notes];
  const logged = { before: groupResource(before), after: withMembers(resource, moved) };
  if (!changed && moved.added.length + moved.removed.length === 0) return outcome(work, before, notes, logged, false);
  const { number, ...known } = before;
  const after = { ...known, ...columns, version: before.version + 1, updatedAt: now };
  await records.scimGroups.update(after);
  const group = await requireGroup(work, before.id);
  const renamed = { ...group, name: after.displayName, nameKey: foldText(after.displayName), updatedAt: now };
  await records.groups.update(renamed);
  if (before.displayName !== after.displayName) {
    // A user's resource shows the names of their groups.
    await records.scimUsers.touch(await records.scimGroups.listMemberIds(before.id), now);
  }
  await recordChange(environment, records, contextOf(work, action), {
    ...groupSubject(renamed),
    operation: "update",
    before: groupView(group),
    after: { ...groupView(renamed), ...membersView(moved) },
  });
  return outcome(work, { ...after, number }, notes, logged);
}

/** Who came into a group and who went. */
interface MovedMembers {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly notes: readonly Normalization[];
}

async function changeMembers(
  { environment, records }: Work,
  group: ScimGroupRecord,
  change: MembershipChange,
): Promise<MovedMembers> {
  if (change.kind === "none") return { added: [], removed: [], notes: [] };
  const now = environment.clock.now();
  const wanted = change.kind === "rows" ? change.add : change.members;
  const leaving = change.kind === "rows" ? change.remove : await others(records, group.id, new Set(wanted));
  const removed = await records.scimGroups.removeMembers(group.id, leaving);
  const { added, unknown } = await records.scimGroups.addMembers(group, wanted, now);
  await records.scimUsers.touch([...added, ...removed], now);
  const notes = new Normalizations();
  if (unknown.length > 0) notes.add("member_dropped", "members");
  return { added, removed, notes: notes.list() };
}

async function others(records: Work["records"], groupId: string, kept: ReadonlySet<string>): Promise<string[]> {
  return (await records.scimGroups.listMemberIds(groupId)).filter((id) => !kept.has(id));
}

/** @throws ScimError `uniqueness` (409) when another group of the organization has the name, whoever keeps it. */
async function requireFreeName({ records, configuration }: Work, name: string, ownId: string | undefined) {
  if (name.trim() === "") throw badRequest("invalidValue", "displayName takes 1 to 255 characters.");
  const found = await records.groups.getByNameKey(configuration.organizationId, foldText(name));
  if (!found || found.id === ownId) return;
  throw new ScimError(409, "The organization has a group with this displayName (case does not count).", {
    scimType: "uniqueness",
  });
}

/** Members in logs are cut to so many. */
const MAX_LOGGED = 1000;

function membersView({ added, removed }: Pick<MovedMembers, "added" | "removed">): Record<string, unknown> {
  return {
    ...(added.length > 0 && { addedMembers: added.slice(0, MAX_LOGGED), addedCount: added.length }),
    ...(removed.length > 0 && { removedMembers: removed.slice(0, MAX_LOGGED), removedCount: removed.length }),
  };
}

function withMembers(resource: ScimComplex, { added, removed }: MovedMembers): ScimComplex {
  const cut = (ids: readonly string[]) => ids.slice(0, MAX_LOGGED).map((value) => complex({ value }));
  return complex({
    ...resource,
    ...(added.length > 0 && { addedMembers: cut(added) }),
    ...(removed.length > 0 && { removedMembers: cut(removed) }),
  });
}

function outcome(
  work: Work,
  record: StoredScimGroup,
  normalizations: readonly Normalization[],
  resources: Pick<ScimOutcome, "before" | "after">,
  changed = true,
): ScimOutcome {
  return {
    type: GROUP,
    id: record.id,
    version: record.version,
    changed,
    normalizations,
    ...resources,
    show: async (selection) => (await showGroups(work, [record], selection))[0] as ScimComplex,
  };
}
