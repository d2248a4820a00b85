import { badRequest } from "./errors.ts";
import type { Filter } from "./filter.ts";
import { matchesElement } from "./filter-match.ts";
import { type MembershipDraft, memberIds } from "./membership.ts";
import type { Normalizations } from "./normalizations.ts";
import type { PatchOperation } from "./patch-request.ts";
import { complex, type ScimComplex } from "./values.ts";

/** Whether the operation chooses members by something else than their ids. */
export function needsMembers({ name, attribute, filter }: PatchOperation): boolean {
  if (attribute.stored.in !== "membership" || !filter) return false;
  return name !== "remove" || idsIn(filter) === undefined;
}

/**
 * Applies one operation on `members`. What would take members away by guesswork does not: null and "" leave the membership
 * as it is, and `remove` with a value removes those that it names.
 * @throws ScimError `mutability` for a part of a member, `noTarget`.
 */
export function applyToMembers(
  draft: MembershipDraft,
  operation: PatchOperation,
  members: readonly ScimComplex[] | undefined,
  notes: Normalizations,
): void {
  const { name, attribute, part, filter, value } = operation;
  if (part) throw badRequest("mutability", `${part.path} is immutable: add and remove whole members.`);
  if (filter) {
    applyToChosen(draft, operation, filter, members, notes);
    return;
  }
  if (name === "remove") {
    if (value === undefined || value === null) draft.replace([]);
    else {
      notes.add("removed_by_value", attribute.path);
      draft.remove(memberIds(attribute, value, notes));
    }
    return;
  }
  if (value === null || value === "") {
    notes.add("membership_untouched", attribute.path);
    return;
  }
  const ids = memberIds(attribute, value, notes);
  if (name === "replace") draft.replace(ids);
  else draft.add(ids);
}

function applyToChosen(
  draft: MembershipDraft,
  { name, attribute, value }: PatchOperation,
  filter: Filter,
  members: readonly ScimComplex[] | undefined,
  notes: Normalizations,
): void {
  if (name === "remove") {
    draft.remove(idsIn(filter) ?? chooseMembers(draft, filter, members));
    return;
  }
  const chosen = chooseMembers(draft, filter, members);
  if (chosen.length === 0) throw badRequest("noTarget", "No member of the group matches the filter of the path.");
  const ids = memberIds(attribute, value, notes);
  if (name === "replace") {
    draft.remove(chosen);
    draft.add(ids);
  } else if (!ids.every((id) => chosen.includes(id))) {
    throw badRequest("mutability", "members.value is immutable: add and remove whole members.");
  }
}

function chooseMembers(draft: MembershipDraft, filter: Filter, members: readonly ScimComplex[] | undefined): string[] {
  if (!members) throw new TypeError("the members of the group are needed: see patchNeedsMembers");
  const known = new Map(members.map((member) => [String(member.value), member]));
  const elementOf = (id: string) => known.get(id) ?? complex({ value: id, type: "User" });
  return [...draft.after(known.keys())].filter((id) => matchesElement(filter, elementOf(id)));
}

/** The ids that a filter names, when it names nothing else: `value eq "a"`, or several of them joined by `or`. */
function idsIn(filter: Filter): string[] | undefined {
  if (filter.kind === "compare") {
    const { attribute, operator, value } = filter;
    return attribute.name === "value" && operator === "eq" ? [String(value)] : undefined;
  }
  if (filter.kind !== "or") return undefined;
  const lists = filter.filters.map(idsIn);
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}
