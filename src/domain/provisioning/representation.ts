import { schemasOf } from "./access.ts";
import type { ResourceType } from "./attribute.ts";
import { ENTERPRISE_SCHEMA } from "./attributes.ts";
import { complex, copyValue, isComplex, type ScimComplex } from "./values.ts";
import { entityTag } from "./version.ts";

/** A resource of the store with what the service knows about it. */
export interface StoredResource {
  readonly id: string;
  readonly resource: ScimComplex;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
  /** A user's groups or a group's members; undefined when the answer does not show them and they were not read. */
  readonly related?: readonly RelatedResource[] | undefined;
  /** displayName of the user whom `manager.value` names, when this configuration knows them. */
  readonly managerName?: string | undefined;
}

/** The other end of a membership. */
export interface RelatedResource {
  readonly id: string;
  /** A group's displayName; a user's displayName or else userName. */
  readonly display: string;
}

/**
 * The whole resource as the service shows it, before projection: values exactly as sent, and beside them id, schemas, meta,
 * groups or members. `baseUrl` is the SCIM base URL of the configuration, without a slash at its end.
 */
export function represent(type: ResourceType, stored: StoredResource, baseUrl: string): ScimComplex {
  const [list, toElement] =
    type.name === "User" ? (["groups", groupElement] as const) : (["members", memberElement] as const);
  const related = (stored.related ?? []).map((one) => toElement(one, baseUrl));
  const whole = complex({
    schemas: schemasOf(type, stored.resource),
    id: stored.id,
    ...copyValue(stored.resource),
    ...(related.length === 0 ? {} : { [list]: related }),
    meta: complex({
      resourceType: type.name,
      created: new Date(stored.createdAt).toISOString(),
      lastModified: new Date(stored.updatedAt).toISOString(),
      location: `${baseUrl}${type.endpoint}/${stored.id}`,
      version: entityTag(stored.version),
    }),
  });
  addManagerName(whole, stored.managerName);
  return whole;
}

/** One of a group's `members`. */
export function memberElement({ id, display }: RelatedResource, baseUrl: string): ScimComplex {
  return complex({ value: id, $ref: `${baseUrl}/Users/${id}`, display, type: "User" });
}

/** One of a user's `groups`. */
export function groupElement({ id, display }: RelatedResource, baseUrl: string): ScimComplex {
  return complex({ value: id, $ref: `${baseUrl}/Groups/${id}`, display, type: "direct" });
}

function addManagerName(whole: ScimComplex, name: string | undefined): void {
  const enterprise = whole[ENTERPRISE_SCHEMA];
  const manager = isComplex(enterprise) ? enterprise.manager : undefined;
  if (isComplex(manager) && name !== undefined) manager.displayName = name;
}
