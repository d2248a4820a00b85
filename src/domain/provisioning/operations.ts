import type { ResourceType } from "./attribute.ts";
import { ScimError } from "./errors.ts";
import { isStorable } from "./filter-syntax.ts";
import type { Normalization } from "./normalizations.ts";
import type { Selection } from "./projection.ts";
import type { ScimComplex } from "./values.ts";
import { namesVersion } from "./version.ts";

/** A change of one resource, as a request or as one operation of a bulk request. */
export interface ScimOperation {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly type: ResourceType;
  /** Undefined for POST alone. */
  readonly id: string | undefined;
  readonly data: unknown;
  readonly ifMatch: string | undefined;
}

/** What an operation has done. */
export interface ScimOutcome {
  readonly type: ResourceType;
  readonly id: string;
  readonly version: number;
  /** Whether it differs from what was before. */
  readonly changed: boolean;
  readonly normalizations: readonly Normalization[];
  /** What the resource was and is, for the log; members as what was added and removed. */
  readonly before: ScimComplex | undefined;
  readonly after: ScimComplex | undefined;
  /** The resource as an answer shows it; only when it is called is it read. */
  readonly show: ((selection: Selection) => Promise<ScimComplex>) | undefined;
}

/** @throws ScimError 412 when the resource is not of a version that If-Match names (RFC 7644, section 3.14). */
export function requireMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || namesVersion(ifMatch, version)) return;
  throw new ScimError(
    412,
    "The resource has another version than If-Match names: read it again and repeat the change.",
  );
}

/** The id of an operation, which can be one of a row; undefined when it cannot. */
export function storableId({ id }: Pick<ScimOperation, "id">): string | undefined {
  return id !== undefined && id.length <= 128 && isStorable(id) ? id : undefined;
}
