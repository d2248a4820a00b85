import { describe, expect, it } from "vitest";
import type { Attribute } from "../../../src/domain/provisioning/attribute.ts";
import {
  ENTERPRISE_SCHEMA,
  GROUP,
  RESOURCE_TYPES,
  USER,
  USER_SCHEMA,
} from "../../../src/domain/provisioning/attributes.ts";
import {
  findDocument,
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
} from "../../../src/domain/provisioning/discovery.ts";
import { resolveInSchema, resolveName } from "../../../src/domain/provisioning/names.ts";

const BASE = "https://id.example.com/scim/v2/0198f000-0000-7000-8000-000000000001";

const every = (attributes: readonly Attribute[]): Attribute[] =>
  attributes.flatMap((attribute) => [attribute, ...every(attribute.subAttributes)]);

describe("the attribute table", () => {
  const all = RESOURCE_TYPES.flatMap((type) => every(type.attributes));

  it("holds what the engine takes for granted", () => {
    for (const attribute of all) {
      expect(attribute.description, attribute.path).toMatch(/\.$/);
      if (attribute.type === "complex") expect(attribute.subAttributes.length, attribute.path).toBeGreaterThan(1);
      if (attribute.parent) expect(attribute.multiValued, attribute.path).toBe(false);
      if (attribute.parent) expect(attribute.type, attribute.path).not.toBe("complex");
      // Times are compared as numbers, which only columns hold.
      if (attribute.type === "dateTime") expect(attribute.stored.in, attribute.path).toBe("column");
      // A list of simple values could not be written by the patch engine.
      if (attribute.multiValued && attribute.type !== "complex") expect(attribute.ignoreWrites).toBe(true);
      // A column of an attribute that folds has its folded twin.
      if (attribute.stored.in === "column" && attribute.type === "string") {
        expect(attribute.stored.folded === undefined, attribute.path).toBe(attribute.caseExact);
        if (attribute.mutability !== "readOnly") expect(attribute.maxLength, attribute.path).toBeGreaterThan(0);
      }
    }
  });

  it("gives every path once per resource type", () => {
    for (const type of RESOURCE_TYPES) {
      const paths = every(type.attributes).map(({ path }) => path.toLowerCase());
      expect(new Set(paths).size).toBe(paths.length);
    }
  });
});

describe("resolveName", () => {
  const path = (type: typeof USER, name: string) => {
    const resolved = resolveName(type, name);
    return resolved.kind === "attribute" ? resolved.attribute.path : resolved.kind;
  };

  it.each([
    ["userName", "userName"],
    ["USERNAME", "userName"],
    ["name.GIVENname", "name.givenName"],
    [`${USER_SCHEMA}:userName`, "userName"],
    [`${USER_SCHEMA.toUpperCase()}:Name.FamilyName`, "name.familyName"],
    [`${USER_SCHEMA}:meta.created`, "meta.created"],
    ["meta.lastmodified", "meta.lastModified"],
    ["groups.$REF", "groups.$ref"],
    [`${ENTERPRISE_SCHEMA}:department`, `${ENTERPRISE_SCHEMA}:department`],
    [`${ENTERPRISE_SCHEMA}:manager.value`, `${ENTERPRISE_SCHEMA}:manager.value`],
    [ENTERPRISE_SCHEMA, "schema"],
    [USER_SCHEMA, "schema"],
  ])("finds %s", (name, expected) => expect(path(USER, name)).toBe(expected));

  it.each([
    "",
    ".",
    "userName.",
    ".userName",
    "name.",
    "name.nickname",
    "name.givenName.x",
    "userName.value",
    "department",
    "members",
    `${ENTERPRISE_SCHEMA}:userName`,
    `${ENTERPRISE_SCHEMA}:`,
    "urn:example:User:userName",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "__proto__.polluted",
    "constructor.prototype",
    "name.__proto__",
    "name.constructor",
    "emails.constructor",
    `${USER_SCHEMA}:__proto__`,
    `${ENTERPRISE_SCHEMA}:__proto__.x`,
  ])("does not know %j", (name) => expect(path(USER, name)).toBe("unknown"));

  it("knows the attributes of groups apart from those of users", () => {
    expect(path(GROUP, "members.VALUE")).toBe("members.value");
    expect(path(GROUP, "userName")).toBe("unknown");
  });

  it("looks inside one schema", () => {
    const enterprise = USER.extensions[0]!;
    expect(resolveInSchema(USER, enterprise, "MANAGER.value")?.path).toBe(`${ENTERPRISE_SCHEMA}:manager.value`);
    expect(resolveInSchema(USER, enterprise, "userName")).toBeUndefined();
    expect(resolveInSchema(USER, USER.schema, "externalId")?.path).toBe("externalId");
    expect(resolveInSchema(USER, enterprise, "__proto__")).toBeUndefined();
  });
});

describe("discovery documents", () => {
  const limits = {
    bulkOperations: 1000,
    bulkPayloadBytes: 1048576,
    maxPageSize: 200,
    defaultPageSize: 100,
    cursorTimeoutSeconds: 3600,
  };

  it("tell the limits that are kept", () => {
    expect(serviceProviderConfig(limits, BASE)).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1048576 },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      pagination: { cursor: true, index: true, defaultPageSize: 100, maxPageSize: 200, cursorTimeout: 3600 },
      meta: { location: `${BASE}/ServiceProviderConfig` },
    });
  });

  it("name User with the enterprise extension, and Group", () => {
    const [user, group] = resourceTypeDocuments(BASE);
    expect(user).toMatchObject({
      id: "User",
      endpoint: "/Users",
      schema: USER_SCHEMA,
      schemaExtensions: [{ schema: ENTERPRISE_SCHEMA, required: false }],
      meta: { resourceType: "ResourceType", location: `${BASE}/ResourceTypes/User` },
    });
    expect(group).toMatchObject({ id: "Group", endpoint: "/Groups" });
    expect(group).not.toHaveProperty("schemaExtensions");
  });

  it("describe every attribute of the table, but no common one and no password", () => {
    for (const type of RESOURCE_TYPES) {
      for (const schema of [type.schema, ...type.extensions]) {
        const document = findDocument(schemaDocuments(BASE), schema.id) as { attributes: { name: string }[] };
        const names = document.attributes.map(({ name }) => name);
        expect(names).toEqual(schema.attributes.map(({ name }) => name).filter((name) => name !== "password"));
        expect(names).not.toContain("id");
      }
    }
    expect(findDocument(schemaDocuments(BASE), "urn:unknown")).toBeUndefined();
  });

  it("spell out each characteristic of RFC 7643, section 7", () => {
    const document = findDocument(schemaDocuments(BASE), USER_SCHEMA) as { attributes: { name: string }[] };
    expect(document.attributes.find(({ name }) => name === "userName")).toEqual({
      name: "userName",
      type: "string",
      multiValued: false,
      description: expect.any(String),
      required: true,
      caseExact: false,
      mutability: "readWrite",
      returned: "default",
      uniqueness: "server",
    });
    const emails = document.attributes.find(({ name }) => name === "emails");
    expect(emails).toMatchObject({ type: "complex", multiValued: true });
    expect((emails as { subAttributes?: unknown[] }).subAttributes?.[2]).toMatchObject({
      name: "type",
      canonicalValues: ["work", "home", "other"],
    });
  });
});
