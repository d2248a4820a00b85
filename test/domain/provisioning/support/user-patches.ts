import { ENTERPRISE_SCHEMA as E, USER_SCHEMA as U } from "../../../../src/domain/provisioning/attributes.ts";
import { add, bare, body, type Operation, type Refusal, remove, replace } from "./operations.ts";

/** A user as JSON, loosely typed: the cases change it by hand. */
export interface UserJson {
  userName?: string;
  externalId?: string;
  displayName?: string;
  title?: string;
  nickName?: string;
  locale?: string;
  profileUrl?: string;
  active?: boolean;
  name?: Record<string, string>;
  emails?: Record<string, string | boolean>[];
  phoneNumbers?: Record<string, string | boolean>[];
  addresses?: Record<string, string | boolean>[];
  roles?: Record<string, string | boolean>[];
  photos?: Record<string, string | boolean>[];
  [E]?: { department?: string; employeeNumber?: string; costCenter?: string; manager?: Record<string, string> };
}

/** The user on whom the cases work. */
export function startUser(): UserJson & { [E]: NonNullable<UserJson[typeof E]> } {
  return {
    userName: "Barbara@example.com",
    externalId: "e-1",
    displayName: "Babs",
    title: "Guide",
    active: true,
    name: { givenName: "Barbara", familyName: "Jensen" },
    emails: [
      { value: "b@work.example", type: "work", primary: true },
      { value: "b@home.example", type: "home" },
    ],
    phoneNumbers: [{ value: "+49 (0)30 1", type: "work" }],
    addresses: [{ type: "work", locality: "Berlin", country: "DE" }],
    [E]: { department: "Tours", manager: { value: "m-1", $ref: "https://id.example.com/Users/m-1" } },
  };
}

type UserCase = readonly [
  name: string,
  operations: readonly Operation[],
  /** Makes the expected user out of the start; undefined: nothing changes. */
  expected: ((user: ReturnType<typeof startUser>) => void) | undefined,
  ...normalizations: string[],
];

const work = 'emails[type eq "work"]';
const first = (user: ReturnType<typeof startUser>) => user.emails![0]!;
const second = (user: ReturnType<typeof startUser>) => user.emails![1]!;

