import { USER } from "./attributes.ts";
import { fold } from "./fold.ts";
import { foldedDocument } from "./folded-document.ts";
import type { ScimGroupRow, ScimUserRow } from "./rows.ts";
import { complex, copyValue, type ScimComplex, type ScimValue } from "./values.ts";

/** What a user's resource comes to in its row. */
export type ScimUserColumns = Pick<
  ScimUserRow,
  | "user_name"
  | "user_name_folded"
  | "external_id"
  | "display_name"
  | "display_name_folded"
  | "active"
  | "attributes"
  | "folded"
>;

/** What a group's resource comes to in its row; its members are rows of their own. */
export type ScimGroupColumns = Pick<ScimGroupRow, "display_name" | "display_name_folded" | "external_id">;

/** Splits a valid user into columns and documents. */
export function userColumns(resource: ScimComplex): ScimUserColumns {
  const { userName, externalId, displayName, active, ...attributes } = resource;
  const display = text(displayName);
  return {
    user_name: text(userName) ?? "",
    user_name_folded: fold(text(userName) ?? ""),
    external_id: text(externalId),
    display_name: display,
    display_name_folded: display === null ? null : fold(display),
    active: active === false ? 0 : 1,
    attributes: JSON.stringify(attributes),
    folded: JSON.stringify(foldedDocument(USER, resource)),
  };
}

/** Puts a user together again, exactly as it was sent. */
export function userResource(
  row: Omit<ScimUserColumns, "user_name_folded" | "display_name_folded" | "folded">,
): ScimComplex {
  return complex({
    ...copyValue(JSON.parse(row.attributes) as ScimComplex),
    userName: row.user_name,
    active: row.active === 1,
    ...optional("externalId", row.external_id),
    ...optional("displayName", row.display_name),
  });
}

/** Splits a valid group into columns. */
export function groupColumns(resource: ScimComplex): ScimGroupColumns {
  const display = text(resource.displayName) ?? "";
  return { display_name: display, display_name_folded: fold(display), external_id: text(resource.externalId) };
}

/** Puts a group together again, without its members. */
export function groupResource(row: Pick<ScimGroupRow, "display_name" | "external_id">): ScimComplex {
  return complex({ displayName: row.display_name, ...optional("externalId", row.external_id) });
}

function text(value: ScimValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function optional(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
