import { notFound, ServiceError } from "../lib/errors.ts";
import { foldText } from "../lib/fold.ts";
import { newId } from "../lib/ids.ts";
import {
  type CountedGroup,
  DuplicateError,
  type GroupRecord,
  type Page,
  type PageRequest,
  type Records,
} from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, organizationOf, requireOrganization, scopeOf } from "./principals.ts";

export type Group = CountedGroup;

/** What a new group is made of. The schema bounds the lengths. */
export interface NewGroup {
  readonly organizationId: string;
  readonly name: string;
  readonly description: string;
}

/** What an update changes. */
export interface GroupChanges {
  readonly name: string;
  /** An empty text leaves it. */
  readonly description: string;
}

/** Which group is meant: by its id, or by its name in the caller's organization. */
export type GroupReference = { readonly id: string } | { readonly name: string };

/** Which groups a list keeps; what is absent or empty keeps all. */
export interface GroupListing {
  /** A part of the name, without regard to case. */
  readonly search?: string | undefined;
  readonly ids?: readonly string[];
  readonly systemManaged?: boolean | undefined;
}

/** Sets of users. A group that a SCIM configuration keeps is changed by its directory alone. */
export function createGroups(environment: Environment) {
  const { storage, clock } = environment;

  return {
    /** @throws ServiceError `not_found` (organization), `group_name_taken`. */
    async create(context: Context, input: NewGroup): Promise<Group> {
      const organizationId = requireOrganization(context.caller, input.organizationId);
      const now = clock.now();
      const group: GroupRecord = {
        id: newId(),
        organizationId,
        name: input.name,
        nameKey: foldText(input.name),
        description: input.description,
        scimConfigurationId: undefined,
        createdAt: now,
        updatedAt: now,
      };
      return refusingTaken(input.name, () =>
        storage.write(async (records) => {
          if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
          await records.groups.insert(group);
          await recordChange(environment, records, context, {
            ...groupSubject(group),
            operation: "create",
            after: groupView(group),
          });
          return { ...group, memberCount: 0 };
        }),
      );
    },

    /** @throws ServiceError `not_found`, `organization_required` (operator, by name). */
    async get({ caller }: Context, reference: GroupReference): Promise<Group> {
      const found =
        "id" in reference
          ? await storage.read.groups.get(scopeOf(caller), reference.id)
          : await storage.read.groups.getByNameKey(organizationOf(caller), foldText(reference.name));
      if (!found) throw notFound("group");
      return found;
    },

    /**
     * The groups of the caller's organization by name.
     * @throws ServiceError `organization_required` for the operator that names none.
     */
    async list({ caller }: Context, listing: GroupListing, page: PageRequest): Promise<Page<Group>> {
      const search = listing.search === undefined ? undefined : foldText(listing.search);
      return storage.read.groups.list(organizationOf(caller), { ...listing, search }, page);
    },

    /**
     * Renames a group, describes it anew, or both. What changes nothing moves no timestamp and leaves no audit entry.
     * @throws ServiceError `not_found`, `group_system_managed`, `group_name_taken`.
     */
    async update(context: Context, id: string, changes: GroupChanges): Promise<Group> {
      return refusingTaken(changes.name, () =>
        storage.write(async (records) => {
          const before = await lockManual(records, context, id);
          const { name, description } = { ...changes, description: changes.description || before.description };
          if (name === before.name && description === before.description) return before;
          const after: Group = { ...before, name, nameKey: foldText(name), description, updatedAt: clock.now() };
          await records.groups.update(after);
          await recordChange(environment, records, context, {
            ...groupSubject(after),
            operation: "update",
            before: groupView(before),
            after: groupView(after),
          });
          return after;
        }),
      );
    },

    /**
     * Deletes a group and its memberships; its members stay in the organization.
     * @throws ServiceError `not_found`, `group_system_managed`.
     */
    async delete(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const before = await lockManual(records, context, id);
        await records.groups.delete(id);
        await recordChange(environment, records, context, {
          ...groupSubject(before),
          operation: "delete",
          before: { ...groupView(before), memberCount: before.memberCount },
        });
      });
    },
  };
}

export type Groups = ReturnType<typeof createGroups>;

/**
 * Locks a group that people may change.
 * @throws ServiceError `not_found`, `group_system_managed`.
 */
export async function lockManual(records: Records, { caller }: Context, id: string): Promise<Group> {
  const group = await records.groups.lock(scopeOf(caller), id);
  if (!group) throw notFound("group");
  if (!isSystemManaged(group)) return group;
  throw new ServiceError(
    "group_system_managed",
    "a directory keeps this group through SCIM: change it there, or delete its SCIM configuration first",
    { metadata: { scim_configuration_id: group.scimConfigurationId ?? "" } },
  );
}

/** Whether a directory keeps the group. */
export function isSystemManaged(group: GroupRecord): boolean {
  return group.scimConfigurationId !== undefined;
}

async function refusingTaken<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof DuplicateError)) throw error;
    throw new ServiceError(
      "group_name_taken",
      `the organization has a group named ${JSON.stringify(name)} (case does not count): choose another name`,
    );
  }
}

/** What an audit entry about a group is about. */
export function groupSubject(group: GroupRecord) {
  return { organizationId: group.organizationId, subjectType: "group", subjectId: group.id } as const;
}

/** What the audit log shows of a group. */
export function groupView({ name, description, scimConfigurationId }: GroupRecord): Record<string, unknown> {
  return { name, description, ...(scimConfigurationId !== undefined && { scimConfigurationId }) };
}
