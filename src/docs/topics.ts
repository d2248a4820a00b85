import type { DescMethod } from "@bufbuild/protobuf";
import { methodAt } from "./schema.ts";

/** What one page of the reference is about: methods that a reader looks for together. */
export interface Topic {
  /** Name of the page's file. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly methods: readonly DescMethod[];
}

/** Every method is in exactly one topic. */
export const TOPICS: readonly Topic[] = [
  topic("organizations", "Organizations", "The tenant itself: everything else belongs to one.", {
    "gitpod.v1.OrganizationService": [
      "CreateOrganization",
      "GetOrganization",
      "UpdateOrganization",
      "DeleteOrganization",
      "SetStripeCustomerID",
    ],
  }),
  topic("sso-configurations", "SSO configurations", "The OpenID Connect providers through which people sign in.", {
    "gitpod.v1.OrganizationService": [
      "CreateSSOConfiguration",
      "GetSSOConfiguration",
      "ListSSOConfigurations",
      "UpdateSSOConfiguration",
      "DeleteSSOConfiguration",
    ],
    "organization.v1.SignInService": ["StartTestSignIn", "GetTestSignIn", "EvaluateClaimsExpression"],
  }),
  topic("scim-configurations", "SCIM configurations", "The directories that provision people, and their tokens.", {
    "gitpod.v1.OrganizationService": [
      "CreateSCIMConfiguration",
      "GetSCIMConfiguration",
      "ListSCIMConfigurations",
      "UpdateSCIMConfiguration",
      "RegenerateSCIMToken",
      "DeleteSCIMConfiguration",
    ],
  }),
  topic("provisioning", "Provisioning log", "What directories have sent, what it did, and what waits for a decision.", {
    "organization.v1.ProvisioningService": [
      "ListSCIMRequests",
      "GetSCIMRequest",
      "PreviewSCIMRequest",
      "ListSCIMHolds",
      "ApproveSCIMHold",
      "RefuseSCIMHold",
    ],
  }),
  topic("domain-verifications", "Domain verifications", "The proof that an email domain is the organization's.", {
    "gitpod.v1.OrganizationService": [
      "CreateDomainVerification",
      "GetDomainVerification",
      "ListDomainVerifications",
      "VerifyDomain",
      "DeleteDomainVerification",
    ],
  }),
  topic("members", "Members and invites", "Who belongs to the organization, in which role, and how they come and go.", {
    "gitpod.v1.OrganizationService": [
      "ListMembers",
      "SetRole",
      "CreateOrganizationInvite",
      "GetOrganizationInvite",
      "GetOrganizationInviteSummary",
      "JoinOrganization",
      "LeaveOrganization",
    ],
    "gitpod.v1.UserService": ["GetAuthenticatedUser", "GetUser", "SetSuspended", "DeleteUser"],
  }),
  topic("groups", "Groups", "Groups of members, made by hand or by a directory.", {
    "gitpod.v1.GroupService": [
      "CreateGroup",
      "GetGroup",
      "ListGroups",
      "UpdateGroup",
      "DeleteGroup",
      "CreateMembership",
      "GetMembership",
      "ListMemberships",
      "DeleteMembership",
    ],
  }),
  topic(
    "sign-in",
    "Signing in",
    "Where somebody with an email address signs in, and the account above organizations.",
    {
      "gitpod.v1.AccountService": [
        "GetSSOLoginURL",
        "ListSSOLogins",
        "ListLoginProviders",
        "GetAccount",
        "ListJoinableOrganizations",
      ],
    },
  ),
  topic("identity", "Identity and tokens", "Who the caller is, and the credentials that act for people.", {
    "gitpod.v1.IdentityService": ["GetAuthenticatedIdentity", "GetIDToken", "ExchangeToken"],
    "gitpod.v1.UserService": [
      "CreatePersonalAccessToken",
      "GetPersonalAccessToken",
      "ListPersonalAccessTokens",
      "DeletePersonalAccessToken",
    ],
    "gitpod.v1.OrganizationService": ["GetOIDCConfig", "UpdateOIDCConfig"],
  }),
  topic("sessions", "Sessions", "Where people are signed in with a browser.", {
    "organization.v1.SessionService": [
      "ListSessions",
      "RevokeSession",
      "RevokeUserSessions",
      "RevokeConfigurationSessions",
    ],
  }),
  topic("audit-log", "Audit log and events", "What happened in the organization, and what happens now.", {
    "gitpod.v1.EventService": ["ListAuditLogs", "GetAuditLog", "WatchEvents"],
    "organization.v1.AuditService": ["GetAuditLogChange"],
  }),
  topic("policies", "Policies", "What people of the organization may do.", {
    "gitpod.v1.OrganizationService": ["GetOrganizationPolicies", "UpdateOrganizationPolicies"],
  }),
  topic(
    "terms-of-service",
    "Terms of service",
    "The organization's own terms, their versions, and who has accepted them.",
    {
      "gitpod.v1.OrganizationService": [
        "GetTermsOfService",
        "UpdateTermsOfService",
        "AcceptTermsOfService",
        "ListTermsOfServiceVersions",
        "ListTermsOfServiceAcceptances",
        "GetTermsOfServiceAcceptancesExport",
      ],
    },
  ),
  topic("appearance", "Banner and custom domain", "What people see, and under which host.", {
    "gitpod.v1.OrganizationService": [
      "GetAnnouncementBanner",
      "UpdateAnnouncementBanner",
      "CreateCustomDomain",
      "GetCustomDomain",
      "UpdateCustomDomain",
      "DeleteCustomDomain",
    ],
  }),
];

/** The topic of a method. */
export function topicOf(method: DescMethod): Topic {
  const found = TOPICS.find(({ methods }) => methods.includes(method));
  if (!found) throw new Error(`${method.parent.typeName}/${method.name} is in no topic of src/docs/topics.ts`);
  return found;
}

function topic(
  id: string,
  title: string,
  summary: string,
  methods: Readonly<Record<string, readonly string[]>>,
): Topic {
  const paths = Object.entries(methods).flatMap(([service, names]) => names.map((name) => `${service}/${name}`));
  return { id, title, summary, methods: paths.map(methodAt) };
}
