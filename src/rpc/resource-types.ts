import { ResourceType } from "../../gen/gitpod/v1/resource_pb.ts";
import type { SubjectType } from "../storage/storage.ts";

/** What the audit log calls a thing → what the contract calls it. Sessions have no name there. */
const RESOURCE_TYPES: Readonly<Record<SubjectType, ResourceType>> = {
  organization: ResourceType.ORGANIZATION,
  user: ResourceType.USER,
  account: ResourceType.ACCOUNT,
  group: ResourceType.GROUP,
  group_membership_changed: ResourceType.GROUP_MEMBERSHIP_CHANGED,
  role_assignment_changed: ResourceType.ROLE_ASSIGNMENT_CHANGED,
  personal_access_token: ResourceType.PERSONAL_ACCESS_TOKEN,
  sso_config: ResourceType.SSO_CONFIG,
  scim_configuration: ResourceType.SCIM_CONFIGURATION,
  domain_verification: ResourceType.DOMAIN_VERIFICATION,
  organization_policy: ResourceType.ORGANIZATION_POLICY,
  custom_domain: ResourceType.CUSTOM_DOMAIN,
  announcement_banner: ResourceType.ANNOUNCEMENT_BANNER,
  session: ResourceType.UNSPECIFIED,
};

const SUBJECT_TYPES: ReadonlyMap<ResourceType, SubjectType> = new Map(
  Object.entries(RESOURCE_TYPES)
    .filter(([, resource]) => resource !== ResourceType.UNSPECIFIED)
    .map(([subject, resource]) => [resource, subject as SubjectType]),
);

/** A kind of thing on the wire. */
export function resourceType(subject: SubjectType): ResourceType {
  return RESOURCE_TYPES[subject];
}

/** Undefined for what this server does not have. */
export function subjectType(resource: ResourceType): SubjectType | undefined {
  return SUBJECT_TYPES.get(resource);
}
