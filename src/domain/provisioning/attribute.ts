/** Types of attributes in use (RFC 7643, section 2.3). */
export type AttributeType = "string" | "boolean" | "dateTime" | "reference" | "binary" | "complex";
export type Mutability = "readOnly" | "readWrite" | "immutable" | "writeOnly";
export type Returned = "always" | "never" | "default" | "request";
export type Uniqueness = "none" | "server" | "global";

/** Where an attribute's value is kept, and so where a filter finds it. */
export type Stored =
  /** A field of the resource's record. `folded` names the one with the folded value when the attribute is not caseExact. */
  | { readonly in: "column"; readonly column: string; readonly folded?: string; readonly nullable?: boolean }
  /** The JSON documents of the row: one as sent, one folded. */
  | { readonly in: "document" }
  /** Rows that join users and groups. */
  | { readonly in: "membership" }
  /** Made from the row when it is read. */
  | { readonly in: "computed" }
  /** Not kept. */
  | { readonly in: "nowhere" };

/** One row of the attribute table as written down; what is left out has RFC 7643's default (section 2.2). */
export interface AttributeSpec {
  readonly name: string;
  readonly description: string;
  readonly type?: AttributeType;
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: Mutability;
  readonly returned?: Returned;
  readonly uniqueness?: Uniqueness;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeSpec[];
  readonly stored?: Stored;
  /** Most characters (code points). */
  readonly maxLength?: number;
  /** The value of a new resource that does not give one. Such an attribute is never without a value. */
  readonly initial?: boolean;
  /** What clients send is accepted and ignored. */
  readonly ignoreWrites?: boolean;
}

/** One attribute or sub-attribute. Each is one object, so identity is equality. */
export interface Attribute extends Required<Omit<AttributeSpec, "subAttributes" | "maxLength" | "initial">> {
  readonly subAttributes: readonly Attribute[];
  readonly maxLength: number | undefined;
  readonly initial: boolean | undefined;
  /** The complex attribute that this one is part of. */
  readonly parent: Attribute | undefined;
  /** The extension that it belongs to; undefined for core and common attributes. */
  readonly extension: string | undefined;
  /** Full name, such as `emails.value` or `urn:…:enterprise:2.0:User:manager.value`. */
  readonly path: string;
  /** Finds a sub-attribute whatever the case of its name. */
  sub(name: string): Attribute | undefined;
}

/** Makes an attribute and its sub-attributes. */
export function defineAttribute(spec: AttributeSpec, extension?: string, parent?: Attribute): Attribute {
  const prefix = parent ? `${parent.path}.` : extension === undefined ? "" : `${extension}:`;
  const byName = new Map<string, Attribute>();
  const subAttributes: Attribute[] = [];
  const attribute: Attribute = {
    name: spec.name,
    description: spec.description,
    type: spec.type ?? "string",
    multiValued: spec.multiValued ?? false,
    required: spec.required ?? false,
    caseExact: spec.caseExact ?? isExactByNature(spec.type),
    mutability: spec.mutability ?? parent?.mutability ?? "readWrite",
    returned: spec.returned ?? "default",
    uniqueness: spec.uniqueness ?? "none",
    canonicalValues: spec.canonicalValues ?? [],
    referenceTypes: spec.referenceTypes ?? [],
    stored: spec.stored ?? parent?.stored ?? { in: "document" },
    maxLength: spec.maxLength,
    initial: spec.initial,
    ignoreWrites: spec.ignoreWrites ?? parent?.ignoreWrites ?? false,
    subAttributes,
    parent,
    extension,
    path: prefix + spec.name,
    sub: (name) => byName.get(name.toLowerCase()),
  };
  for (const part of spec.subAttributes ?? []) {
    const sub = defineAttribute(part, extension, attribute);
    subAttributes.push(sub);
    byName.set(part.name.toLowerCase(), sub);
  }
  return attribute;
}

/** References and binary values are case exact (RFC 7643, sections 2.3.6 and 2.3.7); booleans and times have one spelling. */
function isExactByNature(type: AttributeType | undefined): boolean {
  return type !== undefined && type !== "string" && type !== "complex";
}

/** A schema: a URN and its attributes, found by folded name. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** A resource type (RFC 7643, section 6) with everything that is derived from the attribute table. */
export interface ResourceType {
  readonly name: "User" | "Group";
  readonly endpoint: "/Users" | "/Groups";
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
  /** The attributes that every resource has (RFC 7643, section 3.1). They stand in no schema document. */
  readonly common: readonly Attribute[];
  /** Every top-level attribute: common, core, extensions. */
  readonly attributes: readonly Attribute[];
}
