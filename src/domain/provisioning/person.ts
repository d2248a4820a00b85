import { complex, elementsOf, isComplex, type ScimComplex, type ScimValue } from "./values.ts";

/** A user's resource as the rest of the service sees the person. */
export interface ProvisionedPerson {
  readonly name: string;
  /** Empty when the directory says none. */
  readonly email: string;
  readonly active: boolean;
}

/** Longest name and email in characters; what is longer stays in the resource alone. */
const MAX_NAME = 1000;
const MAX_EMAIL = 320;

/**
 * Who a user's resource is about. The email is the primary one, else that of work, else the first, else a userName that
 * looks like one.
 */
export function personOf(resource: ScimComplex): ProvisionedPerson {
  const name = isComplex(resource.name) ? resource.name : complex();
  const parts = [text(name.givenName), text(name.familyName)].filter((part) => part !== "");
  const userName = text(resource.userName);
  const shown = text(resource.displayName) || text(name.formatted) || parts.join(" ") || userName;
  const email = emailOf(resource) || (userName.includes("@") ? userName : "");
  return {
    name: shown
      .replaceAll(/\p{Cc}+/gu, " ")
      .slice(0, MAX_NAME)
      .toWellFormed()
      .trim(),
    email: email.length > MAX_EMAIL ? "" : email.trim(),
    active: resource.active !== false,
  };
}

function emailOf(resource: ScimComplex): string {
  const emails = elementsOf(resource.emails).filter(({ value }) => text(value) !== "");
  const chosen =
    emails.find(({ primary }) => primary === true) ??
    emails.find(({ type }) => text(type).toLowerCase() === "work") ??
    emails[0];
  return text(chosen?.value);
}

function text(value: ScimValue | undefined): string {
  return typeof value === "string" ? value : "";
}
