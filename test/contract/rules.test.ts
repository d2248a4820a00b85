import { create, type DescMessage, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { describe, expect, test } from "vitest";
import { GetGroupRequestSchema } from "../../gen/gitpod/v1/group_service_pb.ts";
import * as organization from "../../gen/gitpod/v1/organization_service_pb.ts";
import { loadSchema, messagesOf } from "./schema.ts";

const validator = createValidator();
const messages = (await loadSchema()).flatMap(messagesOf);
const id = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

/** The rules that a JSON body breaks, each as `field rule`. */
function broken(schema: DescMessage, body: JsonValue): string[] {
  const result = validator.validate(schema, fromJson(schema, body));
  if (result.kind === "error") throw result.error;
  return (result.violations ?? []).map(
    ({ field, ruleId }) => `${field.map((part) => nameOf(part)).join(".")} ${ruleId}`,
  );
}

function nameOf(part: object): string {
  return "name" in part ? String(part.name) : "*";
}

test.each(messages)("the rules of $typeName compile", (message) => {
  expect(validator.validate(message, create(message)).kind).not.toBe("error");
});

describe("rules that turn on presence", () => {
  const sso = { ssoConfigurationId: id };
  const scim = { scimConfigurationId: id };
  const policies = { organizationId: id };
  const cases: [string, DescMessage, JsonValue, string[]][] = [
    ["an update of nothing is valid", organization.UpdateSSOConfigurationRequestSchema, sso, []],
    [
      "a present empty client id and secret are refused",
      organization.UpdateSSOConfigurationRequestSchema,
      { ...sso, clientId: "", clientSecret: "" },
      ["client_id string.min_len", "client_secret string.min_len"],
    ],
    [
      "a present empty email domain is refused",
      organization.UpdateSSOConfigurationRequestSchema,
      { ...sso, emailDomain: "" },
      ["email_domain string.min_len"],
    ],
    [
      "an empty display name and claims expression clear",
      organization.UpdateSSOConfigurationRequestSchema,
      { ...sso, displayName: "", claimsExpression: "", additionalScopes: {} },
      [],
    ],
    [
      "an empty link unlinks",
      organization.UpdateSCIMConfigurationRequestSchema,
      { ...scim, ssoConfigurationId: "" },
      [],
    ],
    [
      "a link is a UUID, in either case",
      organization.UpdateSCIMConfigurationRequestSchema,
      { ...scim, ssoConfigurationId: id.toUpperCase() },
      [],
    ],
    [
      "a link that is neither is refused",
      organization.UpdateSCIMConfigurationRequestSchema,
      { ...scim, ssoConfigurationId: `${id}\n` },
      ["sso_configuration_id string.uuid_or_empty"],
    ],
    [
      "an empty security policy is none",
      organization.UpdateOrganizationPoliciesRequestSchema,
      { ...policies, securityPolicyId: "" },
      [],
    ],
    ["an empty id is no UUID", organization.LeaveOrganizationRequestSchema, {}, ["user_id required"]],
    ["joining without an id passes: the domain refuses it", organization.JoinOrganizationRequestSchema, {}, []],
    [
      "an OIDC config has a version",
      organization.UpdateOIDCConfigRequestSchema,
      { organizationId: id, oidcConfig: {} },
      ["oidc_config.version required"],
    ],
    ["a group can be read by its old field", GetGroupRequestSchema, { groupId: id }, []],
  ];

  test.each(cases)("%s", (_, schema, body, expected) => {
    expect(broken(schema, body)).toEqual(expected);
  });
});

describe("limits of durations", () => {
  const token: [string, string[]][] = [
    ["86399s", ["token_expires_in duration.gte_lte"]],
    ["86400s", []],
    ["63072000s", []],
    ["63072000.000000001s", ["token_expires_in duration.gte_lte"]],
  ];
  test.each(token)("a token lives %s", (tokenExpiresIn, expected) => {
    const body = { scimConfigurationId: id, tokenExpiresIn };
    expect(broken(organization.RegenerateSCIMTokenRequestSchema, body)).toEqual(expected);
  });

  const timeout: [string, string[]][] = [
    ["0s", []],
    ["1799s", ["maximum_environment_timeout duration.none_or_at_least_30m"]],
    ["1800s", []],
  ];
  test.each(timeout)("environments time out after %s", (maximumEnvironmentTimeout, expected) => {
    const body = { organizationId: id, maximumEnvironmentTimeout };
    expect(broken(organization.UpdateOrganizationPoliciesRequestSchema, body)).toEqual(expected);
  });

  const archive: [string, string[]][] = [
    ["86400s", []],
    ["129600s", ["archive_environments_after duration.whole_days"]],
    ["2592000s", []],
    ["2678400s", ["archive_environments_after duration.gte_lte"]],
  ];
  test.each(archive)("environments are archived after %s", (archiveEnvironmentsAfter, expected) => {
    const body = { organizationId: id, archiveEnvironmentsAfter };
    expect(broken(organization.UpdateOrganizationPoliciesRequestSchema, body)).toEqual(expected);
  });
});
