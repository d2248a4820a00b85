import { describe, expect, it } from "vitest";
import { defineAttribute, type ResourceType } from "../../../src/domain/provisioning/attribute.ts";
import {
  ENTERPRISE_SCHEMA as E,
  GROUP,
  GROUP_SCHEMA,
  USER_SCHEMA as U,
  USER,
} from "../../../src/domain/provisioning/attributes.ts";
import { badRequest, errorBody, ScimError } from "../../../src/domain/provisioning/errors.ts";
import {
  parseSelection,
  project,
  type SelectionParameters,
  shows,
} from "../../../src/domain/provisioning/projection.ts";
import { represent } from "../../../src/domain/provisioning/representation.ts";
import { createResource } from "../../../src/domain/provisioning/resource.ts";
import { complex } from "../../../src/domain/provisioning/values.ts";
import { entityTag, namesVersion } from "../../../src/domain/provisioning/version.ts";
import { BASE_URL } from "./support/directory.ts";

const json = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
const times = {
  createdAt: Date.UTC(2025, 0, 2, 3, 4, 5, 6),
  updatedAt: Date.UTC(2025, 5, 7, 8, 9, 10, 11),
  version: 3,
};

const user = represent(
  USER,
  {
    id: "u1",
    ...times,
    resource: createResource(USER, {
      userName: "Anna",
      name: { givenName: "Anna", familyName: "U" },
      emails: [{ value: "a@x", type: "work", display: "A" }, { value: "b@x" }],
      [E]: { department: "D", manager: { value: "m" } },
    }).resource,
    related: [{ id: "g1", display: "Group One" }],
    managerName: "Max",
  },
  BASE_URL,
);
const group = represent(
  GROUP,
  {
    id: "g1",
    ...times,
    resource: createResource(GROUP, { displayName: "G" }).resource,
    related: [{ id: "u1", display: "Anna" }],
  },
  BASE_URL,
);

describe("represent", () => {
  it("shows a user whole", () => {
    expect(json(user)).toEqual({
      schemas: [U, E],
      id: "u1",
      userName: "Anna",
      active: true,
      name: { givenName: "Anna", familyName: "U" },
      emails: [{ value: "a@x", type: "work", display: "A" }, { value: "b@x" }],
      [E]: { department: "D", manager: { value: "m", displayName: "Max" } },
      groups: [{ value: "g1", $ref: `${BASE_URL}/Groups/g1`, display: "Group One", type: "direct" }],
      meta: {
        resourceType: "User",
        created: "2025-01-02T03:04:05.006Z",
        lastModified: "2025-06-07T08:09:10.011Z",
        location: `${BASE_URL}/Users/u1`,
        version: 'W/"3"',
      },
    });
  });

  it("shows a group whole", () => {
    expect(json(group)).toMatchObject({
      schemas: [GROUP_SCHEMA],
      id: "g1",
      displayName: "G",
      members: [{ value: "u1", $ref: `${BASE_URL}/Users/u1`, display: "Anna", type: "User" }],
      meta: { resourceType: "Group", location: `${BASE_URL}/Groups/g1` },
    });
  });

  it("names the extension only when the user has a value of it, and leaves the stored resource alone", () => {
    const { resource } = createResource(USER, { userName: "a" });
    const shown = represent(USER, { id: "u", ...times, resource, managerName: "Max" }, BASE_URL);
    expect(shown.schemas).toEqual([U]);
    expect(shown).not.toHaveProperty("groups");
    expect(json(resource)).toEqual({ userName: "a", active: true });
  });
});

