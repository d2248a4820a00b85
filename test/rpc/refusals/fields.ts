import type { JsonObject } from "@bufbuild/protobuf";
import type { Reason } from "../../../src/lib/errors.ts";

/** An input that must be refused. */
export interface Refused {
  readonly method: string;
  /** What is wrong, for the name of the test. */
  readonly what: string;
  /** Members put over those of a good request; undefined takes one away. */
  readonly with: Readonly<Record<string, unknown>>;
  /** Proto path of the field that the violation names. */
  readonly field: string;
  /** Where the message says what would be accepted. */
  readonly says: RegExp;
  readonly reason?: Reason;
}

const EMAIL_DOMAINS_ITEM = "email_domains[0]";

/** Ids are UUIDs, of every method. */
function ids(field: string, json: string, methods: readonly string[], { emptySays = /is required/ } = {}): Refused[] {
  return methods.flatMap((method) => [
    { method, what: `no ${json}`, with: { [json]: undefined }, field, says: emptySays },
    { method, what: `an empty ${json}`, with: { [json]: "" }, field, says: emptySays },
    ...["not-a-uuid", "01890000-0000-7000-8000-00000000000", "01890000000070008000000000000000", "{…}"].map(
      (value) => ({
        method,
        what: `${json} ${value}`,
        with: { [json]: value },
        field,
        says: /must be a valid UUID/,
      }),
    ),
  ]);
}

const ONE_SSO = ["GetSSOConfiguration", "UpdateSSOConfiguration", "DeleteSSOConfiguration"];
const ONE_SCIM = ["GetSCIMConfiguration", "UpdateSCIMConfiguration", "DeleteSCIMConfiguration", "RegenerateSCIMToken"];
const WRITE_SSO = ["CreateSSOConfiguration", "UpdateSSOConfiguration"];
const WRITE_SCIM = ["CreateSCIMConfiguration", "UpdateSCIMConfiguration"];
const LISTS = ["ListSSOConfigurations", "ListSCIMConfigurations"];
const MAKE_TOKEN = ["CreateSCIMConfiguration", "RegenerateSCIMToken"];

const each = (methods: readonly string[], refused: Omit<Refused, "method">): Refused[] =>
  methods.map((method) => ({ method, ...refused }));

