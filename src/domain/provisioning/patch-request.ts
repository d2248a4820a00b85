import type { Attribute, ResourceType, Schema } from "./attribute.ts";
import { badRequest, type ScimError } from "./errors.ts";
import { checkElementFilter, type Filter, hasElements } from "./filter.ts";
import { type PathSyntax, parsePathSyntax } from "./filter-syntax.ts";
import { resolveInSchema, resolveName } from "./names.ts";
import { Normalizations } from "./normalizations.ts";
import { getFolded, isObject } from "./values.ts";

/**
 * The body of a PATCH (RFC 7644, section 3.5.2), read and resolved against the attribute table. Operations without a path,
 * and those whose path is a schema's URN, come out as one operation per attribute.
 */

export type OperationName = "add" | "replace" | "remove";

/** One operation on one attribute that clients may write. */
export interface PatchOperation {
  readonly name: OperationName;
  /** The top-level attribute. */
  readonly attribute: Attribute;
  /** The sub-attribute that is addressed. */
  readonly part: Attribute | undefined;
  /** Chooses among the elements of a multi-valued attribute. */
  readonly filter: Filter | undefined;
  /** As sent; undefined when the operation has none. */
  readonly value: unknown;
}

export interface PatchRequest {
  readonly operations: readonly PatchOperation[];
  /** Ids that operations without a path carry: each must be the resource's own. */
  readonly ids: readonly unknown[];
  readonly normalizations: Normalizations;
}

/**
 * Reads a PATCH body.
 * @throws ScimError `invalidSyntax`, `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget` (remove without a path) or
 *   `mutability` (a path to what is readOnly).
 */
export function parsePatch(type: ResourceType, body: unknown): PatchRequest {
  const reader = new Reader(type);
  for (const operation of operationsOf(body, reader.notes)) reader.read(operation);
  return { operations: reader.operations, ids: reader.ids, normalizations: reader.notes };
}

/** Most changes in one PATCH: operations with a path, and keys of values without one. Each may name any number of members. */
const MAX_CHANGES = 1000;

const NAMES: ReadonlySet<string> = new Set(["add", "replace", "remove"]);

function operationsOf(body: unknown, notes: Normalizations): readonly unknown[] {
  const operations = isObject(body) ? getFolded(body, "Operations") : undefined;
  if (isObject(operations)) {
    notes.add("single_operation", "Operations");
    return [operations];
  }
  if (!Array.isArray(operations)) {
    throw badRequest("invalidSyntax", "The body is an object whose Operations is an array of add, replace and remove.");
  }
  if (isObject(body) && getFolded(body, "schemas") === undefined) notes.add("schemas_missing", "schemas");
  return operations;
}

class Reader {
  readonly operations: PatchOperation[] = [];
  readonly ids: unknown[] = [];
  readonly notes = new Normalizations();
  readonly #type: ResourceType;

  constructor(type: ResourceType) {
    this.#type = type;
  }

  read(operation: unknown): void {
    if (!isObject(operation)) throw badRequest("invalidSyntax", "Each operation is an object with op, path and value.");
    const name = this.#name(getFolded(operation, "op"));
    const path = getFolded(operation, "path") ?? "";
    const value = getFolded(operation, "value");
    if (typeof path !== "string") throw badRequest("invalidPath", "The path of an operation is a string.");
    if (name !== "remove" && value === undefined) {
      throw badRequest("invalidValue", `The operation ${name} has no value; to take a value away, use remove.`);
    }
    if (path.trim() !== "") this.#atPath(name, path, value);
    else if (name === "remove") throw badRequest("noTarget", "A remove operation needs a path.");
    else this.#eachKey(name, value);
  }