describe("projection", () => {
  const shown = (parameters: SelectionParameters, type: ResourceType = USER) =>
    json(project(type, type === USER ? user : group, parseSelection(type, parameters)));

  it("shows everything by default", () => {
    expect(shown({})).toEqual(json(user));
    expect(shown({ attributes: "", excludedAttributes: "" })).toEqual(json(user));
  });

  it.each<[SelectionParameters, Record<string, unknown>]>([
    [{ attributes: "userName" }, { userName: "Anna" }],
    [{ attributes: "USERNAME, name.givenName" }, { userName: "Anna", name: { givenName: "Anna" } }],
    [{ attributes: ["userName", "active"] }, { userName: "Anna", active: true }],
    [{ attributes: "emails.value" }, { emails: [{ value: "a@x" }, { value: "b@x" }] }],
    [{ attributes: "emails.display" }, { emails: [{ display: "A" }] }],
    [{ attributes: "emails.primary" }, {}],
    [{ attributes: "meta.version" }, { meta: { version: 'W/"3"' } }],
    [{ attributes: E }, { [E]: { department: "D", manager: { value: "m", displayName: "Max" } } }],
    [{ attributes: `${E}:manager.displayName` }, { [E]: { manager: { displayName: "Max" } } }],
    [{ attributes: `${U}:userName` }, { userName: "Anna" }],
    [{ attributes: "password" }, {}],
    [{ attributes: "shoeSize,__proto__,constructor" }, {}],
    [
      { attributes: "emails,name", excludedAttributes: "emails.type,emails.display,name.familyName" },
      { emails: [{ value: "a@x" }, { value: "b@x" }], name: { givenName: "Anna" } },
    ],
  ])("with %j", (parameters, expected) => {
    expect(shown(parameters)).toEqual({ schemas: [U, E], id: "u1", ...expected });
  });

  it.each<[SelectionParameters, readonly string[]]>([
    [{ excludedAttributes: "groups" }, ["groups"]],
    [{ excludedAttributes: `emails,${E},meta` }, ["emails", E, "meta"]],
    [{ excludedAttributes: "id,schemas,userName" }, ["userName"]],
    [{ excludedAttributes: "shoeSize" }, []],
  ])("with %j leaves out what may be left out", (parameters, gone) => {
    const expected = json(user);
    for (const name of gone) delete expected[name];
    expect(shown(parameters)).toEqual(expected);
  });

  it("leaves out members, and tells beforehand that they need not be read", () => {
    const members = GROUP.attributes.find(({ name }) => name === "members")!;
    const without = parseSelection(GROUP, { excludedAttributes: "members" });
    expect(project(GROUP, group, without)).not.toHaveProperty("members");
    expect(shows(without, members)).toBe(false);
    expect(shows(parseSelection(GROUP, { attributes: "displayName" }), members)).toBe(false);
    expect(shows(parseSelection(GROUP, { attributes: "members.value" }), members)).toBe(true);
    expect(shows(parseSelection(GROUP, {}), members)).toBe(true);
  });

  it("obeys `returned` of any attribute", () => {
    const attributes = (["always", "never", "default", "request"] as const).map((returned) =>
      defineAttribute({ name: returned, description: "x.", returned }),
    );
    const type: ResourceType = {
      ...USER,
      extensions: [],
      common: attributes,
      attributes,
      schema: { ...USER.schema, attributes: [] },
    };
    const whole = complex({ always: "1", never: "2", default: "3", request: "4" });
    const names = (parameters: SelectionParameters) =>
      Object.keys(project(type, whole, parseSelection(type, parameters)));
    expect(names({})).toEqual(["always", "default"]);
    expect(names({ attributes: "request,never" })).toEqual(["always", "request"]);
    expect(names({ excludedAttributes: "always,default" })).toEqual(["always"]);
  });
});

describe("versions", () => {
  it.each([
    ['W/"3"', true],
    ['"3"', true],
    ["*", true],
    [' W/"1" , W/"3"', true],
    ['W/"33"', false],
    ["3", false],
    ["", false],
  ])("%s names version 3: %s", (header, expected) => expect(namesVersion(header, 3)).toBe(expected));

  it("differ with the count", () => {
    expect(namesVersion(entityTag(4), 3)).toBe(false);
    expect(namesVersion(entityTag(3), 3)).toBe(true);
  });
});

describe("errorBody", () => {
  it("has the status as a string, and a scimType only where there is one", () => {
    expect(errorBody(badRequest("invalidFilter", "Wrong.", 3))).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
      status: "400",
      scimType: "invalidFilter",
      detail: "Wrong.",
    });
    expect(errorBody(new ScimError(404, "No."))).not.toHaveProperty("scimType");
  });
});