/** What the schema's rules refuse. */
const RULES: readonly Refused[] = [
  ...ids("organization_id", "organizationId", [
    "CreateSSOConfiguration",
    "ListSSOConfigurations",
    "CreateSCIMConfiguration",
  ]),
  ...ids("sso_configuration_id", "ssoConfigurationId", [...ONE_SSO, "CreateSCIMConfiguration"]),
  ...ids("scim_configuration_id", "scimConfigurationId", ONE_SCIM),
  {
    method: "UpdateSCIMConfiguration",
    what: "a link to what is no UUID",
    with: { ssoConfigurationId: "none" },
    field: "sso_configuration_id",
    says: /must be a UUID, or empty to unlink/,
  },
  ...["clientId", "clientSecret", "issuerUrl"].map((json) => ({
    method: "CreateSSOConfiguration",
    what: `no ${json}`,
    with: { [json]: undefined },
    field: json.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    says: /is required/,
  })),
  ...["clientId", "clientSecret"].map((json) => ({
    method: "UpdateSSOConfiguration",
    what: `an empty ${json}`,
    with: { [json]: "" },
    field: json.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    says: /at least 1 character/,
  })),
  ...["accounts.example.com", "https//idp", "https://idp.example.com/a b", "/path"].flatMap((issuerUrl) =>
    each(WRITE_SSO, { what: `issuerUrl ${issuerUrl}`, with: { issuerUrl }, field: "issuer_url", says: /valid URI/ }),
  ),
  ...each(WRITE_SSO, {
    what: "an emailDomain of 3 characters",
    with: { emailDomain: "a.b" },
    field: "email_domain",
    says: /at least 4 characters/,
  }),
  ...each(WRITE_SSO, {
    what: "an empty emailDomain",
    with: { emailDomain: "" },
    field: "email_domain",
    says: /at least 4 characters/,
  }),
  ...each(WRITE_SSO, {
    what: "an emailDomain of 254 characters",
    with: { emailDomain: `${"a".repeat(250)}.com` },
    field: "email_domain",
    says: /at most 253/,
  }),
  ...[
    "localhost",
    "a_b.com",
    "-a.com",
    "a-.com",
    "a..com",
    "a.com.",
    "a.c0",
    "exämple.com",
    "a@b.com",
    "*.a.com",
  ].flatMap((domain) =>
    each(WRITE_SSO, {
      what: `emailDomains with ${domain}`,
      with: { emailDomains: [domain] },
      field: EMAIL_DOMAINS_ITEM,
      says: /must be a domain name such as example\.com/,
    }),
  ),
  ...each(WRITE_SSO, {
    what: "emailDomains with an entry of 3 characters",
    with: { emailDomains: ["a.b"] },
    field: EMAIL_DOMAINS_ITEM,
    says: /at least 4 characters/,
  }),
  ...each(WRITE_SSO, {
    what: "emailDomains with an entry of 254 characters",
    with: { emailDomains: [`${"a.".repeat(125)}comm`] },
    field: EMAIL_DOMAINS_ITEM,
    says: /at most 253 characters/,
  }),
  ...each(WRITE_SSO, {
    what: "emailDomains with the same entry twice",
    with: { emailDomains: ["a.com", "b.com", "a.com"] },
    field: "email_domains",
    says: /must not name anything twice/,
  }),
  ...each(WRITE_SSO, {
    what: "a displayName of 129 characters",
    with: { displayName: "x".repeat(129) },
    field: "display_name",
    says: /at most 128 characters/,
  }),
  ...each(WRITE_SSO, {
    what: "a claimsExpression of 4097 characters",
    with: { claimsExpression: " ".repeat(4097) },
    field: "claims_expression",
    says: /at most 4096 characters/,
  }),
  ...(
    [
      ["CreateSSOConfiguration", "additional_scopes", (scopes: unknown) => scopes],
      ["UpdateSSOConfiguration", "additional_scopes.scopes", (scopes: unknown) => ({ scopes })],
    ] as const
  ).flatMap(([method, field, wrap]) => [
    {
      method,
      what: "101 scopes",
      with: { additionalScopes: wrap(Array.from({ length: 101 }, (_, index) => `s${index}`)) },
      field,
      says: /no more than 100/,
    },
    {
      method,
      what: "an empty scope",
      with: { additionalScopes: wrap(["groups", ""]) },
      field: `${field}[1]`,
      says: /at least 1 character/,
    },
    {
      method,
      what: "a scope of 129 characters",
      with: { additionalScopes: wrap(["s".repeat(129)]) },
      field: `${field}[0]`,
      says: /at most 128 characters/,
    },
  ]),
  ...each(WRITE_SCIM, {
    what: "a name of 129 characters",
    with: { name: "x".repeat(129) },
    field: "name",
    says: /at most 128 characters/,
  }),
  ...["86399s", "86399.999999999s", "63072000.000000001s", "63072001s", "0s", "-86400s", "+86399s", ".5s"].flatMap(
    (tokenExpiresIn) =>
      each(MAKE_TOKEN, {
        what: `tokenExpiresIn ${tokenExpiresIn}`,
        with: { tokenExpiresIn },
        field: "token_expires_in",
        says: /greater than or equal to 86400s and less than or equal to 63072000s/,
      }),
  ),
  ...[-1, 101, 2_147_483_647].flatMap((pageSize) =>
    each(LISTS, {
      what: `pageSize ${pageSize}`,
      with: { pagination: { pageSize } },
      field: "pagination.page_size",
      says: /greater than or equal to 0 and less than or equal to 100/,
    }),
  ),
  ...(
    [
      ["CreateSSOConfiguration", "display_name", { displayName: "a\0b" }],
      ["CreateSSOConfiguration", "client_secret", { clientSecret: "a\0b" }],
      ["UpdateSSOConfiguration", "claims", { claims: { email: "a\0b" } }],
      ["UpdateSSOConfiguration", "claims", { claims: { "a\0b": "email" } }],
      ["UpdateSSOConfiguration", "additional_scopes.scopes[1]", { additionalScopes: { scopes: ["a", "\0"] } }],
      ["CreateSCIMConfiguration", "name", { name: "\0" }],
      ["ListSSOConfigurations", "pagination.token", { pagination: { token: "\0" } }],
    ] as const
  ).map(([method, field, changes]) => ({
    method,
    what: `a NUL in ${field}`,
    with: changes,
    field,
    says: /must not contain a NUL/,
  })),
];

