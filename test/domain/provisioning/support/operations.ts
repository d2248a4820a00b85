/** Operations and bodies of PATCH requests, briefly. */

export interface Operation {
  readonly op: unknown;
  readonly path?: unknown;
  readonly value?: unknown;
}

export const add = (path: string, value: unknown): Operation => ({ op: "add", path, value });
export const replace = (path: string, value: unknown): Operation => ({ op: "replace", path, value });
export const remove = (path: string, value?: unknown): Operation => ({
  op: "remove",
  path,
  ...(value === undefined ? {} : { value }),
});
export const bare = (op: string, value: unknown): Operation => ({ op, value });

export type Refusal = readonly [name: string, body: unknown, scimType: string];

export const body = (...operations: Operation[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: operations,
});
