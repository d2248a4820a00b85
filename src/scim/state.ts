import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Normalization } from "../domain/provisioning/normalizations.ts";
import type { ScimSession } from "../domain/provisioning/session.ts";
import type { Provisioning } from "../domain/provisioning.ts";

/** What is known of a request when its answer is made: it goes into the request log. */
export interface RequestNote {
  /** As parsed; undefined when none was read. */
  body: unknown;
  normalizations: readonly Normalization[];
  resourceType: string;
  resourceId: string;
  before: Readonly<Record<string, unknown>> | undefined;
  after: Readonly<Record<string, unknown>> | undefined;
}

/** What the routes share. */
export interface ScimEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    readonly session: ScimSession;
    readonly note: RequestNote;
    readonly startedAt: number;
    /** Machine type and text of an error answer. */
    readonly failure: { readonly scimType: string; readonly detail: string };
  };
}

export type ScimContext = Context<ScimEnv>;

/** What the routes are made of. */
export interface ScimDoorOptions {
  readonly provisioning: Provisioning;
  /** Bytes of a request body. */
  readonly maxBodyBytes: number;
}

/** The note of a request about which nothing is known yet. */
export function newNote(): RequestNote {
  return {
    body: undefined,
    normalizations: [],
    resourceType: "",
    resourceId: "",
    before: undefined,
    after: undefined,
  };
}