/** PATCH requests on a user that succeed. */
export const USER_PATCHES: readonly UserCase[] = [
  // Simple attributes.
  [
    "adds a string",
    [add("nickName", "Bab")],
    (u) => {
      u.nickName = "Bab";
    },
  ],
  [
    "adds over a string",
    [add("title", "Boss")],
    (u) => {
      u.title = "Boss";
    },
  ],
  [
    "replaces a string",
    [replace("title", "Boss")],
    (u) => {
      u.title = "Boss";
    },
  ],
  [
    "replaces what is not there",
    [replace("nickName", "Bab")],
    (u) => {
      u.nickName = "Bab";
    },
  ],
  [
    "keeps the case and spaces of a value",
    [replace("userName", " bARBARA ")],
    (u) => {
      u.userName = " bARBARA ";
    },
  ],
  ["replaces by the same value", [replace("title", "Guide")], undefined],
  [
    "removes a string",
    [remove("title")],
    (u) => {
      delete u.title;
    },
  ],
  ["removes what is not there", [remove("nickName")], undefined],
  [
    "takes null for removal",
    [replace("title", null)],
    (u) => {
      delete u.title;
    },
  ],
  [
    "takes an added null for removal",
    [add("title", null)],
    (u) => {
      delete u.title;
    },
  ],
  [
    "keeps an empty string",
    [replace("title", "")],
    (u) => {
      u.title = "";
    },
  ],
  [
    "replaces a column",
    [replace("externalId", "e-2")],
    (u) => {
      u.externalId = "e-2";
    },
  ],
  [
    "removes externalId",
    [remove("externalId")],
    (u) => {
      delete u.externalId;
    },
  ],
  [
    "removes displayName",
    [remove("displayName")],
    (u) => {
      delete u.displayName;
    },
  ],
  [
    "suspends",
    [replace("active", false)],
    (u) => {
      u.active = false;
    },
  ],
  [
    "keeps a URL as sent",
    [add("profileUrl", "HTTPS://Ex.com/%7e")],
    (u) => {
      u.profileUrl = "HTTPS://Ex.com/%7e";
    },
  ],
  [
    "finds names in any case",
    [replace("TITLE", "Boss")],
    (u) => {
      u.title = "Boss";
    },
  ],
  [
    "finds names with the URN",
    [replace(`${U}:title`, "Boss")],
    (u) => {
      u.title = "Boss";
    },
  ],
  [
    "finds names with the URN in any case",
    [replace(`${U.toLowerCase()}:Title`, "X")],
    (u) => {
      u.title = "X";
    },
  ],
  [
    "applies operations in order",
    [replace("title", "A"), replace("title", "B")],
    (u) => {
      u.title = "B";
    },
  ],
  [
    "lets a required attribute be taken away and given back",
    [remove("userName"), add("userName", "x")],
    (u) => {
      u.userName = "x";
    },
  ],
  ["ends where it began", [replace("title", "A"), replace("title", "Guide")], undefined],
  ["does nothing with no operations", [], undefined],

  // Single complex attributes.
  [
    "replaces a part",
    [replace("name.givenName", "B")],
    (u) => {
      u.name!.givenName = "B";
    },
  ],
  [
    "adds a part",
    [add("name.middleName", "J")],
    (u) => {
      u.name!.middleName = "J";
    },
  ],
  [
    "removes a part",
    [remove("name.givenName")],
    (u) => {
      delete u.name!.givenName;
    },
  ],
  [
    "removes a part by null",
    [replace("name.givenName", null)],
    (u) => {
      delete u.name!.givenName;
    },
  ],
  [
    "removes the last parts",
    [remove("name.givenName"), remove("name.familyName")],
    (u) => {
      delete u.name;
    },
  ],
  [
    "replaces the parts that are named",
    [replace("name", { givenName: "B" })],
    (u) => {
      u.name!.givenName = "B";
    },
  ],
  [
    "adds the parts that are named",
    [add("name", { formatted: "BJ" })],
    (u) => {
      u.name!.formatted = "BJ";
    },
  ],
  [
    "takes away a part that is null in a value",
    [replace("name", { givenName: null })],
    (u) => {
      delete u.name!.givenName;
    },
  ],
  [
    "removes a complex attribute",
    [remove("name")],
    (u) => {
      delete u.name;
    },
  ],
  [
    "removes a complex attribute by null",
    [replace("name", null)],
    (u) => {
      delete u.name;
    },
  ],
  ["changes nothing with an empty object", [replace("name", {})], undefined],
  [
    "finds parts in any case",
    [replace("NAME.GIVENNAME", "B")],
    (u) => {
      u.name!.givenName = "B";
    },
  ],
  [
    "finds keys in any case",
    [replace("name", { GIVENNAME: "B" })],
    (u) => {
      u.name!.givenName = "B";
    },
  ],

  // The extension.
  [
    "replaces an extension attribute",
    [replace(`${E}:department`, "D")],
    (u) => {
      u[E].department = "D";
    },
  ],
  [
    "adds an extension attribute",
    [add(`${E}:costCenter`, "4")],
    (u) => {
      u[E].costCenter = "4";
    },
  ],
  [
    "removes an extension attribute",
    [remove(`${E}:department`)],
    (u) => {
      delete u[E].department;
    },
  ],
  [
    "removes the whole extension",
    [remove(E)],
    (u) => {
      delete (u as UserJson)[E];
    },
  ],
  [
    "changes an extension by its URN",
    [replace(E, { department: "D" })],
    (u) => {
      u[E].department = "D";
    },
  ],
  [
    "changes an extension by a pathless value",
    [bare("replace", { [E]: { department: "D" } })],
    (u) => {
      u[E].department = "D";
    },
  ],
  [
    "removes through null in an extension",
    [bare("replace", { [E]: { department: null } })],
    (u) => {
      delete u[E].department;
    },
  ],
  ["ignores a null extension", [bare("replace", { [E]: null })], undefined],

  // Lists.
  [
    "appends an element",
    [add("emails", [{ value: "o@example.com", type: "other" }])],
    (u) => void u.emails!.push({ value: "o@example.com", type: "other" }),
  ],
  ["does not append what is there", [add("emails", [{ value: "b@home.example", type: "home" }])], undefined],
  [
    "knows an element by its folded value",
    [add("emails", [{ value: "B@HOME.example", type: "Home" }])],
    (u) => void Object.assign(second(u), { value: "B@HOME.example", type: "Home" }),
  ],
  [
    "adds parts to an element that is there",
    [add("emails", [{ value: "b@home.example", type: "home", display: "B" }])],
    (u) => {
      second(u).display = "B";
    },
  ],
  [
    "keeps the same value of another type",
    [add("emails", [{ value: "b@home.example", type: "other" }])],
    (u) => void u.emails!.push({ value: "b@home.example", type: "other" }),
  ],
  [
    "does not append an equal address",
    [add("addresses", [{ type: "Work", locality: "BERLIN", country: "de" }])],
    (u) => {
      u.addresses = [{ type: "Work", locality: "BERLIN", country: "de" }];
    },
  ],
  [
    "appends another address",
    [add("addresses", [{ type: "work", locality: "Bonn" }])],
    (u) => void u.addresses!.push({ type: "work", locality: "Bonn" }),
  ],
  [
    "replaces a list",
    [replace("emails", [{ value: "x@example.com" }])],
    (u) => {
      u.emails = [{ value: "x@example.com" }];
    },
  ],
  [
    "replaces a list by nothing",
    [replace("emails", [])],
    (u) => {
      delete u.emails;
    },
  ],
  [
    "removes a list",
    [remove("emails")],
    (u) => {
      delete u.emails;
    },
  ],
  [
    "removes a list by null",
    [replace("emails", null)],
    (u) => {
      delete u.emails;
    },
  ],
  [
    "leaves out null elements",
    [replace("phoneNumbers", [null, {}, { value: "1" }])],
    (u) => {
      u.phoneNumbers = [{ value: "1" }];
    },
  ],
  [
    "sets a part of every element",
    [replace("emails.display", "B")],
    (u) => {
      for (const email of u.emails!) email.display = "B";
    },
  ],
  [
    "removes a part of every element",
    [remove("emails.type")],
    (u) => {
      for (const email of u.emails!) delete email.type;
    },
  ],
  [
    "removes the value of every element",
    [remove("phoneNumbers.value")],
    (u) => {
      delete u.phoneNumbers;
    },
  ],
  [
    "creates the first element for a part",
    [add("photos.value", "https://x/y")],
    (u) => {
      u.photos = [{ value: "https://x/y" }];
    },
    "element_created photos",
  ],

  // Value paths.
  [
    "replaces a part of the chosen element",
    [replace(`${work}.value`, "n@work.example")],
    (u) => {
      first(u).value = "n@work.example";
    },
  ],
  [
    "adds a part to the chosen element",
    [add(`${work}.display`, "B")],
    (u) => {
      first(u).display = "B";
    },
  ],
  [
    "removes a part of the chosen element",
    [remove(`${work}.primary`)],
    (u) => {
      delete first(u).primary;
    },
  ],
  ["removes the element that loses its value", [remove(`${work}.value`)], (u) => void u.emails!.shift()],
  ["removes the element whose value becomes null", [replace(`${work}.value`, null)], (u) => void u.emails!.shift()],
  [
    "keeps an address that loses a part",
    [remove('addresses[type eq "work"].locality')],
    (u) => {
      delete u.addresses![0]!.locality;
    },
  ],
  ["removes the chosen element", [remove(work)], (u) => void u.emails!.shift()],
  [
    "removes all chosen elements",
    [remove("emails[value pr]")],
    (u) => {
      delete u.emails;
    },
  ],
  ["removes nothing when nothing is chosen", [remove('emails[type eq "other"]')], undefined],
  ["removes no part when nothing is chosen", [remove('emails[type eq "other"].value')], undefined],
  [
    "replaces the chosen element and keeps what chose it",
    [replace(work, { value: "n@work.example" })],
    (u) => {
      u.emails![0] = { value: "n@work.example", type: "work" };
    },
  ],
  [
    "replaces the chosen element whole",
    [replace('addresses[type eq "work"]', { type: "work", country: "AT" })],
    (u) => {
      u.addresses = [{ type: "work", country: "AT" }];
    },
  ],
  [
    "adds to the chosen element",
    [add(work, { display: "B" })],
    (u) => {
      first(u).display = "B";
    },
  ],
  ["takes null for the removal of the chosen element", [replace(work, null)], (u) => void u.emails!.shift()],
  [
    "chooses with and",
    [replace('emails[type eq "work" and value co "@"].display', "B")],
    (u) => {
      first(u).display = "B";
    },
  ],
  [
    "chooses with or",
    [replace('emails[type eq "home" or type eq "other"].display', "B")],
    (u) => {
      second(u).display = "B";
    },
  ],
  [
    "chooses with not",
    [replace('emails[not (type eq "work")].display', "B")],
    (u) => {
      second(u).display = "B";
    },
  ],
  [
    "chooses by presence",
    [replace("emails[primary pr].display", "B")],
    (u) => {
      first(u).display = "B";
    },
  ],
  [
    "chooses by value, folded",
    [replace('emails[value eq "B@HOME.EXAMPLE"].type', "other")],
    (u) => {
      second(u).type = "other";
    },
  ],
  [
    "chooses with names and operators in any case",
    [replace('EMAILS[TYPE EQ "WORK"].DISPLAY', "B")],
    (u) => {
      first(u).display = "B";
    },
  ],
  [
    "chooses with a URN",
    [replace(`${U}:${work}.display`, "B")],
    (u) => {
      first(u).display = "B";
    },
  ],
  [
    "works on what an operation before it made",
    [add("emails", [{ value: "o@example.com", type: "other" }]), replace('emails[type eq "other"].display', "O")],
    (u) => void u.emails!.push({ value: "o@example.com", type: "other", display: "O" }),
  ],

  // Value paths that match nothing create.
  [
    "creates a work number",
    [add('phoneNumbers[type eq "mobile"].value', "1")],
    (u) => void u.phoneNumbers!.push({ type: "mobile", value: "1" }),
    "element_created phoneNumbers",
  ],
  [
    "creates by replace",
    [replace('phoneNumbers[type eq "fax"].value', "1")],
    (u) => void u.phoneNumbers!.push({ type: "fax", value: "1" }),
    "element_created phoneNumbers",
  ],
  [
    "creates with the canonical spelling",
    [replace('phoneNumbers[type eq "FAX"].value', "1")],
    (u) => void u.phoneNumbers!.push({ type: "fax", value: "1" }),
    "element_created phoneNumbers",
  ],
  [
    "creates once and then finds",
    [add('addresses[type eq "home"].locality', "Bonn"), add('addresses[type eq "home"].country', "DE")],
    (u) => void u.addresses!.push({ type: "home", locality: "Bonn", country: "DE" }),
    "element_created addresses",
  ],
  [
    "creates a primary one",
    [add("roles[primary eq true].value", "r")],
    (u) => {
      u.roles = [{ primary: true, value: "r" }];
    },
    "element_created roles",
  ],
  ["creates nothing out of null", [replace('phoneNumbers[type eq "fax"].value', null)], undefined],
  [
    "creates nothing out of an empty array",
    [replace('phoneNumbers[type eq "fax"].value', [])],
    undefined,
    "unwrapped_value phoneNumbers.value",
  ],
  ["changes nothing of the chosen element by an empty object", [replace(work, {})], undefined],
  [
    "removes the chosen element by an empty array",
    [replace(work, [])],
    (u) => {
      u.emails!.shift();
    },
  ],
  ["creates nothing out of an empty string", [replace('phoneNumbers[type eq "fax"].value', "")], undefined],

  // Primary.
  [
    "a new primary clears the old one",
    [add("emails", [{ value: "o@x", primary: true }])],
    (u) => {
      first(u).primary = false;
      u.emails!.push({ value: "o@x", primary: true });
    },
  ],
  [
    "a primary set on another clears the old one",
    [replace('emails[type eq "home"].primary', true)],
    (u) => {
      first(u).primary = false;
      second(u).primary = true;
    },
  ],
  [
    "of several new primaries the first is kept",
    [
      replace("emails", [
        { value: "a", primary: true },
        { value: "b", primary: true },
      ]),
    ],
    (u) => {
      u.emails = [
        { value: "a", primary: true },
        { value: "b", primary: false },
      ];
    },
    "primary_conflict emails",
  ],
  [
    "primary on every element is primary on the first one",
    [replace("emails.primary", true)],
    (u) => {
      second(u).primary = false;
    },
    "primary_conflict emails",
  ],
  [
    "primary may be cleared",
    [replace(`${work}.primary`, false)],
    (u) => {
      first(u).primary = false;
    },
  ],

  // Values without a path.
  [
    "replaces several attributes",
    [bare("replace", { title: "Boss", nickName: "B" })],
    (u) => void Object.assign(u, { title: "Boss", nickName: "B" }),
  ],
  [
    "adds several attributes",
    [bare("add", { title: "Boss", emails: [{ value: "o@x" }] })],
    (u) => {
      u.title = "Boss";
      u.emails!.push({ value: "o@x" });
    },
  ],
  [
    "replaces a list without a path",
    [bare("replace", { emails: [{ value: "o@x" }] })],
    (u) => {
      u.emails = [{ value: "o@x" }];
    },
  ],
  [
    "merges a complex value without a path",
    [bare("replace", { name: { familyName: "J" } })],
    (u) => {
      u.name!.familyName = "J";
    },
  ],
  [
    "removes through null without a path",
    [bare("replace", { title: null, name: null })],
    (u) => {
      delete u.title;
      delete u.name;
    },
  ],
  [
    "takes an empty path for none",
    [{ op: "replace", path: "", value: { title: "Boss" } }],
    (u) => {
      u.title = "Boss";
    },
  ],
  [
    "takes a null path for none",
    [{ op: "replace", path: null, value: { title: "Boss" } }],
    (u) => {
      u.title = "Boss";
    },
  ],
  [
    "takes the core URN as a path",
    [replace(U, { title: "Boss", externalId: "e-9" })],
    (u) => void Object.assign(u, { title: "Boss", externalId: "e-9" }),
  ],

  // Okta.
  [
    "Okta deactivates without a path",
    [bare("replace", { active: false })],
    (u) => {
      u.active = false;
    },
  ],
  [
    "Okta echoes the id",
    [bare("replace", { id: "user-1", title: "Boss" })],
    (u) => {
      u.title = "Boss";
    },
  ],
  ["Okta sets a password", [replace("password", "s3cret")], undefined, "value_not_stored password"],
  [
    "a password in a value is accepted",
    [bare("replace", { password: "s3cret" })],
    undefined,
    "value_not_stored password",
  ],
  [
    "groups and meta in a value are ignored",
    [bare("replace", { groups: [], meta: { version: "x" } })],
    undefined,
    "read_only_ignored groups",
    "read_only_ignored meta",
  ],

  // Entra, default dialect.
  [
    "Entra capitalises Add",
    [{ op: "Add", path: "title", value: "Boss" }],
    (u) => {
      u.title = "Boss";
    },
    "operation_name_case op",
  ],
  [
    "Entra capitalises Replace",
    [{ op: "Replace", path: "active", value: "False" }],
    (u) => {
      u.active = false;
    },
    "operation_name_case op",
    "string_boolean active",
  ],
  ["Entra capitalises Remove", [{ op: "Remove", path: "title" }], (u) => void delete u.title, "operation_name_case op"],
  ["Entra restores", [replace("active", "False"), replace("active", "True")], undefined, "string_boolean active"],
  [
    "Entra adds a work address whether or not it is there",
    [{ op: "Add", path: `${work}.value`, value: "n@x" }],
    (u) => {
      first(u).value = "n@x";
    },
    "operation_name_case op",
  ],
  [
    "Entra replaces a number that is not there",
    [{ op: "Replace", path: 'phoneNumbers[type eq "mobile"].value', value: "1" }],
    (u) => void u.phoneNumbers!.push({ type: "mobile", value: "1" }),
    "operation_name_case op",
    "element_created phoneNumbers",
  ],
  [
    "Entra chooses by a text boolean",
    [{ op: "replace", path: 'emails[primary eq "True"].value', value: "n@x" }],
    (u) => {
      first(u).value = "n@x";
    },
    "string_boolean emails.primary",
  ],
  [
    "Entra creates a primary role with a text boolean",
    [add('roles[primary eq "True"].value', '{"id":"r"}')],
    (u) => {
      u.roles = [{ primary: true, value: '{"id":"r"}' }];
    },
    "string_boolean roles.primary",
    "element_created roles",
  ],
  [
    "Entra sends text booleans inside elements",
    [add("roles", [{ primary: "True", value: "r" }])],
    (u) => {
      u.roles = [{ primary: true, value: "r" }];
    },
    "string_boolean roles.primary",
  ],
  [
    "Entra wraps scalars in an array",
    [replace("title", ["Boss"])],
    (u) => {
      u.title = "Boss";
    },
    "unwrapped_value title",
  ],
  [
    "Entra wraps scalars in an array of objects",
    [replace("title", [{ $ref: null, value: "Boss" }])],
    (u) => {
      u.title = "Boss";
    },
    "unwrapped_value title",
  ],
  [
    "Entra wraps a part",
    [replace(`${work}.value`, ["n@x"])],
    (u) => {
      first(u).value = "n@x";
    },
    "unwrapped_value emails.value",
  ],
  [
    "Entra sets a manager by id",
    [add(`${E}:manager`, "m-2")],
    (u) => {
      u[E].manager = { value: "m-2" };
    },
    `bare_value ${E}:manager`,
  ],
  [
    "Entra sets a manager by object",
    [add(`${E}:manager`, { value: "m-2" })],
    (u) => {
      u[E].manager = { value: "m-2" };
    },
  ],
  [
    "Entra sets a manager by an array",
    [add(`${E}:manager`, [{ $ref: "https://id/Users/m-2", value: "m-2" }])],
    (u) => {
      u[E].manager = { value: "m-2", $ref: "https://id/Users/m-2" };
    },
    `unwrapped_value ${E}:manager`,
  ],
  [
    "Entra sets a manager by its value",
    [replace(`${E}:manager.value`, "m-2")],
    (u) => {
      u[E].manager = { value: "m-2" };
    },
  ],
  ["the same manager keeps its reference", [replace(`${E}:manager`, { value: "m-1" })], undefined],
  [
    "Entra removes a manager by an empty string",
    [replace(`${E}:manager`, "")],
    (u) => {
      delete u[E].manager;
    },
    `empty_string_as_absent ${E}:manager`,
  ],
  [
    "an empty value removes a manager",
    [replace(`${E}:manager`, { value: "" })],
    (u) => {
      delete u[E].manager;
    },
    `empty_string_as_absent ${E}:manager`,
  ],
  [
    "an empty manager value removes the manager",
    [replace(`${E}:manager.value`, "")],
    (u) => {
      delete u[E].manager;
    },
    `empty_string_as_absent ${E}:manager`,
  ],
  [
    "an empty array removes a manager",
    [replace(`${E}:manager`, [])],
    (u) => {
      delete u[E].manager;
    },
    `empty_string_as_absent ${E}:manager`,
  ],
  [
    "a manager is removed by remove",
    [remove(`${E}:manager`)],
    (u) => {
      delete u[E].manager;
    },
  ],
  [
    "a manager's readOnly name in a value is dropped",
    [replace(`${E}:manager`, { value: "m-1", displayName: "M" })],
    undefined,
  ],

  // Entra, newer dialect.
  [
    "Entra sends dotted keys",
    [bare("replace", { "name.givenName": "B", "name.familyName": "J" })],
    (u) => {
      u.name = { givenName: "B", familyName: "J" };
    },
    "qualified_key name.givenName",
    "qualified_key name.familyName",
  ],
  [
    "Entra sends URN keys",
    [bare("replace", { [`${E}:employeeNumber`]: "7", [`${E}:department`]: "D" })],
    (u) => void Object.assign(u[E], { employeeNumber: "7", department: "D" }),
    `qualified_key ${E}:employeeNumber`,
    `qualified_key ${E}:department`,
  ],
  [
    "Entra sends value paths as keys",
    [bare("replace", { [`${work}.value`]: "n@x" })],
    (u) => {
      first(u).value = "n@x";
    },
    "qualified_key emails",
  ],
  [
    "a dotted key inside an extension",
    [bare("replace", { [E]: { "manager.value": "m-2" } })],
    (u) => {
      u[E].manager = { value: "m-2" };
    },
    `qualified_key ${E}:manager.value`,
  ],
  [
    "a manager by URN key",
    [bare("add", { [`${E}:manager`]: "m-2" })],
    (u) => {
      u[E].manager = { value: "m-2" };
    },
    `qualified_key ${E}:manager`,
    `bare_value ${E}:manager`,
  ],

  // OneLogin, JumpCloud, Rippling and others.
  [
    "OneLogin sends an object for a list",
    [bare("replace", { emails: { value: "n@x", type: "work" } })],
    (u) => {
      u.emails = [{ value: "n@x", type: "work" }];
    },
    "single_for_array emails",
  ],
  [
    "an object for a list is added",
    [add("phoneNumbers", { value: "2", type: "home" })],
    (u) => void u.phoneNumbers!.push({ value: "2", type: "home" }),
    "single_for_array phoneNumbers",
  ],
  [
    "a string for a list is one value",
    [add("photos", "https://x/y")],
    (u) => {
      u.photos = [{ value: "https://x/y" }];
    },
    "single_for_array photos",
    "bare_value photos",
  ],
  [
    "strings in a list are values",
    [add("roles", ["a", "b"])],
    (u) => {
      u.roles = [{ value: "a" }, { value: "b" }];
    },
    "bare_value roles",
  ],
  [
    "an empty string for a list is no value",
    [replace("emails", "")],
    (u) => {
      delete u.emails;
    },
    "empty_string_as_absent emails",
  ],
  [
    "a string for a chosen element is its value",
    [replace(work, "n@x")],
    (u) => {
      first(u).value = "n@x";
    },
    "bare_value emails",
  ],
  [
    "JumpCloud repeats an add",
    [add("emails", [{ value: "o@x", type: "other" }]), add("emails", [{ value: "o@x", type: "other" }])],
    (u) => void u.emails!.push({ value: "o@x", type: "other" }),
  ],
  [
    "a number is text",
    [replace(`${E}:employeeNumber`, 701984)],
    (u) => {
      u[E].employeeNumber = "701984";
    },
    `number_as_string ${E}:employeeNumber`,
  ],
  [
    "remove with values removes those",
    [remove("emails", [{ value: "B@home.example" }])],
    (u) => void u.emails!.pop(),
    "removed_by_value emails",
  ],
  [
    "remove with a value and another type removes nothing",
    [remove("emails", [{ value: "b@home.example", type: "work" }])],
    undefined,
    "removed_by_value emails",
  ],
  ["remove with an empty list removes nothing", [remove("emails", [])], undefined, "removed_by_value emails"],
  [
    "remove with parts removes what has them",
    [remove("addresses", { country: "de" })],
    (u) => {
      delete u.addresses;
    },
    "removed_by_value addresses",
    "single_for_array addresses",
  ],
  [
    "a text boolean in any case, with spaces",
    [replace("active", " FALSE ")],
    (u) => {
      u.active = false;
    },
    "string_boolean active",
  ],

  // What is not known is ignored.
  ["an unknown path", [add("shoeSize", "44")], undefined, "unknown_attribute shoeSize"],
  ["an unknown part", [add("name.nickName", "B")], undefined, "unknown_attribute name.nickName"],
  ["an unknown part behind a bracket", [add(`${work}.color`, "red")], undefined, "unknown_attribute emails.color"],
  [
    "an unknown key",
    [bare("add", { shoeSize: 44, title: "Boss" })],
    (u) => {
      u.title = "Boss";
    },
    "unknown_attribute shoeSize",
  ],
  ["an unknown key in a value", [add("name", { shoeSize: 44 })], undefined, "unknown_attribute name.shoeSize"],
  [
    "an unknown key in an element",
    [add("emails", [{ value: "o@x", color: "red" }])],
    (u) => void u.emails!.push({ value: "o@x" }),
    "unknown_attribute emails.color",
  ],
  [
    "an unknown key of the extension",
    [bare("add", { [E]: { shoeSize: 44 } })],
    undefined,
    `unknown_attribute ${E}:shoeSize`,
  ],
  ["an unknown schema", [bare("add", { "urn:x:User": { a: 1 } })], undefined, "unknown_schema urn:x:User"],
  ["an unknown URN path", [add("urn:x:User:a", 1)], undefined, "unknown_attribute urn:x:User:a"],
  [
    "an unknown list with a filter",
    [replace('shoes[size eq "44"].color', "red")],
    undefined,
    "unknown_attribute shoes.color",
  ],
  ["schemas are the service's own", [add("schemas", [E])], undefined, "value_not_stored schemas"],
  ["a key that is no path", [bare("add", { "emails[": 1 })], undefined, "unknown_attribute emails"],
  ["__proto__ as a path", [add("__proto__", { polluted: true })], undefined, "unknown_attribute __proto__"],
  [
    "__proto__ as the start of a path",
    [add("__proto__.polluted", true)],
    undefined,
    "unknown_attribute __proto__.polluted",
  ],
  [
    "constructor as a path",
    [add("constructor.prototype.polluted", true)],
    undefined,
    "unknown_attribute constructor.prototype.polluted",
  ],
  ["__proto__ as a part", [add("name.__proto__", { polluted: true })], undefined, "unknown_attribute name.__proto__"],
  [
    "__proto__ behind a bracket",
    [add(`${work}.__proto__`, { polluted: true })],
    undefined,
    "unknown_attribute emails.__proto__",
  ],
  [
    "__proto__ as a key",
    [bare("add", JSON.parse('{"__proto__": {"polluted": true}}'))],
    undefined,
    "unknown_attribute __proto__",
  ],
  [
    "__proto__ as a key of a value",
    [add("name", JSON.parse('{"__proto__": {"polluted": true}}'))],
    undefined,
    "unknown_attribute name.__proto__",
  ],
  [
    "__proto__ as a key of an element",
    [add("emails", [JSON.parse('{"value":"o@x","__proto__":{"polluted":true}}')])],
    (u) => void u.emails!.push({ value: "o@x" }),
    "unknown_attribute emails.__proto__",
  ],
  [
    "__proto__ in an extension",
    [add(`${E}:__proto__`, { polluted: true })],
    undefined,
    `unknown_attribute ${E}:__proto__`,
  ],
];

