import type { ResourceType } from "../../../../src/domain/provisioning/attribute.ts";
import { ENTERPRISE_SCHEMA, GROUP, USER } from "../../../../src/domain/provisioning/attributes.ts";
import { represent, type StoredResource } from "../../../../src/domain/provisioning/representation.ts";
import { createResource } from "../../../../src/domain/provisioning/resource.ts";
import { isComplex, type ScimComplex } from "../../../../src/domain/provisioning/values.ts";

export const ORGANIZATION_ID = "0198f000-0000-7000-8000-00000000000a";
export const CONFIGURATION_ID = "0198f000-0000-7000-8000-00000000000b";
export const BASE_URL = `https://id.example.com/scim/v2/${CONFIGURATION_ID}`;

/** Users, groups and who is a member of what. */
export interface Directory {
  readonly users: readonly StoredResource[];
  readonly groups: readonly StoredResource[];
  readonly memberships: readonly { readonly userId: string; readonly groupId: string }[];
}

/** What the directory shows for each resource, by id. */
export function representations(directory: Directory, type: ResourceType): Map<string, ScimComplex> {
  const stored = type === USER ? directory.users : directory.groups;
  return new Map(stored.map((one) => [one.id, represent(type, withRelations(directory, type, one), BASE_URL)]));
}

function withRelations(directory: Directory, type: ResourceType, one: StoredResource): StoredResource {
  const { users, groups, memberships } = directory;
  if (type === GROUP) {
    const ids = new Set(memberships.filter(({ groupId }) => groupId === one.id).map(({ userId }) => userId));
    const related = users.filter(({ id }) => ids.has(id));
    return { ...one, related: related.map(({ id, resource }) => ({ id, display: nameOf(resource) })) };
  }
  const ids = new Set(memberships.filter(({ userId }) => userId === one.id).map(({ groupId }) => groupId));
  const related = groups.filter(({ id }) => ids.has(id));
  const enterprise = one.resource[ENTERPRISE_SCHEMA];
  const manager = isComplex(enterprise) && isComplex(enterprise.manager) ? enterprise.manager.value : undefined;
  const managerName = users.find(({ id }) => id === manager)?.resource.displayName;
  return {
    ...one,
    related: related.map(({ id, resource }) => ({ id, display: nameOf(resource) })),
    managerName: typeof managerName === "string" ? managerName : undefined,
  };
}

const nameOf = ({ displayName, userName }: ScimComplex): string => String(displayName ?? userName);

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Strings on which engines and languages disagree: case, wildcards, quotes, planes, emptiness. */
export const AWKWARD: readonly string[] = [
  "anna",
  "Anna",
  "ANNA",
  "Annabel",
  "Johanna",
  "ünal",
  "Ünal",
  "ÜNAL",
  "straße",
  "STRASSE",
  "İstanbul",
  "istanbul",
  "ΟΔΟΣ",
  "οδος",
  "Οδοσ",
  "a%b",
  "a_b",
  "axb",
  "a\\b",
  "o'neil",
  'say "hi"',
  "",
  " ",
  "😀",
  "\uE000",
  "\u{10FFFF}",
  "\uD7FF",
  "zz😀",
  "1",
  "10",
  "9",
  "true",
  "null",
  "work",
  "Work",
];

/** A directory of users and groups whose attributes are drawn from few values, so that filters match often. */
export function randomDirectory(seed: number, userCount = 120, groupCount = 15): Directory {
  const random = randomNumbers(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const maybe = <T>(make: () => T, share = 0.5): T | undefined => (random() < share ? make() : undefined);
  const word = () => pick(AWKWARD);
  const idOf = (kind: string, index: number) => `0198f000-${kind}-7000-8000-${String(index).padStart(12, "0")}`;
  const stored = (id: string, resource: ScimComplex): StoredResource => {
    const createdAt = Date.UTC(2025, 0, 1 + Math.floor(random() * 5), 12, 0, 0, Math.floor(random() * 3));
    return {
      id,
      resource,
      createdAt,
      updatedAt: createdAt + Math.floor(random() * 3),
      version: 1 + Math.floor(random() * 3),
    };
  };
  const elements = (types: readonly string[]) =>
    Array.from({ length: Math.floor(random() * 3) }, () => ({
      value: maybe(word, 0.9),
      type: maybe(() => pick(types), 0.8),
      display: maybe(word, 0.3),
      primary: maybe(() => random() < 0.5),
    }));

  const taken = new Set<string>();
  const users = Array.from({ length: userCount }, (_, index) => {
    const id = idOf("0000", index);
    const body = {
      schemas: [USER.schema.id],
      userName: `${word()}${index % 40 === 0 ? "" : index}` || "x",
      externalId: maybe(() => pick(["abc", "ABC", "abC", "12345", "true", word()])),
      displayName: maybe(word),
      active: maybe(() => random() < 0.7, 0.8),
      title: maybe(word),
      userType: maybe(() => pick(["Employee", "employee", "Contractor"])),
      locale: maybe(() => "de-DE"),
      profileUrl: maybe(() => pick(["https://example.com/A", "https://example.com/a"])),
      name: maybe(() => ({ givenName: maybe(word), familyName: maybe(word), formatted: maybe(word, 0.2) })),
      emails: elements(["work", "Work", "home", "odd"]),
      phoneNumbers: elements(["work", "mobile"]),
      roles: elements(["admin", "reader"]),
      x509Certificates: maybe(() => [{ value: pick(["QUJD", "qujd"]) }], 0.2),
      addresses: maybe(() => [{ type: "work", locality: maybe(word), country: pick(["DE", "de", "US"]) }]),
      [ENTERPRISE_SCHEMA]: maybe(() => ({
        department: maybe(word),
        employeeNumber: maybe(() => pick(["1", "10", "9"])),
        manager: maybe(() => ({ value: idOf("0000", Math.floor(random() * (userCount + 5))) })),
      })),
    };
    return stored(id, unique(createResource(USER, asJson(body)).resource, index, taken));
  });

  const groups = Array.from({ length: groupCount }, (_, index) => {
    const displayName = word() || "empty";
    const body = { displayName, externalId: maybe(() => pick(["abc", "ABC"])) };
    return stored(idOf("0001", index), createResource(GROUP, asJson(body)).resource);
  });

  const memberships = users.flatMap(({ id: userId }) =>
    groups.filter(() => random() < 0.15).map(({ id: groupId }) => ({ userId, groupId })),
  );
  return { users, groups, memberships };
}

/** What arrives of a body: without the keys that are undefined. */
const asJson = (body: unknown): unknown => JSON.parse(JSON.stringify(body));

/** userName is unique in an organization, folded. */
function unique(resource: ScimComplex, index: number, taken: Set<string>): ScimComplex {
  const folded = String(resource.userName).toLowerCase().replaceAll("ς", "σ");
  if (taken.has(folded)) resource.userName = `${String(resource.userName)}-${index}`;
  taken.add(folded);
  return resource;
}
