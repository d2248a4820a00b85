import { describe, expect, it } from "vitest";
import type { ResourceType } from "../../../src/domain/provisioning/attribute.ts";
import {
  ENTERPRISE_SCHEMA as E,
  GROUP,
  GROUP_SCHEMA,
  USER_SCHEMA as U,
  USER,
} from "../../../src/domain/provisioning/attributes.ts";
import { groupColumns, groupResource, userColumns, userResource } from "../../../src/domain/provisioning/columns.ts";
import { createResource, replaceResource } from "../../../src/domain/provisioning/resource.ts";

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const codes = (entries: readonly { code: string; path: string }[]) =>
  entries.map(({ code, path }) => `${code} ${path}`).sort();
const schemas = [U, E];

/** What a body comes to: the user without `schemas`, and the normalizations. */
const CREATES: readonly (readonly [
  name: string,
  body: Record<string, unknown>,
  user: Record<string, unknown>,
  ...string[],
])[] = [
  ["the least", { schemas, userName: "a" }, { userName: "a", active: true }],
  ["active as given", { schemas, userName: "a", active: false }, { userName: "a", active: false }],
  ["active null as not given", { schemas, userName: "a", active: null }, { userName: "a", active: true }],
  [
    "names in any case",
    { Schemas: schemas, USERNAME: "a", Name: { GIVENNAME: "G" } },
    { userName: "a", active: true, name: { givenName: "G" } },
  ],
  [
    "core names with their URN",
    { schemas, [`${U}:userName`]: "a", [`${U}:name.givenName`]: "G" },
    { userName: "a", active: true, name: { givenName: "G" } },
    "qualified_key name.givenName",
  ],
  [
    "a core object",
    { schemas, [U]: { userName: "a", externalId: "e" } },
    { userName: "a", externalId: "e", active: true },
  ],
  ["no schemas", { userName: "a" }, { userName: "a", active: true }, "schemas_missing schemas"],
  [
    "an extra schema",
    { schemas: [...schemas, "urn:x"], userName: "a" },
    { userName: "a", active: true },
    "unknown_schema urn:x",
  ],
  ["schemas in any case", { schemas: [U.toUpperCase()], userName: "a" }, { userName: "a", active: true }],
  [
    "values exactly as sent",
    {
      schemas,
      userName: " Ünal@EXAMPLE.com ",
      title: "",
      phoneNumbers: [{ value: "tel:+49 (0) 30-1", type: "Work" }],
      locale: "DE_de",
    },
    {
      userName: " Ünal@EXAMPLE.com ",
      active: true,
      title: "",
      phoneNumbers: [{ value: "tel:+49 (0) 30-1", type: "Work" }],
      locale: "DE_de",
    },
  ],
  [
    "types that are not canonical",
    { schemas, userName: "a", emails: [{ value: "x", type: "boat" }] },
    { userName: "a", active: true, emails: [{ value: "x", type: "boat" }] },
  ],
  [
    "e-mails that are none",
    { schemas, userName: "a", emails: [{ value: "not an email" }] },
    { userName: "a", active: true, emails: [{ value: "not an email" }] },
  ],
  [
    "explicit nulls",
    { schemas, userName: "a", title: null, name: null, emails: null, [E]: null },
    { userName: "a", active: true },
  ],
  [
    "nulls inside",
    {
      schemas,
      userName: "a",
      name: { givenName: null, familyName: "F" },
      emails: [null, { value: null, type: "work" }],
      [E]: { department: null },
    },
    { userName: "a", active: true, name: { familyName: "F" }, emails: [{ type: "work" }] },
  ],
  [
    "nothing but nulls",
    { schemas, userName: "a", name: { givenName: null }, emails: [{ value: null }], [E]: { manager: { value: null } } },
    { userName: "a", active: true },
  ],
  [
    "empty arrays and objects",
    { schemas, userName: "a", emails: [], name: {}, roles: [{}], [E]: {} },
    { userName: "a", active: true },
  ],
  [
    "readOnly attributes",
    { schemas, userName: "a", id: "x", meta: { resourceType: "User", version: "x" }, groups: [{ value: "g" }] },
    { userName: "a", active: true },
  ],
  [
    "Okta's create",
    {
      schemas,
      userName: "a",
      password: "s3cret",
      groups: [],
      emails: [{ primary: true, value: "a", type: "work" }],
      active: true,
    },
    { userName: "a", active: true, emails: [{ primary: true, value: "a", type: "work" }] },
    "value_not_stored password",
  ],
  ["a null password", { schemas, userName: "a", password: null }, { userName: "a", active: true }],
  [
    "Entra's text booleans",
    {
      schemas,
      userName: "a",
      active: "True",
      emails: [{ value: "x", primary: "True" }],
      roles: [{ value: "r", primary: "false" }],
    },
    { userName: "a", active: true, emails: [{ value: "x", primary: true }], roles: [{ value: "r", primary: false }] },
    "string_boolean active",
    "string_boolean emails.primary",
    "string_boolean roles.primary",
  ],
  [
    "Entra's app roles as JSON text",
    { schemas, userName: "a", roles: [{ value: '{"id":"1","value":"admin"}' }] },
    { userName: "a", active: true, roles: [{ value: '{"id":"1","value":"admin"}' }] },
  ],
  [
    "a manager as text",
    { schemas, userName: "a", [E]: { manager: "m" } },
    { userName: "a", active: true, [E]: { manager: { value: "m" } } },
    `bare_value ${E}:manager`,
  ],
  [
    "a manager in an array",
    { schemas, userName: "a", [E]: { manager: [{ value: "m", $ref: "r" }] } },
    { userName: "a", active: true, [E]: { manager: { value: "m", $ref: "r" } } },
    `unwrapped_value ${E}:manager`,
  ],
  [
    "an empty manager",
    { schemas, userName: "a", [E]: { manager: "" } },
    { userName: "a", active: true },
    `empty_string_as_absent ${E}:manager`,
  ],
  [
    "a manager's name",
    { schemas, userName: "a", [E]: { manager: { value: "m", displayName: "M" } } },
    { userName: "a", active: true, [E]: { manager: { value: "m" } } },
  ],
  [
    "URN keys",
    { schemas, userName: "a", [`${E}:department`]: "D", [`${E}:manager.value`]: "m" },
    { userName: "a", active: true, [E]: { department: "D", manager: { value: "m" } } },
    `qualified_key ${E}:manager.value`,
  ],
  [
    "OneLogin's object for a list",
    { schemas, userName: "a", emails: { value: "x" } },
    { userName: "a", active: true, emails: [{ value: "x" }] },
    "single_for_array emails",
  ],
  [
    "texts in a list",
    { schemas, userName: "a", emails: ["x"] },
    { userName: "a", active: true, emails: [{ value: "x" }] },
    "bare_value emails",
  ],
  [
    "an empty text for a list",
    { schemas, userName: "a", emails: "" },
    { userName: "a", active: true },
    "empty_string_as_absent emails",
  ],
  [
    "numbers for text",
    { schemas, userName: 42, [E]: { employeeNumber: 7 } },
    { userName: "42", active: true, [E]: { employeeNumber: "7" } },
    `number_as_string ${E}:employeeNumber`,
    "number_as_string userName",
  ],
  [
    "two primaries",
    {
      schemas,
      userName: "a",
      emails: [
        { value: "x", primary: true },
        { value: "y", primary: true },
      ],
    },
    {
      userName: "a",
      active: true,
      emails: [
        { value: "x", primary: true },
        { value: "y", primary: false },
      ],
    },
    "primary_conflict emails",
  ],
  [
    "unknown attributes",
    {
      schemas,
      userName: "a",
      shoeSize: 44,
      name: { nick: "x" },
      emails: [{ value: "x", color: "red" }],
      [E]: { desk: 1 },
      "urn:x:User": {},
    },
    { userName: "a", active: true, name: undefined, emails: [{ value: "x" }] },
    "unknown_attribute emails.color",
    "unknown_attribute name.nick",
    "unknown_attribute shoeSize",
    `unknown_attribute ${E}:desk`,
    "unknown_schema urn:x:User",
  ],
  [
    "the same attribute twice",
    { schemas, userName: "a", USERNAME: "b" },
    { userName: "b", active: true },
    "duplicate_attribute userName",
  ],
  [
    "the same part twice",
    { schemas, userName: "a", name: { givenName: "a", GivenName: "b" } },
    { userName: "a", active: true, name: { givenName: "b" } },
    "duplicate_attribute name.givenName",
  ],
  [
    "names of prototypes",
    JSON.parse(
      `{"schemas":["${U}"],"userName":"a","__proto__":{"x":1},"constructor":1,"name":{"__proto__":{"x":1}}}`,
    ) as Record<string, unknown>,
    { userName: "a", active: true },
    "unknown_attribute __proto__",
    "unknown_attribute constructor",
    "unknown_attribute name.__proto__",
  ],
];