/** PATCH requests on a user that are refused. */
export const USER_REFUSALS: readonly Refusal[] = [
  ["no object", [], "invalidSyntax"],
  ["null", null, "invalidSyntax"],
  ["text", "replace", "invalidSyntax"],
  ["no Operations", { schemas: [] }, "invalidSyntax"],
  ["Operations that are text", { Operations: "replace" }, "invalidSyntax"],
  ["an operation that is text", { Operations: ["replace"] }, "invalidSyntax"],
  ["an operation that is null", { Operations: [null] }, "invalidSyntax"],
  ["no op", body({ op: undefined, path: "title", value: "x" }), "invalidSyntax"],
  ["an unknown op", body({ op: "move", path: "title", value: "x" }), "invalidSyntax"],
  ["an op that is a number", body({ op: 1, path: "title", value: "x" }), "invalidSyntax"],
  ["a path that is no text", body({ op: "add", path: ["title"], value: "x" }), "invalidPath"],
  ["add without a value", body({ op: "add", path: "title" }), "invalidValue"],
  ["replace without a value", body({ op: "replace", path: "title" }), "invalidValue"],
  ["remove without a path", body({ op: "remove" }), "noTarget"],
  ["remove with a value but no path", body({ op: "remove", value: { title: "Guide" } }), "noTarget"],
  ["a pathless value that is text", body(bare("replace", "title")), "invalidValue"],
  ["a pathless value that is an array", body(bare("replace", [{ title: "x" }])), "invalidValue"],
  ["a path with two words", body(replace("title title", "x")), "invalidPath"],
  ["a path with an unclosed bracket", body(replace('emails[type eq "work"', "x")), "invalidFilter"],
  ["a path with a bad filter", body(replace("emails[type is x].value", "x")), "invalidFilter"],
  ["a path with an empty filter", body(replace("emails[].value", "x")), "invalidFilter"],
  ["a path with an unknown part in its filter", body(replace('emails[shape eq "x"].value', "x")), "invalidFilter"],
  ["a path with a wrong operator in its filter", body(replace("emails[primary gt true].value", "x")), "invalidFilter"],
  ["a filter on a single attribute", body(replace('title[value eq "x"]', "x")), "invalidPath"],
  ["a filter on a single complex attribute", body(replace('name[givenName eq "x"].familyName', "x")), "invalidPath"],
  ["a filter on a part", body(replace('emails.value[type eq "x"]', "x")), "invalidPath"],
  ["a filter on a schema", body(replace(`${E}[x pr]`, "x")), "invalidPath"],
  ["text behind the path", body(replace(`${work}.value.x pr`, "x")), "invalidPath"],
  ["a path of more than 4096 bytes", body(replace("x".repeat(4097), "x")), "invalidPath"],
  [
    "a value path that matches nothing, without a part",
    body(replace('emails[type eq "other"]', { value: "x" })),
    "noTarget",
  ],
  ["an add to what matches nothing, without a part", body(add('emails[type eq "other"]', { value: "x" })), "noTarget"],
  ["a value path on a type that is not canonical", body(add('emails[type eq "odd"].value', "x")), "noTarget"],
  ["a value path on a type without canonical values", body(add('roles[type eq "work"].value', "x")), "noTarget"],
  ["a value path on another part", body(add('emails[display eq "x"].value', "x")), "noTarget"],
  ["a value path with another operator", body(add('emails[type sw "oth"].value', "x")), "noTarget"],
  ["a value path with two conditions", body(add('emails[type eq "other" and primary eq true].value', "x")), "noTarget"],
  ["a negated value path", body(add("emails[not (value pr)].value", "x")), "noTarget"],
  ["removal of userName", body(remove("userName")), "mutability"],
  ["userName null", body(replace("userName", null)), "mutability"],
  ["userName null without a path", body(bare("replace", { userName: null })), "mutability"],
  ["userName empty", body(replace("userName", "")), "invalidValue"],
  ["userName of 513 characters", body(replace("userName", "x".repeat(513))), "invalidValue"],
  ["removal of active", body(remove("active")), "mutability"],
  ["active null", body(replace("active", null)), "mutability"],
  ["active as other text", body(replace("active", "no")), "invalidValue"],
  ["active as empty text", body(replace("active", "")), "invalidValue"],
  ["active as a number", body(replace("active", 0)), "invalidValue"],
  ["a boolean for text", body(replace("title", true)), "invalidValue"],
  ["an object for text", body(replace("title", { a: "x" })), "invalidValue"],
  ["two values for text", body(replace("title", ["a", "b"])), "invalidValue"],
  ["nested arrays for text", body(replace("title", [["a"]])), "invalidValue"],
  ["text with NUL", body(replace("title", "a\0b")), "invalidValue"],
  ["text with half a surrogate pair", body(replace("title", "a\ud800")), "invalidValue"],
  ["text for a name", body(replace("name", "Barbara")), "invalidValue"],
  ["a number for a name", body(replace("name", 5)), "invalidValue"],
  ["a number for an element", body(add("emails", [5])), "invalidValue"],
  ["an array for an element", body(add("emails", [["x"]])), "invalidValue"],
  ["text for an address", body(add("addresses", "Berlin")), "invalidValue"],
  ["text for an extension", body(bare("replace", { [E]: "x" })), "invalidValue"],
  ["an array for an extension", body(replace(E, [])), "invalidValue"],
  ["a text boolean that is none", body(add("roles", [{ value: "r", primary: "yes" }])), "invalidValue"],
  ["a write to id", body(replace("id", "user-1")), "mutability"],
  ["another id in a value", body(bare("replace", { id: "user-2" })), "mutability"],
  ["a write to meta", body(replace("meta.created", "2025-01-01T00:00:00Z")), "mutability"],
  ["a removal of meta", body(remove("meta")), "mutability"],
  ["a write to groups", body(add("groups", [{ value: "g" }])), "mutability"],
  ["a write to groups by a value path", body(remove('groups[value eq "g"]')), "mutability"],
  ["a write to the manager's name", body(replace(`${E}:manager.displayName`, "x")), "mutability"],
  ["removal of the core schema", body(remove(U)), "mutability"],
  ["good operations before a bad one", body(replace("title", "Boss"), remove("userName")), "mutability"],
];
