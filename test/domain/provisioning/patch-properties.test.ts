import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Attribute, ResourceType } from "../../../src/domain/provisioning/attribute.ts";
import { ENTERPRISE_SCHEMA, GROUP, USER } from "../../../src/domain/provisioning/attributes.ts";
import { userColumns, userResource } from "../../../src/domain/provisioning/columns.ts";
import { ScimError } from "../../../src/domain/provisioning/errors.ts";
import type { MembershipChange } from "../../../src/domain/provisioning/membership.ts";
import { patchResource } from "../../../src/domain/provisioning/patch.ts";
import { memberElement, represent } from "../../../src/domain/provisioning/representation.ts";
import { createResource, type ResourceChange, replaceResource } from "../../../src/domain/provisioning/resource.ts";
import {
  elementsOf,
  isComplex,
  type ScimComplex,
  type ScimValue,
  sameValue,
} from "../../../src/domain/provisioning/values.ts";
import { BASE_URL } from "./support/directory.ts";
import type { Operation } from "./support/operations.ts";

const HOSTILE = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "__proto__.polluted",
  "constructor.prototype",
];
const LISTS = ["emails", "phoneNumbers", "addresses", "roles"];
const PARTS = ["value", "type", "primary", "display", "locality", "$ref", "__proto__"];
const FILTERS = [
  'type eq "work"',
  'type eq "home"',
  "primary eq true",
  'primary eq "True"',
  'value co "a"',
  'not (type eq "work")',
  'value eq "a" or value eq "b"',
  "display pr",
];
const SINGLES = [
  "userName",
  "USERNAME",
  "title",
  "active",
  "externalId",
  "displayName",
  "name",
  "name.givenName",
  "password",
  "schemas",
  `${ENTERPRISE_SCHEMA}:department`,
  `${ENTERPRISE_SCHEMA}:manager`,
  `${ENTERPRISE_SCHEMA}:manager.value`,
  `${ENTERPRISE_SCHEMA}:manager.displayName`,
  ENTERPRISE_SCHEMA,
];
const READ_ONLY = ["id", "meta", "meta.created", "meta.version", "groups", 'groups[value eq "g"]', "groups.display"];

const scalar = fc.oneof(
  fc.constantFrom("a", "b", "A", "work", "home", "", "True", "false", " "),
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: 0, max: 9 }),
  fc.string({ unit: "grapheme", maxLength: 4 }),
);
const object = fc
  .uniqueArray(
    fc.constantFrom("value", "type", "primary", "display", "givenName", "locality", "department", "$ref", ...HOSTILE),
    { maxLength: 4 },
  )
  .chain((keys) => fc.tuple(...keys.map((key) => scalar.map((value) => [key, value] as const))))
  .map((entries) => jsonObject(entries));
const value = fc.oneof(scalar, object, fc.array(fc.oneof(object, scalar), { maxLength: 3 }));
const listPath = fc.oneof(
  fc.constantFrom(...LISTS),
  fc.tuple(fc.constantFrom(...LISTS), fc.constantFrom(...PARTS)).map(([list, part]) => `${list}.${part}`),
  fc.tuple(fc.constantFrom(...LISTS), fc.constantFrom(...FILTERS)).map(([list, filter]) => `${list}[${filter}]`),
  fc
    .tuple(fc.constantFrom(...LISTS), fc.constantFrom(...FILTERS), fc.constantFrom(...PARTS))
    .map(([list, filter, part]) => `${list}[${filter}].${part}`),
);
const path = fc.oneof(
  { weight: 4, arbitrary: listPath },
  { weight: 3, arbitrary: fc.constantFrom(...SINGLES) },
  fc.constantFrom(...READ_ONLY),
  fc.constantFrom(
    ...HOSTILE,
    ...HOSTILE.map((name) => `name.${name}`),
    ...HOSTILE.map((name) => `emails[type eq "work"].${name}`),
  ),
);
const pathless = fc
  .uniqueArray(fc.oneof(path, fc.constantFrom(...HOSTILE)), { maxLength: 4 })
  .chain((keys) => fc.tuple(...keys.map((key) => value.map((one) => [key, one] as const))))
  .map((entries) => jsonObject(entries));
