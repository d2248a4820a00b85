import type { ScimGroupRecord, ScimUserRecord } from "../../storage/storage.ts";
import { USER } from "./attributes.ts";
import { fold } from "./fold.ts";
import { foldedDocument } from "./folded-document.ts";
import { complex, copyValue, type ScimComplex, type ScimValue } from "./values.ts";

/** What a user's resource comes to in its record. */
export type ScimUserColumns = Pick<
  ScimUserRecord,
  | "userName"
  | "userNameFolded"
  | "externalId"
  | "displayName"
  | "displayNameFolded"
  | "active"
  | "attributes"
  | "folded"
>;

/** What a group's resource comes to in its record; its members are rows of their own. */
export type ScimGroupColumns = Pick<ScimGroupRecord, "displayName" | "displayNameFolded" | "externalId">;

/** Splits a valid user into columns and documents. */
export function userColumns(resource: ScimComplex): ScimUserColumns {
  const { userName, externalId, displayName, active, ...attributes } = resource;
  const display = text(displayName);
  return {
    userName: text(userName) ?? "",
    userNameFolded: fold(text(userName) ?? ""),
    externalId: text(externalId),
    displayName: display,
    displayNameFolded: display === undefined ? undefined : fold(display),
    active: active !== false,
    attributes: JSON.stringify(attributes),
    folded: JSON.stringify(foldedDocument(USER, resource)),
  };
}

/** Puts a user together again, exactly as it was sent. */
export function userResource(
  record: Pick<ScimUserRecord, "userName" | "externalId" | "displayName" | "active" | "attributes">,
): ScimComplex {
  return complex({
    ...copyValue(JSON.parse(record.attributes) as ScimComplex),
    userName: record.userName,
    active: record.active,
    ...optional("externalId", record.externalId),
    ...optional("displayName", record.displayName),
  });
}

/** Splits a valid group into columns. */
export function groupColumns(resource: ScimComplex): ScimGroupColumns {
  const display = text(resource.displayName) ?? "";
  return { displayName: display, displayNameFolded: fold(display), externalId: text(resource.externalId) };
}

/** Puts a group together again, without its members. */
export function groupResource(record: Pick<ScimGroupRecord, "displayName" | "externalId">): ScimComplex {
  return complex({ displayName: record.displayName, ...optional("externalId", record.externalId) });
}

function text(value: ScimValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function optional(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
