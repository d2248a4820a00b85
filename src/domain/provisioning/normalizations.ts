/** What was bent so that a request that the RFCs do not allow, or leave open, could be served. */
export type NormalizationCode =
  /** An attribute that no schema here knows was ignored. */
  | "unknown_attribute"
  /** A schema URN that is not known here was ignored. */
  | "unknown_schema"
  /** The body named no `schemas`. */
  | "schemas_missing"
  /** The same attribute stood in the body twice (names fold); the last one counts. */
  | "duplicate_attribute"
  /** A value that the service accepts and does not keep, such as a password. */
  | "value_not_stored"
  /** A readOnly attribute in a PATCH value without a path was ignored. */
  | "read_only_ignored"
  /** `Add`, `Replace`, `Remove` instead of lower case. */
  | "operation_name_case"
  /** `Operations` was one object instead of an array. */
  | "single_operation"
  /** A dotted or URN-qualified key in a value without a path. */
  | "qualified_key"
  /** A boolean sent as text, such as `"False"`. */
  | "string_boolean"
  /** A number where the schema has a string. */
  | "number_as_string"
  /** A scalar or complex value wrapped in an array of one, or a scalar in `{"value": …}`. */
  | "unwrapped_value"
  /** A bare string for a complex value: taken as its `value`. */
  | "bare_value"
  /** One element instead of an array. */
  | "single_for_array"
  /** An empty string where a complex or multi-valued value belongs: taken as no value. */
  | "empty_string_as_absent"
  /** Several elements were `primary`; one was kept. */
  | "primary_conflict"
  /** A value path matched nothing and its element was created. */
  | "element_created"
  /** `remove` with a value: only the elements named by it were removed. */
  | "removed_by_value"
  /** A member that is a group, or has no usable id, was dropped. */
  | "member_dropped"
  /** `members` was null: membership stays as it is. */
  | "membership_untouched"
  /** A filter literal without quotes was taken as a string. */
  | "unquoted_literal";

/** One normalization. It holds names, never values, so that it may be logged. */
export interface Normalization {
  readonly code: NormalizationCode;
  /** The attribute path or key that it concerns, as the schema spells it, or as sent when unknown (cut to 200). */
  readonly path: string;
}

const MAX_ENTRIES = 100;
const MAX_PATH = 200;

/** Collects normalizations: each once, at most 100, in the order of their first appearance. */
export class Normalizations {
  readonly #entries = new Map<string, Normalization>();

  add(code: NormalizationCode, path: string): void {
    if (this.#entries.size >= MAX_ENTRIES) return;
    const entry = { code, path: path.slice(0, MAX_PATH) };
    this.#entries.set(`${entry.code} ${entry.path}`, entry);
  }

  addAll(entries: Iterable<Normalization>): void {
    for (const { code, path } of entries) this.add(code, path);
  }

  list(): readonly Normalization[] {
    return [...this.#entries.values()];
  }
}
