import { type Claims, describeType } from "./claims-expression/values.ts";

/**
 * What became of one attribute: found with its value, or missing because the provider sent nothing (`null` and `""` count as
 * nothing, OpenID Connect Core 1.0, section 5.3.2), or invalid because it sent what the attribute cannot be.
 */
export type MappedClaim<Value> = ClaimSource &
  (
    | { readonly state: "found"; readonly value: Value }
    | { readonly state: "missing" }
    | { readonly state: "invalid"; readonly problem: string }
  );

/** Where an attribute comes from. */
export interface ClaimSource {
  /** The claim's name, or the dotted path to it. */
  readonly claim: string;
  /** Whether the mapping names it; otherwise it is the standard claim of the attribute's name. */
  readonly mapped: boolean;
}

/** A person's attributes as the claims of an identity provider give them, by the keys of the mapping. */
export interface MappedClaims {
  readonly email: MappedClaim<string>;
  readonly email_verified: MappedClaim<boolean>;
  readonly name: MappedClaim<string>;
  readonly given_name: MappedClaim<string>;
  readonly family_name: MappedClaim<string>;
  readonly picture: MappedClaim<string>;
  readonly groups: MappedClaim<readonly string[]>;
}

/** The keys of a mapping that mean something; others are kept and ignored. */
export type MappedAttribute = keyof MappedClaims;

/** An attribute's value, or what is wrong with the claim's. */
type Reading<Value> = { readonly value: Value } | { readonly problem: string };

/** RFC 5321, section 4.5.3.1: 64 octets, `@`, and 255 octets. */
const MAX_EMAIL_LENGTH = 320;
const MAX_TEXT_LENGTH = 1000;
const MAX_URL_LENGTH = 2048;

/** Attributes that a login asks userinfo for although the mapping does not name them. */
const WANTED: readonly MappedAttribute[] = ["email", "name"];

/**
 * Reads a person's attributes out of claims. `mapping` gives for an attribute the claim that holds it: a top-level claim of
 * exactly that name (`https://example.com/email`), or else the claim on that dotted path (`address.country`, `emails.0`).
 * An attribute without a mapping is the standard claim of its name. Only own properties are read. Throws nothing.
 */
export function applyClaimsMapping(mapping: Readonly<Record<string, string>>, claims: Claims): MappedClaims {
  const read = <Value>(attribute: MappedAttribute, reader: (value: unknown) => Reading<Value>): MappedClaim<Value> =>
    readAttribute(sourceOf(attribute, mapping), claims, reader);
  return {
    email: read("email", readEmail),
    email_verified: read("email_verified", readBoolean),
    name: read("name", readText),
    given_name: read("given_name", readText),
    family_name: read("family_name", readText),
    picture: read("picture", readPicture),
    groups: read("groups", readGroups),
  };
}

/** The claims that userinfo is worth asking for: those that the mapping names, the email and the name, when they are missing. */
export function missingClaims(mapped: MappedClaims): readonly string[] {
  const attributes = Object.keys(mapped) as MappedAttribute[];
  return attributes
    .filter((attribute) => mapped[attribute].state === "missing")
    .filter((attribute) => mapped[attribute].mapped || WANTED.includes(attribute))
    .map((attribute) => mapped[attribute].claim);
}

function sourceOf(attribute: MappedAttribute, mapping: Readonly<Record<string, string>>): ClaimSource {
  const claim = Object.hasOwn(mapping, attribute) ? mapping[attribute] : undefined;
  return claim ? { claim, mapped: true } : { claim: attribute, mapped: false };
}

function readAttribute<Value>(
  source: ClaimSource,
  claims: Claims,
  reader: (value: unknown) => Reading<Value>,
): MappedClaim<Value> {
  const raw = findClaim(claims, source.claim);
  if (raw === undefined || raw === null || raw === "") {
    return { ...source, state: "missing" };
  }
  const reading = reader(raw);
  return "value" in reading
    ? { ...source, state: "found", value: reading.value }
    : { ...source, state: "invalid", problem: `the claim \`${source.claim}\` ${reading.problem}` };
}

function findClaim(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) {
    return claims[path];
  }
  return path.split(".").reduce(memberOf, claims);
}

/** The own member of an object, or the entry of a list: lists have members of their own, such as their length, that nobody sent. */
function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) {
    return undefined;
  }
  return Array.isArray(value) && !/^\d+$/.test(name) ? undefined : (value as Claims)[name];
}

function readText(value: unknown): Reading<string> {
  if (typeof value !== "string") {
    return { problem: `is ${describeType(value)}; expected a string` };
  }
  return value.length <= MAX_TEXT_LENGTH ? { value } : { problem: `is longer than ${MAX_TEXT_LENGTH} characters` };
}

/** Which addresses exist is for the provider to know; here it must only be one address with one domain. */
function readEmail(value: unknown): Reading<string> {
  if (typeof value !== "string") {
    return { problem: `is ${describeType(value)}; expected a string with an email address` };
  }
  const isAddress = value.length <= MAX_EMAIL_LENGTH && /^[^\s@<>,;\p{Cc}]+@[^\s@<>,;\p{Cc}]+$/u.test(value);
  return isAddress ? { value } : { problem: "is no email address" };
}

/** Some providers send the strings `"true"` and `"false"`. */
function readBoolean(value: unknown): Reading<boolean> {
  if (value === true || value === "true") {
    return { value: true };
  }
  if (value === false || value === "false") {
    return { value: false };
  }
  return { problem: `is ${describeType(value)}; expected true or false` };
}

function readPicture(value: unknown): Reading<string> {
  if (typeof value === "string" && value.length <= MAX_URL_LENGTH) {
    const protocol = URL.parse(value)?.protocol;
    if (protocol === "https:" || protocol === "http:") {
      return { value };
    }
  }
  return { problem: "is no http or https URL" };
}

/** A single group may come as a string. */
function readGroups(value: unknown): Reading<readonly string[]> {
  const groups: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = groups.filter((group) => typeof group === "string");
  const other = groups.find((group) => typeof group !== "string");
  return names.length === groups.length
    ? { value: names }
    : { problem: `holds ${describeType(other)}; expected strings` };
}
