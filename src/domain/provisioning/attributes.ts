import { type AttributeSpec, defineAttribute, type ResourceType, type Schema } from "./attribute.ts";

/**
 * THE attribute table: every attribute of User, of its enterprise extension and of Group (RFC 7643, sections 3.1, 4.1 to 4.3).
 * Schemas documents, validation, filters, PATCH and projection are derived from it. It differs from the representation in
 * RFC 7643, section 8.7.1, where that contradicts the text or the practice: ids compare case exact everywhere, a group's
 * displayName is required and unique, and `password`, which is accepted and never stored, is not advertised.
 */

export const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Columns that an index serves hold at most this many characters, which fits a PostgreSQL index entry in any script. */
const INDEXED = 512;

const id: AttributeSpec = {
  name: "id",
  description: "Identifier that the service gave to the resource.",
  required: true,
  caseExact: true,
  mutability: "readOnly",
  returned: "always",
  uniqueness: "global",
  stored: { in: "column", column: "id" },
};

const externalId: AttributeSpec = {
  name: "externalId",
  description: "Identifier that the identity provider gave to the resource.",
  caseExact: true,
  stored: { in: "column", column: "externalId", nullable: true },
  maxLength: INDEXED,
};

const schemas: AttributeSpec = {
  name: "schemas",
  description: "URNs of the schemas whose attributes the resource has.",
  type: "reference",
  multiValued: true,
  required: true,
  returned: "always",
  referenceTypes: ["uri"],
  ignoreWrites: true,
};

function meta(resourceType: string): AttributeSpec {
  return {
    name: "meta",
    description: "What the service knows about the resource.",
    type: "complex",
    mutability: "readOnly",
    stored: { in: "computed" },
    subAttributes: [
      { name: "resourceType", description: `Always ${resourceType}.`, caseExact: true },
      {
        name: "created",
        description: "When the resource was created.",
        type: "dateTime",
        stored: { in: "column", column: "createdAt" },
      },
      {
        name: "lastModified",
        description: "When the resource was last changed.",
        type: "dateTime",
        stored: { in: "column", column: "updatedAt" },
      },
      { name: "location", description: "URL of the resource.", type: "reference", referenceTypes: ["uri"] },
      { name: "version", description: "Weak entity tag of the resource.", caseExact: true },
    ],
  };
}

/** A multi-valued attribute with the sub-attributes of RFC 7643, section 2.4. */
function plural(
  name: string,
  noun: string,
  types: readonly string[],
  value: Partial<AttributeSpec> = {},
): AttributeSpec {
  return {
    name,
    description: `The user's ${noun}s.`,
    type: "complex",
    multiValued: true,
    subAttributes: [
      { name: "value", description: `The ${noun}.`, ...value },
      { name: "display", description: `Name of the ${noun} for people to read.` },
      { name: "type", description: `Kind of ${noun}.`, canonicalValues: types },
      { name: "primary", description: `Whether this is the preferred ${noun}; one at most.`, type: "boolean" },
    ],
  };
}