const name = fc.constantFrom("add", "replace", "remove", "Add", "Replace", "Remove");
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: name, path, value }) },
  fc.record({ op: fc.constantFrom("remove", "Remove"), path }),
  fc.record({ op: fc.constantFrom("add", "replace"), value: pathless }),
);
const operations = fc.array(operation, { minLength: 1, maxLength: 5 });

/** An object as JSON.parse makes it, where `__proto__` is a key like any other. */
function jsonObject(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const text = entries.map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`).join(",");
  return JSON.parse(`{${text}}`) as Record<string, unknown>;
}

const body = (list: readonly Operation[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: list,
});

function startUser() {
  const { resource } = createResource(USER, {
    userName: "a",
    externalId: "e",
    title: "a",
    name: { givenName: "a", familyName: "b" },
    emails: [
      { value: "a", type: "work", primary: true },
      { value: "b", type: "home" },
      { value: "c", display: "x" },
    ],
    phoneNumbers: [{ value: "a", type: "work" }],
    addresses: [{ type: "work", locality: "a" }],
    [ENTERPRISE_SCHEMA]: { department: "a", manager: { value: "m", $ref: "x" } },
  });
  return { id: "user-1", resource };
}

function attempt(subject: ReturnType<typeof startUser>, list: readonly Operation[]): ResourceChange | undefined {
  try {
    return patchResource(USER, subject, body(list));
  } catch (error) {
    // Whatever a client sends, it is either applied or refused for a reason that the RFC knows.
    expect(error).toBeInstanceOf(ScimError);
    expect((error as ScimError).scimType).toBeDefined();
    return undefined;
  }
}

function freeze(item: ScimValue): void {
  if (typeof item !== "object") return;
  Object.freeze(item);
  for (const inner of Object.values(item)) freeze(inner);
}

describe("a PATCH of a user", () => {
  it("applies whole or changes nothing, and never touches what it was given", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const subject = startUser();
        freeze(subject.resource);
        const result = attempt(subject, list);
        expect(sameValue(subject.resource, startUser().resource)).toBe(true);
        if (result) expect(result.changed).toBe(!sameValue(result.resource, subject.resource));
      }),
      { numRuns: 3000 },
    );
  });

  it("comes to the same as its operations one after the other", () => {
    fc.assert(
      fc.property(operations, (list) => {
        let step: ReturnType<typeof startUser> | undefined = startUser();
        for (const one of list) {
          const result: ResourceChange | undefined = step && attempt(step, [one]);
          step = result && { id: "user-1", resource: result.resource };
        }
        if (step) expect(attempt(startUser(), list)?.resource).toEqual(step.resource);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves a valid user with writable attributes only", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const result = attempt(startUser(), list);
        if (result) expectValid(USER, result.resource);
      }),
      { numRuns: 3000 },
    );
  });

  it("never writes what is readOnly", () => {
    const readOnly = fc.record({ op: name, path: fc.constantFrom(...READ_ONLY), value });
    fc.assert(
      fc.property(readOnly, operations, (one, list) => {
        expect(() => patchResource(USER, startUser(), body([one]))).toThrow(
          expect.objectContaining({ scimType: "mutability" }),
        );
        const shown = (subject: ReturnType<typeof startUser>) => {
          const { id, meta, groups } = represent(
            USER,
            { ...subject, createdAt: 1, updatedAt: 1, version: 1 },
            BASE_URL,
          );
          return { id, meta, groups };
        };
        const result = attempt(startUser(), list);
        if (result) expect(shown({ id: "user-1", resource: result.resource })).toEqual(shown(startUser()));
      }),
    );
  });

  it("reaches no prototype", () => {
    const prototypes = [Object, Array, String, Boolean, Function, Map, Set, RegExp].map(
      ({ prototype }) => prototype as object,
    );
    const shapes = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String));
    const before = shapes();
    fc.assert(
      fc.property(operations, (list) => {
        const result = attempt(startUser(), list);
        expect(shapes()).toEqual(before);
        if (result) expectNoPrototype(result.resource);
      }),
      { numRuns: 2000 },
    );
  });

  it("applied twice equals once, where the operation does not change what it chooses by", () => {
    fc.assert(
      fc.property(operation, (one) => {
        fc.pre(!contradictsItself(one));
        const once = attempt(startUser(), [one]);
        fc.pre(once !== undefined);
        const twice = attempt({ id: "user-1", resource: once!.resource }, [one]);
        expect(twice?.resource).toEqual(once!.resource);
        expect(twice?.changed).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it("is kept by the columns exactly", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const result = attempt(startUser(), list);
        if (result) expect(userResource(userColumns(result.resource))).toEqual(result.resource);
      }),
    );
  });
});

/** Whether the operation may change the parts by which its own filter chooses, so that it means something else afterwards. */
function contradictsItself({ path: at, value: given }: Operation): boolean {
  const keys = typeof given === "object" && given !== null ? Object.keys(given) : [];
  const paths =
    typeof at === "string"
      ? [[at, given] as const]
      : keys.map((key) => [key, (given as Record<string, unknown>)[key]] as const);
  // Keys of one value work on each other's results.
  if (paths.length > 1 && paths.some(([key]) => key.includes("["))) return true;
  return paths.some(([key, inner]) => {
    const [, filter, part] = /\[(.*)\]\.?(.*)$/.exec(key) ?? [];
    if (filter === undefined) return false;
    return part ? filter.includes(part) : JSON.stringify(inner ?? null) !== "null";
  });
}

function expectValid(type: ResourceType, resource: ScimComplex): void {
  const writable = type.attributes.filter(({ mutability, ignoreWrites }) => mutability !== "readOnly" && !ignoreWrites);
  const core = writable.filter(({ extension }) => extension === undefined);
  const extensions = type.extensions.map(({ id }) => id);
  for (const key of Object.keys(resource)) expect([...core.map((one) => one.name), ...extensions]).toContain(key);
  for (const attribute of writable) {
    const scope = attribute.extension === undefined ? resource : resource[attribute.extension];
    const found = isComplex(scope) ? scope[attribute.name] : undefined;
    if (found !== undefined) expectTyped(attribute, found);
    else expect(attribute.required || attribute.initial !== undefined).toBe(false);
  }
}

function expectTyped(attribute: Attribute, found: ScimValue): void {
  if (attribute.multiValued) {
    const elements = elementsOf(found);
    expect(elements.length).toBeGreaterThan(0);
    expect(elements.filter(({ primary }) => primary === true).length).toBeLessThanOrEqual(1);
    for (const element of elements) expectParts(attribute, element);
  } else if (attribute.type === "complex") expectParts(attribute, found as ScimComplex);
  else expect(typeof found).toBe(attribute.type === "boolean" ? "boolean" : "string");
}

function expectParts(attribute: Attribute, whole: ScimComplex): void {
  expect(Object.keys(whole).length).toBeGreaterThan(0);
  for (const [key, inner] of Object.entries(whole)) {
    const part = attribute.sub(key);
    expect(part?.name).toBe(key);
    expect(part?.mutability).not.toBe("readOnly");
    expect(typeof inner).toBe(part?.type === "boolean" ? "boolean" : "string");
  }
}

function expectNoPrototype(item: ScimValue): void {
  if (typeof item !== "object") return;
  if (!Array.isArray(item)) expect(Object.getPrototypeOf(item)).toBeNull();
  for (const inner of Object.values(item)) expectNoPrototype(inner);
}

describe("a PATCH of a group", () => {
  const ids = ["a", "b", "c", "d", "__proto__"];
  const member = fc.oneof(
    fc.constantFrom(...ids).map((id) => ({ value: id })),
    fc.constantFrom(...ids),
    fc.constantFrom(...ids).map((id) => ({ value: id, type: "Group" })),
  );
  const members = fc.oneof(member, fc.array(member, { maxLength: 3 }), fc.constantFrom(null, ""));
  const chosen = fc.constantFrom(
    'value eq "a"',
    'value ne "a"',
    'value eq "a" or value eq "b"',
    'display sw "b"',
    "not (value pr)",
  );
  const memberOperation: fc.Arbitrary<Operation> = fc.oneof(
    fc.record({ op: name, path: fc.constant("members"), value: members }),
    fc.record({ op: fc.constant("remove"), path: fc.constant("members") }),
    fc.record({ op: fc.constant("remove"), path: chosen.map((filter) => `members[${filter}]`) }),
    fc.record({
      op: fc.constantFrom("add", "replace"),
      value: members.map((list) => ({ members: list, displayName: "N" })),
    }),
  );
  const start = ["a", "b"];

  const patch = (before: readonly string[], list: readonly Operation[]): MembershipChange => {
    const elements = before.map((id) => memberElement({ id, display: id }, BASE_URL));
    const subject = {
      id: "group-1",
      resource: createResource(GROUP, { displayName: "N" }).resource,
      members: elements,
    };
    return patchResource(GROUP, subject, body(list)).membership;
  };
  const apply = (before: readonly string[], change: MembershipChange): string[] => {
    if (change.kind === "none") return [...before];
    if (change.kind === "replace") return [...change.members].sort();
    const after = new Set(before);
    for (const id of change.remove) after.delete(id);
    for (const id of change.add) after.add(id);
    return [...after].sort();
  };

  it("comes to the same rows as its operations one after the other", () => {
    fc.assert(
      fc.property(fc.array(memberOperation, { minLength: 1, maxLength: 6 }), (list) => {
        const stepwise = list.reduce<string[]>((before, one) => apply(before, patch(before, [one])), start);
        expect(apply(start, patch(start, list))).toEqual(stepwise);
      }),
      { numRuns: 2000 },
    );
  });

  it("never adds and removes the same row, and names each once", () => {
    fc.assert(
      fc.property(fc.array(memberOperation, { maxLength: 6 }), (list) => {
        const change = patch(start, list);
        const named =
          change.kind === "rows" ? [...change.add, ...change.remove] : change.kind === "replace" ? change.members : [];
        expect(new Set(named).size).toBe(named.length);
      }),
    );
  });

  it("applied twice equals once", () => {
    fc.assert(
      fc.property(memberOperation, (one) => {
        const once = apply(start, patch(start, [one]));
        expect(apply(once, patch(once, [one]))).toEqual(once);
      }),
    );
  });

  it("loses nothing when two of them that only add or remove by id cross", () => {
    const byId = fc.record({
      op: fc.constantFrom("add", "remove"),
      path: fc.constant("members"),
      value: fc.array(member, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(byId, { maxLength: 3 }), fc.array(byId, { maxLength: 3 }), (one, other) => {
        // Both are worked out from the same state, as in two replicas, and their rows are written one after the other.
        const changes = [patch(start, one), patch(start, other)] as const;
        const serial = apply(start, patch(start, one));
        expect(changes.reduce<string[]>(apply, start)).toEqual(apply(serial, patch(serial, other)));
      }),
    );
  });
});

describe("a replace of a user", () => {
  const anything = fc
    .uniqueArray(fc.oneof(fc.constantFrom(...SINGLES, ...LISTS, ...READ_ONLY, ...HOSTILE)), { maxLength: 8 })
    .chain((keys) => fc.tuple(...keys.map((key) => value.map((one) => [key, one] as const))))
    .map((entries) => ({ userName: "u", ...jsonObject(entries) }));

  it("leaves a valid user or is refused, and comes to the same when it is repeated", () => {
    fc.assert(
      fc.property(anything, (input) => {
        let once: ResourceChange;
        try {
          once = replaceResource(USER, startUser().resource, input);
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
          return;
        }
        expectValid(USER, once.resource);
        expectNoPrototype(once.resource);
        expect(replaceResource(USER, once.resource, input).changed).toBe(false);
        expect(userResource(userColumns(once.resource))).toEqual(once.resource);
      }),
      { numRuns: 2000 },
    );
  });
});
