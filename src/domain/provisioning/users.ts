import type { ScimUserRecord, StoredScimUser, UserRecord } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import { userView } from "../memberships.ts";
import { USER } from "./attributes.ts";
import { userColumns, userResource } from "./columns.ts";
import { badRequest, resourceNotFound, ScimError } from "./errors.ts";
import type { Normalization } from "./normalizations.ts";
import { requireMatch, type ScimOperation, type ScimOutcome, storableId } from "./operations.ts";
import { applyPatch, parsePatch } from "./patch.ts";
import { personOf } from "./person.ts";
import type { Selection } from "./projection.ts";
import { endMember, provisionMember, updateMember } from "./provisioned-members.ts";
import { createResource, replaceResource } from "./resource.ts";
import { contextOf, type Work } from "./session.ts";
import { showNewUser, showUsers } from "./showing.ts";
import type { ScimComplex } from "./values.ts";

/**
 * Creates a user (RFC 7644, section 3.3): the person becomes a member of the organization, or is adopted as the one that
 * they are already.
 * @throws ScimError `uniqueness` (409), `invalidValue`, `invalidSyntax`; DuplicateError when somebody else was faster.
 */
export async function createUser(work: Work, { data }: ScimOperation): Promise<ScimOutcome> {
  const { environment, records, configuration } = work;
  const { resource, normalizations } = createResource(USER, data);
  requireName(resource);
  const columns = userColumns(resource);
  const { organizationId } = configuration;
  if (await records.scimUsers.hasUserName(organizationId, columns.userNameFolded)) throw userNameTaken();
  const { user, adopted } = await provisionMember(work, columns, personOf(resource));
  const now = environment.clock.now();
  const scimConfigurationId = configuration.id;
  const record: ScimUserRecord = {
    id: user.id,
    organizationId,
    scimConfigurationId,
    ...columns,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await records.scimUsers.insert(record);
  await recordChange(environment, records, contextOf(work, adopted ? "scim_user.adopt" : "scim_user.create"), {
    ...subject(user),
    operation: adopted ? "update" : "create",
    after: view(user, record),
  });
  const made = outcome(work, { ...record, number: 0 }, normalizations, { before: undefined, after: resource });
  if (adopted) return made;
  // Somebody new is in no group.
  const show = async (selection: Selection) => showNewUser(work, { ...record, number: 0 }, selection);
  return { ...made, show };
}

/**
 * Replaces a user (RFC 7644, section 3.5.1). @throws ScimError 404, 412, as {@link createUser}.
 */
export async function replaceUser(work: Work, operation: ScimOperation): Promise<ScimOutcome> {
  const before = await lock(work, operation);
  const change = replaceResource(USER, userResource(before), operation.data);
  return apply(work, "scim_user.replace", before, change);
}

/** Patches a user (RFC 7644, section 3.5.2). @throws ScimError 404, 412, and what a PATCH may be refused for. */
export async function patchUser(work: Work, operation: ScimOperation): Promise<ScimOutcome> {
  const request = parsePatch(USER, operation.data);
  const before = await lock(work, operation);
  const change = applyPatch(USER, { id: before.id, resource: userResource(before) }, request);
  return apply(work, "scim_user.patch", before, change);
}

/**
 * Deletes a user (RFC 7644, section 3.6): the membership ends, and the record is gone. The same person may be created again.
 * @throws ScimError 404, 412.
 */
export async function deleteUser(work: Work, operation: ScimOperation): Promise<ScimOutcome> {
  const { environment, records, configuration } = work;
  const id = storableId(operation);
  const groups = id === undefined ? [] : await records.groupMemberships.listGroupIds(id);
  const now = environment.clock.now();
  // Groups before users, as a PATCH of a group does: so nobody waits in a circle.
  await records.scimGroups.touch(groups, now);
  const before = await lock(work, operation);
  const user = await endMember(work, before.id);
  await records.groupMemberships.deleteOfUser(before.id);
  const { userNameFolded, externalId } = before;
  const former = { scimConfigurationId: configuration.id, userNameFolded, externalId, accountId: user.accountId };
  await records.scimFormerUsers.put({ ...former, endedAt: now });
  await records.scimUsers.delete(before.id);
  await recordChange(environment, records, contextOf(work, "scim_user.delete"), {
    ...subject(user),
    operation: "delete",
    before: view(user, before),
  });
  const { version } = before;
  const resources = { before: userResource(before), after: undefined };
  return { type: USER, id: before.id, version, changed: true, normalizations: [], ...resources, show: undefined };
}

async function lock({ records, configuration }: Work, operation: ScimOperation): Promise<StoredScimUser> {
  const id = storableId(operation);
  const found = id === undefined ? undefined : await records.scimUsers.lock(configuration.id, id);
  if (!found) throw resourceNotFound("User");
  requireMatch(operation.ifMatch, found.version);
  return found;
}

interface Change {
  readonly resource: ScimComplex;
  readonly changed: boolean;
  readonly normalizations: readonly Normalization[];
}

async function apply(work: Work, action: string, before: StoredScimUser, change: Change): Promise<ScimOutcome> {
  const { environment, records, configuration } = work;
  const { resource, changed, normalizations } = change;
  const resources = { before: userResource(before), after: resource };
  if (!changed) return outcome(work, before, normalizations, resources, false);
  requireName(resource);
  const columns = userColumns(resource);
  const renamed = columns.userNameFolded !== before.userNameFolded;
  if (renamed && (await records.scimUsers.hasUserName(configuration.organizationId, columns.userNameFolded))) {
    throw userNameTaken();
  }
  const user = await updateMember(work, before.id, personOf(resource));
  const { number, ...known } = before;
  const after = { ...known, ...columns, version: before.version + 1, updatedAt: environment.clock.now() };
  await records.scimUsers.update(after);
  if (shownName(before) !== shownName(after)) {
    // A group's resource shows the names of its members. A group that is changed in the other order is done once more.
    await records.scimGroups.touch(await records.groupMemberships.listGroupIds(before.id), after.updatedAt);
  }
  await recordChange(environment, records, contextOf(work, action), {
    ...subject(user),
    operation: before.active === after.active ? "update" : "update_status",
    before: view(user, before),
    after: view(user, after),
  });
  return outcome(work, { ...after, number }, normalizations, resources);
}

function outcome(
  work: Work,
  record: StoredScimUser,
  normalizations: readonly Normalization[],
  resources: Pick<ScimOutcome, "before" | "after">,
  changed = true,
): ScimOutcome {
  return {
    type: USER,
    id: record.id,
    version: record.version,
    changed,
    normalizations,
    ...resources,
    show: async (selection) => (await showUsers(work, [record], selection))[0] as ScimComplex,
  };
}

/** The name under which groups show their member. */
function shownName({ displayName, userName }: Pick<ScimUserRecord, "displayName" | "userName">): string {
  return displayName ?? userName;
}

function requireName({ userName }: ScimComplex): void {
  if (typeof userName !== "string" || userName.trim() === "") throw badRequest("invalidValue", "userName is empty.");
}

function userNameTaken(): ScimError {
  return new ScimError(409, "The organization has a user with this userName (case does not count).", {
    scimType: "uniqueness",
  });
}

function subject({ organizationId, id }: UserRecord) {
  return { organizationId, subjectType: "user", subjectId: id } as const;
}

function view(user: UserRecord, { userName, externalId, active }: StoredScimUser | ScimUserRecord) {
  return { ...userView(user), userName, externalId: externalId ?? "", active };
}
