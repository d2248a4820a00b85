import type { JsonObject } from "@bufbuild/protobuf";
import type { Reason } from "../../../../src/lib/errors.ts";
import type { CallerName, World } from "../world.ts";

/** What a call comes to: it succeeds, or is refused for this reason. */
export type Outcome = "ok" | Reason;

/** One method of the table: who may call it, and a request that succeeds for those who may. */
export interface Row {
  /** The least that a caller must be. */
  readonly caller: "anyone" | "user" | "member" | "admin" | "operator";
  /** A method that writes changes rows when it succeeds; one that reads leaves every row alone. */
  readonly access: "read" | "write";
  /** Makes a request about rows of the world's organization; asked anew for every call. */
  readonly request: (world: World, caller: CallerName) => JsonObject | Promise<JsonObject>;
  /** Where a caller fares otherwise than the rule says; an admin of another organization gets `not_found` by rule. */
  readonly outcomes?: Readonly<Partial<Record<CallerName, Outcome>>>;
}

/** Rows by the name of the method. */
export type Rows = Readonly<Record<string, Row>>;