const REFUSED: readonly (readonly [name: string, type: ResourceType, body: unknown, scimType: string])[] = [
  ["an array", USER, [], "invalidSyntax"],
  ["null", USER, null, "invalidSyntax"],
  ["text", USER, "a", "invalidSyntax"],
  ["no userName", USER, { schemas }, "invalidValue"],
  ["userName null", USER, { schemas, userName: null }, "invalidValue"],
  ["an empty userName", USER, { schemas, userName: "" }, "invalidValue"],
  ["a long userName", USER, { schemas, userName: "a".repeat(513) }, "invalidValue"],
  ["a long externalId", USER, { schemas, userName: "a", externalId: "a".repeat(513) }, "invalidValue"],
  ["a boolean userName", USER, { schemas, userName: true }, "invalidValue"],
  ["an object title", USER, { schemas, userName: "a", title: { text: "x" } }, "invalidValue"],
  ["text for active", USER, { schemas, userName: "a", active: "yes" }, "invalidValue"],
  ["text for a name", USER, { schemas, userName: "a", name: "Anna" }, "invalidValue"],
  ["text for an extension", USER, { schemas, userName: "a", [E]: "x" }, "invalidValue"],
  ["an array for an extension", USER, { schemas, userName: "a", [E]: [] }, "invalidValue"],
  ["a part of a list as a key", USER, { schemas, userName: "a", "emails.value": "x" }, "invalidValue"],
  ["a list of numbers", USER, { schemas, userName: "a", emails: [1] }, "invalidValue"],
  ["NUL", USER, { schemas, userName: "a\0" }, "invalidValue"],
  [
    "half a surrogate pair in an element",
    USER,
    { schemas, userName: "a", emails: [{ value: "\udc00" }] },
    "invalidValue",
  ],
  [
    "a deep array",
    USER,
    { schemas, userName: JSON.parse(`${"[".repeat(5000)}${"]".repeat(5000)}`) as unknown },
    "invalidValue",
  ],
  ["a group without displayName", GROUP, { schemas: [GROUP_SCHEMA] }, "invalidValue"],
  ["a group with an empty displayName", GROUP, { schemas: [GROUP_SCHEMA], displayName: "" }, "invalidValue"],
  ["a group with a long displayName", GROUP, { schemas: [GROUP_SCHEMA], displayName: "x".repeat(256) }, "invalidValue"],
];