const userAttributes: readonly AttributeSpec[] = [
  {
    name: "userName",
    description: "Name that identifies the user in the organization, often the one they sign in with.",
    required: true,
    uniqueness: "server",
    stored: { in: "column", column: "userName", folded: "userNameFolded" },
    maxLength: INDEXED,
  },
  {
    name: "name",
    description: "Parts of the user's name.",
    type: "complex",
    subAttributes: [
      { name: "formatted", description: "The whole name as it is displayed." },
      { name: "familyName", description: "Family name." },
      { name: "givenName", description: "Given name." },
      { name: "middleName", description: "Middle names." },
      { name: "honorificPrefix", description: "What stands before the name, such as a title." },
      { name: "honorificSuffix", description: "What stands after the name." },
    ],
  },
  {
    name: "displayName",
    description: "Name of the user as it is shown to people.",
    stored: { in: "column", column: "displayName", folded: "displayNameFolded", nullable: true },
    maxLength: INDEXED,
  },
  { name: "nickName", description: "Casual name." },
  { name: "profileUrl", description: "URL of the user's profile.", type: "reference", referenceTypes: ["external"] },
  { name: "title", description: "Job title." },
  { name: "userType", description: "Relation of the user to the organization, such as employee or contractor." },
  { name: "preferredLanguage", description: "Preferred languages, as in an Accept-Language header." },
  { name: "locale", description: "Locale for dates, numbers and currency, such as en-US." },
  { name: "timezone", description: "Time zone, such as Europe/Berlin." },
  {
    name: "active",
    description: "Whether the user may sign in. False suspends the user.",
    type: "boolean",
    stored: { in: "column", column: "active" },
    initial: true,
  },
  {
    name: "password",
    description: "Accepted and never stored.",
    caseExact: true,
    mutability: "writeOnly",
    returned: "never",
    stored: { in: "nowhere" },
    ignoreWrites: true,
  },
  plural("emails", "email address", ["work", "home", "other"]),
  plural("phoneNumbers", "phone number", ["work", "home", "mobile", "fax", "pager", "other"]),
  plural("ims", "instant messaging address", ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
  plural("photos", "photo", ["photo", "thumbnail"], { type: "reference", referenceTypes: ["external"] }),
  {
    name: "addresses",
    description: "The user's postal addresses.",
    type: "complex",
    multiValued: true,
    subAttributes: [
      { name: "formatted", description: "The whole address as it is displayed." },
      { name: "streetAddress", description: "Street, house number and what else precedes the locality." },
      { name: "locality", description: "City." },
      { name: "region", description: "State or region." },
      { name: "postalCode", description: "Postal code." },
      { name: "country", description: "Country." },
      { name: "type", description: "Kind of address.", canonicalValues: ["work", "home", "other"] },
      { name: "primary", description: "Whether this is the preferred address; one at most.", type: "boolean" },
    ],
  },
  {
    name: "groups",
    description: "The groups that the user is a member of.",
    type: "complex",
    multiValued: true,
    mutability: "readOnly",
    stored: { in: "membership" },
    subAttributes: [
      { name: "value", description: "Id of the group.", caseExact: true },
      { name: "$ref", description: "URL of the group.", type: "reference", referenceTypes: ["Group"] },
      { name: "display", description: "Name of the group." },
      { name: "type", description: "Always direct.", canonicalValues: ["direct"] },
    ],
  },
  plural("entitlements", "entitlement", []),
  plural("roles", "role", []),
  plural("x509Certificates", "X.509 certificate", [], { type: "binary" }),
];

const enterpriseAttributes: readonly AttributeSpec[] = [
  { name: "employeeNumber", description: "Identifier that the organization gave to the person." },
  { name: "costCenter", description: "Cost center." },
  { name: "organization", description: "Organization." },
  { name: "division", description: "Division." },
  { name: "department", description: "Department." },
  {
    name: "manager",
    description: "The user's manager.",
    type: "complex",
    subAttributes: [
      { name: "value", description: "Id of the manager's User resource.", caseExact: true },
      { name: "$ref", description: "URL of the manager's User resource.", type: "reference", referenceTypes: ["User"] },
      {
        name: "displayName",
        description: "The manager's displayName.",
        mutability: "readOnly",
        stored: { in: "computed" },
      },
    ],
  },
];

const groupAttributes: readonly AttributeSpec[] = [
  {
    name: "displayName",
    description: "Name of the group, 1 to 255 characters.",
    required: true,
    uniqueness: "server",
    stored: { in: "column", column: "displayName", folded: "displayNameFolded" },
    maxLength: 255,
  },
  {
    name: "members",
    description: "The users who are members of the group.",
    type: "complex",
    multiValued: true,
    stored: { in: "membership" },
    subAttributes: [
      { name: "value", description: "Id of the user.", caseExact: true, mutability: "immutable" },
      {
        name: "$ref",
        description: "URL of the user.",
        type: "reference",
        referenceTypes: ["User"],
        mutability: "readOnly",
      },
      { name: "display", description: "The user's displayName or userName.", mutability: "readOnly" },
      { name: "type", description: "Always User.", mutability: "immutable", canonicalValues: ["User"] },
    ],
  },
];

function defineSchema(
  id: string,
  name: string,
  description: string,
  specs: readonly AttributeSpec[],
  extension?: string,
) {
  return { id, name, description, attributes: specs.map((spec) => defineAttribute(spec, extension)) } satisfies Schema;
}

type TypeOptions = Omit<ResourceType, "common" | "attributes">;

function defineType(options: TypeOptions): ResourceType {
  const common = [schemas, id, externalId, meta(options.name)].map((spec) => defineAttribute(spec));
  const parts = [options.schema, ...options.extensions];
  return { ...options, common, attributes: [...common, ...parts.flatMap(({ attributes }) => attributes)] };
}

/** The User resource type with the enterprise extension. */
export const USER: ResourceType = defineType({
  name: "User",
  endpoint: "/Users",
  description: "User account",
  schema: defineSchema(USER_SCHEMA, "User", "User account", userAttributes),
  extensions: [
    defineSchema(ENTERPRISE_SCHEMA, "EnterpriseUser", "Enterprise user", enterpriseAttributes, ENTERPRISE_SCHEMA),
  ],
});

/** The Group resource type. */
export const GROUP: ResourceType = defineType({
  name: "Group",
  endpoint: "/Groups",
  description: "Group of users",
  schema: defineSchema(GROUP_SCHEMA, "Group", "Group of users", groupAttributes),
  extensions: [],
});

/** Every resource type. */
export const RESOURCE_TYPES: readonly ResourceType[] = [USER, GROUP];