  #name(op: unknown): OperationName {
    const name = typeof op === "string" ? op.toLowerCase() : "";
    if (!NAMES.has(name)) throw badRequest("invalidSyntax", "The op of an operation is add, replace or remove.");
    if (name !== op) this.notes.add("operation_name_case", "op");
    return name as OperationName;
  }

  #atPath(name: OperationName, text: string, value: unknown): void {
    const path = parsePathSyntax(text);
    const resolved = resolveName(this.#type, path.name.text);
    if (resolved.kind === "unknown") this.notes.add("unknown_attribute", nameOf(path));
    else if (resolved.kind === "schema") this.#atSchema(name, path, resolved.schema, value);
    else {
      refuseReadOnly(resolved.attribute);
      this.#push(name, resolved.attribute, path, value);
    }
  }

  #atSchema(name: OperationName, path: PathSyntax, schema: Schema, value: unknown): void {
    if (path.filter) throw invalidPath("a schema has no elements to choose from", path.name.offset);
    if (name !== "remove") {
      this.#eachSchemaKey(name, schema, value);
      return;
    }
    if (schema === this.#type.schema) throw badRequest("mutability", "The core schema cannot be removed.");
    for (const attribute of schema.attributes) this.#add(name, attribute, undefined, undefined, undefined);
  }

  #eachKey(name: OperationName, value: unknown): void {
    if (!isObject(value)) {
      throw badRequest("invalidValue", "Without a path the value is an object with the attributes to change.");
    }
    for (const [key, inner] of Object.entries(value)) this.#atKey(name, key, inner);
  }

  #atKey(name: OperationName, key: string, value: unknown): void {
    const path = parseKey(key);
    const resolved = path && resolveName(this.#type, path.name.text);
    if (!path || !resolved) this.notes.add("unknown_attribute", key.split("[", 1).join());
    else if (resolved.kind === "unknown") {
      this.notes.add(resolved.urn ? "unknown_schema" : "unknown_attribute", nameOf(path));
    } else if (resolved.kind === "schema") this.#eachSchemaKey(name, resolved.schema, value);
    else this.#fromValue(name, resolved.attribute, path, value);
  }

  #eachSchemaKey(name: OperationName, schema: Schema, value: unknown): void {
    if (value === null) return;
    if (!isObject(value)) {
      throw badRequest("invalidValue", `${schema.id} takes an object with the attributes of that schema.`);
    }
    for (const [key, inner] of Object.entries(value)) {
      const attribute = resolveInSchema(this.#type, schema, key);
      if (attribute) this.#fromValue(name, attribute, undefined, inner);
      else this.notes.add("unknown_attribute", `${schema.id}:${key}`);
    }
  }

  /** An attribute named by a key of a value. What the service itself decides is echoed by clients, and ignored. */
  #fromValue(name: OperationName, attribute: Attribute, path: PathSyntax | undefined, value: unknown): void {
    if (attribute.name === "id" && !attribute.parent) {
      this.ids.push(value);
      return;
    }
    if (attribute.mutability === "readOnly") {
      this.notes.add("read_only_ignored", attribute.path);
      return;
    }
    if (attribute.parent || path?.filter || path?.name.text.includes(":"))
      this.notes.add("qualified_key", attribute.path);
    this.#push(name, attribute, path, value);
  }

  #push(name: OperationName, named: Attribute, path: PathSyntax | undefined, value: unknown): void {
    const attribute = named.parent ?? named;
    if (attribute.ignoreWrites) {
      this.notes.add("value_not_stored", attribute.path);
      return;
    }
    const filter = this.#filter(named, path);
    const part = named.parent ? named : path?.sub && attribute.sub(path.sub.text);
    if (path?.sub && !part) {
      this.notes.add("unknown_attribute", `${attribute.path}.${path.sub.text}`);
      return;
    }
    if (part) refuseReadOnly(part);
    this.#add(name, attribute, part, filter, value);
  }

  #filter(named: Attribute, path: PathSyntax | undefined): Filter | undefined {
    if (!path?.filter) return undefined;
    if (!hasElements(named)) throw invalidPath(`${named.path} has no elements to choose from`, path.name.offset);
    return checkElementFilter(path.filter, named, this.notes);
  }

  #add(
    name: OperationName,
    attribute: Attribute,
    part: Attribute | undefined,
    filter: Filter | undefined,
    value: unknown,
  ): void {
    if (this.operations.length >= MAX_CHANGES) {
      throw badRequest("invalidValue", `A PATCH makes at most ${MAX_CHANGES} changes; send them in several requests.`);
    }
    this.operations.push({ name, attribute, part, filter, value });
  }
}

/** A key of a value is a path as well; one that is none is just an unknown attribute. */
function parseKey(key: string): PathSyntax | undefined {
  try {
    return parsePathSyntax(key);
  } catch {
    return undefined;
  }
}

/** A path without its filter, which may hold values. */
function nameOf({ name, sub }: PathSyntax): string {
  return sub ? `${name.text}.${sub.text}` : name.text;
}

function refuseReadOnly(attribute: Attribute): void {
  if (attribute.mutability === "readOnly") throw badRequest("mutability", `${attribute.path} is readOnly.`);
}

function invalidPath(problem: string, offset: number): ScimError {
  return badRequest("invalidPath", `Error in the path at offset ${offset}: ${problem}.`, offset);
}