describe("createResource", () => {
  it.each(CREATES.map((row) => [row[0], row] as const))("takes %s", (_name, [, body, user, ...normalizations]) => {
    const made = createResource(USER, body);
    expect(json(made.resource)).toEqual(json(user));
    expect(codes(made.normalizations)).toEqual([...normalizations].sort());
    expect(made.members).toEqual([]);
    expect(userResource(userColumns(made.resource))).toEqual(made.resource);
  });

  it.each(REFUSED)("refuses %s", (_name, type, body, scimType) => {
    expect(() => createResource(type, body)).toThrow(expect.objectContaining({ status: 400, scimType }));
    expect(() => replaceResource(type, createResource(USER, { userName: "x" }).resource, body)).toThrow(
      expect.objectContaining({ scimType }),
    );
  });

  it("never repeats a value in a refusal", () => {
    for (const [, type, body] of REFUSED) {
      try {
        createResource(type, body);
      } catch (error) {
        expect((error as Error).message).not.toMatch(/a{20}|x{20}|yes|Anna/);
      }
    }
  });

  it("takes names at the limit, counted in characters", () => {
    const name = "😀".repeat(255);
    expect(createResource(GROUP, { displayName: name }).resource.displayName).toBe(name);
  });

  it.each([
    [
      "Entra's group with a schema of its own",
      {
        schemas: [GROUP_SCHEMA, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
        externalId: "e",
        displayName: "G",
        members: [],
        meta: { resourceType: "Group" },
      },
      [],
    ],
    [
      "Okta's members with display",
      {
        schemas: [GROUP_SCHEMA],
        displayName: "G",
        members: [
          { value: "a", display: "A" },
          { value: "b", display: "B" },
        ],
      },
      ["a", "b"],
    ],
    [
      "JumpCloud's members",
      { schemas: [GROUP_SCHEMA], displayName: "G", members: [{ value: "a" }, { value: "a" }] },
      ["a"],
    ],
    ["no members", { schemas: [GROUP_SCHEMA], displayName: "G" }, []],
    ["null members", { schemas: [GROUP_SCHEMA], displayName: "G", members: null }, []],
    [
      "groups among the members",
      {
        schemas: [GROUP_SCHEMA],
        displayName: "G",
        members: [
          { value: "a", type: "Group" },
          { value: "b", type: "User" },
        ],
      },
      ["b"],
    ],
  ])("takes %s", (_name, body, members) => {
    const made = createResource(GROUP, body);
    expect(made.members).toEqual(members);
    expect(made.resource.displayName).toBe("G");
    expect(made.resource).not.toHaveProperty("members");
    expect(groupResource(groupColumns(made.resource))).toEqual(made.resource);
  });

  it("keeps at most 100 normalizations, with names of at most 200 characters", () => {
    const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}${"y".repeat(500)}`, 1]));
    const { normalizations } = createResource(USER, { userName: "a", ...unknown });
    expect(normalizations.length).toBe(100);
    expect(Math.max(...normalizations.map(({ path }) => path.length))).toBe(200);
  });
});

describe("replaceResource", () => {
  const current = createResource(USER, {
    schemas,
    userName: "a",
    active: false,
    title: "T",
    emails: [{ value: "x" }],
    [E]: { department: "D" },
  }).resource;

  it("takes away what the body leaves out, but not active", () => {
    const { resource, changed } = replaceResource(USER, current, { schemas, userName: "a" });
    expect(json(resource)).toEqual({ userName: "a", active: false });
    expect(changed).toBe(true);
  });

  it("knows when nothing changes, whatever the order of keys and the echo of readOnly attributes", () => {
    const echo = {
      meta: { version: "x" },
      id: "1",
      groups: [],
      [E]: { department: "D" },
      emails: [{ value: "x" }],
      title: "T",
      active: false,
      userName: "a",
      schemas,
    };
    expect(replaceResource(USER, current, echo)).toMatchObject({ changed: false, membership: { kind: "none" } });
  });

  it("takes JumpCloud's least body", () => {
    const { resource } = replaceResource(USER, current, { schemas, userName: "a", emails: null, active: true });
    expect(json(resource)).toEqual({ userName: "a", active: true });
  });

  it("deactivates by Okta's full body", () => {
    const { resource } = replaceResource(USER, createResource(USER, { userName: "a" }).resource, {
      schemas,
      userName: "a",
      active: false,
    });
    expect(resource.active).toBe(false);
  });

  it.each([
    [{ displayName: "G" }, { kind: "none" }],
    [{ displayName: "G", members: null }, { kind: "none" }],
    [
      { displayName: "G", members: [] },
      { kind: "replace", members: [] },
    ],
    [
      { displayName: "G", members: [{ value: "a" }, { value: "b" }] },
      { kind: "replace", members: ["a", "b"] },
    ],
  ])("treats the members of %j", (body, membership) => {
    const group = createResource(GROUP, { displayName: "G", externalId: "e" }).resource;
    const replaced = replaceResource(GROUP, group, { schemas: [GROUP_SCHEMA], ...body });
    expect(replaced.membership).toEqual(membership);
    expect(json(replaced.resource)).toEqual({ displayName: "G" });
  });
});
