import type { Attribute } from "./attribute.ts";
import { listOf } from "./coercion.ts";
import { isStorable } from "./filter-syntax.ts";
import type { Normalizations } from "./normalizations.ts";
import { getFolded, isObject } from "./values.ts";

/**
 * What a request does to the members of a group, as operations on rows. Several requests may work on one group at once, so
 * nothing here says what the members are afterwards, except `replace`. Ids that are no user's are for the store to drop.
 */
export type MembershipChange =
  | { readonly kind: "none" }
  /** Rows to make where they are missing and rows to take away where they exist. No id is in both. */
  | { readonly kind: "rows"; readonly add: readonly string[]; readonly remove: readonly string[] }
  /** These rows and no others. */
  | { readonly kind: "replace"; readonly members: readonly string[] };

/** Most characters of an id that can be a member's. */
const MAX_ID = 512;

/** The ids in a list of members as sent. Groups, and members without a usable id, are dropped and recorded. */
export function memberIds(members: Attribute, input: unknown, notes: Normalizations): string[] {
  const ids = new Set<string>();
  for (const item of listOf(members, input, notes)) {
    const id = memberId(item, members, notes);
    if (id === undefined) notes.add("member_dropped", members.path);
    else ids.add(id);
  }
  return [...ids];
}

function memberId(item: unknown, members: Attribute, notes: Normalizations): string | undefined {
  if (typeof item === "string") notes.add("bare_value", members.path);
  const id = isObject(item) ? getFolded(item, "value") : item;
  if (isObject(item) && isGroup(item)) return undefined;
  return typeof id === "string" && id !== "" && id.length <= MAX_ID && isStorable(id) ? id : undefined;
}

function isGroup(item: Record<string, unknown>): boolean {
  const type = getFolded(item, "type");
  const reference = getFolded(item, "$ref");
  return (
    (typeof type === "string" && type.toLowerCase() === "group") ||
    (typeof reference === "string" && /(?:^|\/)groups\/[^/]+$/i.test(reference))
  );
}

/** Gathers the membership operations of one PATCH, in order. */
export class MembershipDraft {
  #replaced = false;
  readonly #add = new Set<string>();
  readonly #remove = new Set<string>();

  add(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#add.add(id);
      this.#remove.delete(id);
    }
  }

  remove(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#add.delete(id);
      if (!this.#replaced) this.#remove.add(id);
    }
  }

  replace(ids: Iterable<string>): void {
    this.#replaced = true;
    this.#add.clear();
    this.#remove.clear();
    this.add(ids);
  }

  /** The ids that are members after the operations so far, when these are members before them. */
  after(before: Iterable<string>): Set<string> {
    const ids = new Set(this.#replaced ? [] : before);
    for (const id of this.#remove) ids.delete(id);
    for (const id of this.#add) ids.add(id);
    return ids;
  }

  change(): MembershipChange {
    if (this.#replaced) return { kind: "replace", members: [...this.#add] };
    if (this.#add.size === 0 && this.#remove.size === 0) return { kind: "none" };
    return { kind: "rows", add: [...this.#add], remove: [...this.#remove] };
  }
}