/** What the domain refuses: facts that the schema does not say. */
const FACTS: readonly Refused[] = [
  {
    method: "UpdateSSOConfiguration",
    what: "a state of number 99",
    with: { state: 99 },
    field: "state",
    says: /SSO_CONFIGURATION_STATE_ACTIVE and SSO_CONFIGURATION_STATE_INACTIVE are accepted/,
  },
  ...each(WRITE_SSO, {
    what: "emailDomains with the same entry in capitals",
    with: { emailDomains: ["a.com", "A.COM"] },
    field: "email_domains[1]",
    says: /give every domain once/,
    reason: "email_domain_duplicate",
  }),
  ...(
    [
      ["http://idp.example.com", /must begin with https/],
      ["ftp://idp.example.com", /must begin with https/],
      ["https://user:password@idp.example.com", /must not contain a user name or password/],
      ["https://idp.example.com?tenant=1", /must not contain a query/],
      ["https://idp.example.com/#top", /must not contain a fragment/],
      ["https://idp.example.com/.well-known/openid-configuration", /without \/\.well-known\//],
      ["https://10.0.0.1", /must be a public host/],
      ["https://169.254.169.254/latest", /must be a public host/],
      ["https://[::1]", /must be a public host/],
      ["https://[fd00::1]", /must be a public host/],
      ["https://login.microsoftonline.com/common/v2.0", /must name one tenant/],
      ["https://login.microsoftonline.com/organizations/v2.0", /must name one tenant/],
      [`https://idp.example.com/${"a".repeat(2048)}`, /at most 2048 characters/],
    ] as const
  ).flatMap(([issuerUrl, says]) =>
    each(WRITE_SSO, {
      what: `issuerUrl ${issuerUrl.slice(0, 60)}`,
      with: { issuerUrl },
      field: "issuer_url",
      says,
      reason: "issuer_not_allowed",
    }),
  ),
  ...["a b", "a\tb", 'a"b', "a\\b", "ä", "a\u007f"].flatMap((scope) => [
    {
      method: "CreateSSOConfiguration",
      what: `the scope ${JSON.stringify(scope)}`,
      with: { additionalScopes: ["ok", scope] },
      field: "additional_scopes[1]",
      says: /visible ASCII characters without space, quote and backslash are accepted/,
    },
    {
      method: "UpdateSSOConfiguration",
      what: `the scope ${JSON.stringify(scope)}`,
      with: { additionalScopes: { scopes: ["ok", scope] } },
      field: "additional_scopes.scopes[1]",
      says: /visible ASCII characters without space, quote and backslash are accepted/,
    },
  ]),
  ...["claims.email ==", "claims.email_verified && ", "unknown(claims)", "other.email == 'a'", "'open", "1 +"].flatMap(
    (claimsExpression) =>
      each(WRITE_SSO, {
        what: `the expression ${claimsExpression}`,
        with: { claimsExpression },
        field: "claims_expression",
        says: /at offset \d+/,
        reason: "claims_expression_invalid",
      }),
  ),
  ...["nonsense", "AAAAAAAAAAAAAAAA", "=", "%00", "💥"].flatMap((token) =>
    each(LISTS, {
      what: `the page token ${token}`,
      with: { pagination: { token } },
      field: "pagination.token",
      says: /give the nextToken of the page before/,
      reason: "page_token_invalid",
    }),
  ),
];

/** What is not the message that the method takes. */
const SHAPES: readonly Refused[] = [
  ...[...ONE_SSO, ...ONE_SCIM, ...LISTS, "CreateSSOConfiguration", "CreateSCIMConfiguration"].map((method) => ({
    method,
    what: "a field that does not exist",
    with: { nonsense: true },
    field: "nonsense",
    says: /is not a field of the request/,
  })),
  ...each(LISTS, {
    what: "a field of pagination that does not exist",
    with: { pagination: { pageSize: 1, cursor: "x" } },
    field: "pagination.cursor",
    says: /is not a field of the request/,
  }),
  {
    method: "UpdateSSOConfiguration",
    what: "a field that Create alone has",
    with: { organizationId: "01890000-0000-7000-8000-000000000000" },
    field: "organizationId",
    says: /is not a field of the request/,
  },
  ...[7, true, ["x"], { secret: "x" }].flatMap((value) =>
    each(WRITE_SSO, {
      what: `clientSecret ${JSON.stringify(value)}`,
      with: { clientSecret: value },
      field: "client_secret",
      says: /a string of valid Unicode is accepted/,
    }),
  ),
  {
    method: "CreateSSOConfiguration",
    what: "half a surrogate pair",
    with: { displayName: "\ud800" },
    field: "display_name",
    says: /a string of valid Unicode is accepted/,
  },
  ...["ACTIVE", "active", true, 1.5, {}, 2 ** 40].map((state) => ({
    method: "UpdateSSOConfiguration",
    what: `state ${JSON.stringify(state)}`,
    with: { state },
    field: "state",
    says: /one of .*SSO_CONFIGURATION_STATE_INACTIVE, SSO_CONFIGURATION_STATE_ACTIVE is accepted/,
  })),
  {
    method: "UpdateSSOConfiguration",
    what: "scopes without their wrapper",
    with: { additionalScopes: ["groups"] },
    field: "additional_scopes",
    says: /an object is accepted/,
  },
  {
    method: "CreateSSOConfiguration",
    what: "scopes in the wrapper of Update",
    with: { additionalScopes: { scopes: ["groups"] } },
    field: "additional_scopes",
    says: /an array, each element a string/,
  },
  {
    method: "UpdateSSOConfiguration",
    what: "a number among the scopes",
    with: { additionalScopes: { scopes: ["groups", 1] } },
    field: "additional_scopes.scopes[1]",
    says: /a string of valid Unicode is accepted/,
  },
  {
    method: "UpdateSSOConfiguration",
    what: "a number among the claims",
    with: { claims: { email: "mail", groups: 1 } },
    field: "claims",
    says: /an object, each value a string/,
  },
  {
    method: "UpdateSSOConfiguration",
    what: "a list of claims",
    with: { claims: ["email"] },
    field: "claims",
    says: /an object, each value a string/,
  },
  {
    method: "UpdateSSOConfiguration",
    what: "a field by both of its names",
    with: { displayName: "a", display_name: "b" },
    field: "display_name",
    says: /give it once/,
  },
  ...["1 year", "P1D", "86400", "s", "+s", ".s", "1e5s", "99999999999999999s", 86_400, {}].flatMap((tokenExpiresIn) =>
    each(MAKE_TOKEN, {
      what: `tokenExpiresIn ${JSON.stringify(tokenExpiresIn)}`,
      with: { tokenExpiresIn },
      field: "token_expires_in",
      says: /a duration in seconds such as "86400s" is accepted/,
    }),
  ),
  ...["yes", 1, "true"].map((enabled) => ({
    method: "UpdateSCIMConfiguration",
    what: `enabled ${JSON.stringify(enabled)}`,
    with: { enabled },
    field: "enabled",
    says: /true or false is accepted/,
  })),
  ...["many", 1.5, 2 ** 31, true].flatMap((pageSize) =>
    each(LISTS, {
      what: `pageSize ${JSON.stringify(pageSize)}`,
      with: { pagination: { pageSize } },
      field: "pagination.page_size",
      says: /a whole number that fits is accepted/,
    }),
  ),
].map((refused) => ({ ...refused, reason: "request_malformed" as const }));

/** Everything that must be refused, field by field. */
export const REFUSED: readonly Refused[] = [...RULES, ...FACTS, ...SHAPES];

/** Good requests to put the bad members into. */
export function goodRequest(method: string, ids: { organizationId: string; sso: string; scim: string }): JsonObject {
  const { organizationId, sso, scim } = ids;
  switch (method) {
    case "CreateSSOConfiguration":
      return { organizationId, clientId: "client", clientSecret: "secret", issuerUrl: "https://idp.example.com" };
    case "ListSSOConfigurations":
      return { organizationId };
    case "CreateSCIMConfiguration":
      return { organizationId, ssoConfigurationId: sso };
    case "ListSCIMConfigurations":
      return {};
    default:
      return ONE_SSO.includes(method) ? { ssoConfigurationId: sso } : { scimConfigurationId: scim };
  }
}
