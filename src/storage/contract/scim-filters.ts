/**
 * Conditions and orders over SCIM users and groups, resolved to where the values are kept. The domain makes them out of
 * filters (RFC 7644, section 3.4.2.2); the engines compile them. Every text to compare with is folded where the stored one is.
 */

/** Columns that conditions and orders look at. */
export type ScimColumn =
  | "id"
  | "userNameFolded"
  | "displayNameFolded"
  | "externalId"
  | "active"
  | "createdAt"
  | "updatedAt";

/** Where a simple value is found. */
export type ScimOperand =
  | {
      readonly from: "column";
      readonly column: ScimColumn;
      /** `flag`: true or false; `number`: milliseconds. */
      readonly kind: "text" | "flag" | "number";
      readonly nullable: boolean;
    }
  /** A member of the folded document, as text. */
  | { readonly from: "document"; readonly key: string }
  /** The same for every row. */
  | { readonly from: "constant"; readonly value: string }
  /** The prefix and the row's id. */
  | { readonly from: "location"; readonly prefix: string }
  /** The weak entity tag. */
  | { readonly from: "version" }
  /** displayName, folded, of the configuration's user whose id stands in the folded document under the key. */
  | { readonly from: "manager"; readonly key: string }
  /** The element of a list that is looked at, when it is a simple value. */
  | { readonly from: "element" }
  /** A part of the element that is looked at, as text. */
  | { readonly from: "part"; readonly name: string }
  /** Of the other end of a membership. */
  | { readonly from: "relatedId" }
  | { readonly from: "relatedDisplay" }
  | { readonly from: "relatedLocation"; readonly prefix: string };

/** Where a list of elements is found. */
export type ScimList =
  | { readonly from: "document"; readonly key: string; readonly complex: boolean }
  /** The same single value for every row. */
  | { readonly from: "constant"; readonly value: string }
  /** A user's groups or a group's members. */
  | { readonly from: "membership" };

export type ScimCompareOperator = "eq" | "ne" | "co" | "sw" | "ew" | "gt" | "ge" | "lt" | "le";

/** Each part is true or false, never null, so that `not` is the plain opposite. */
export type ScimFilter =
  | { readonly kind: "and" | "or"; readonly filters: readonly ScimFilter[] }
  | { readonly kind: "not"; readonly filter: ScimFilter }
  | { readonly kind: "constant"; readonly value: boolean }
  /** The list has an element for which the inner condition holds. */
  | { readonly kind: "exists"; readonly list: ScimList; readonly filter: ScimFilter }
  /** There is a value, and it is not empty. */
  | { readonly kind: "present"; readonly operand: ScimOperand }
  /** There is a value for which the comparison holds. */
  | {
      readonly kind: "compare";
      readonly operand: ScimOperand;
      readonly operator: ScimCompareOperator;
      readonly value: string | number | boolean;
    };

/**
 * An order. Rows without a value come last in ascending order and first in descending order. Rows with equal values, and all
 * rows when there is no order, come as they were made.
 */
export interface ScimOrder {
  readonly operand: ScimOperand;
  /** The list whose first element counts: a primary one before the others. */
  readonly list?: { readonly list: ScimList; readonly primary: ScimOperand | undefined } | undefined;
  readonly descending: boolean;
}

/** Where a page ended. */
export interface ScimPosition {
  /** The row's number. */
  readonly number: number;
  /** The value that it was sorted by; undefined without an order, null when the row has none. */
  readonly sortValue?: string | number | null | undefined;
}

/** Which rows of a SCIM configuration are wanted. */
export interface ScimQuery {
  readonly filter?: ScimFilter | undefined;
  readonly order?: ScimOrder | undefined;
  /** Rows to leave out at the beginning, or the position to go on behind. */
  readonly start: { readonly offset: number } | { readonly after: ScimPosition };
  /** 0 or more. */
  readonly limit: number;
}

/** A row of a list, and the value that it was sorted by. */
export interface ScimRow<T> {
  readonly record: T;
  readonly sortValue: string | number | null;
}

/** The other end of a membership, as it is shown. */
export interface ScimRelated {
  readonly id: string;
  /** A group's displayName; a user's displayName or else userName. */
  readonly display: string;
}
