import type { Attribute, ResourceType, Schema } from "./attribute.ts";

/** What a name without brackets means (RFC 7644, section 3.10): an attribute, or all of a schema when it is the URN alone. */
export type Resolved =
  | { readonly kind: "attribute"; readonly attribute: Attribute }
  | { readonly kind: "schema"; readonly schema: Schema }
  /** `urn` tells whether the unknown name is a URN or has the form of one. */
  | { readonly kind: "unknown"; readonly urn: boolean };

interface Scope {
  readonly prefix: string;
  readonly schema: Schema;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

interface Names {
  readonly plain: ReadonlyMap<string, Attribute>;
  readonly scopes: readonly Scope[];
}

const cache = new WeakMap<ResourceType, Names>();

/**
 * Finds the attribute or sub-attribute that a name means, whatever its case, with the schema's URN or, for core and common
 * attributes, without it. Names are looked up in maps, so `constructor` and `__proto__` are as unknown as any other.
 */
export function resolveName(type: ResourceType, name: string): Resolved {
  const folded = name.toLowerCase();
  const { plain, scopes } = namesOf(type);
  for (const { prefix, schema, attributes } of scopes) {
    if (folded === prefix) return { kind: "schema", schema };
    if (folded.startsWith(`${prefix}:`)) return within(attributes, folded.slice(prefix.length + 1), true);
  }
  return within(plain, folded, folded.startsWith("urn:"));
}

/**
 * Finds an attribute by a name inside one schema's own object, such as a key of an extension. The core schema's object may
 * hold the common attributes as well.
 */
export function resolveInSchema(type: ResourceType, schema: Schema, name: string): Attribute | undefined {
  const scope = namesOf(type).scopes.find((candidate) => candidate.schema === schema);
  const resolved = scope && within(scope.attributes, name.toLowerCase(), false);
  return resolved?.kind === "attribute" ? resolved.attribute : undefined;
}

function within(attributes: ReadonlyMap<string, Attribute>, folded: string, urn: boolean): Resolved {
  const dot = folded.indexOf(".");
  const attribute = attributes.get(dot < 0 ? folded : folded.slice(0, dot));
  const found = dot < 0 ? attribute : attribute?.sub(folded.slice(dot + 1));
  return found ? { kind: "attribute", attribute: found } : { kind: "unknown", urn };
}

function namesOf(type: ResourceType): Names {
  let names = cache.get(type);
  if (!names) {
    const plain = byName([...type.common, ...type.schema.attributes]);
    const scopes = [type.schema, ...type.extensions].map((schema) => ({
      prefix: schema.id.toLowerCase(),
      schema,
      attributes: schema === type.schema ? plain : byName(schema.attributes),
    }));
    names = { plain, scopes };
    cache.set(type, names);
  }
  return names;
}

function byName(attributes: readonly Attribute[]): ReadonlyMap<string, Attribute> {
  return new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));
}
