import type { Attribute, ResourceType } from "./attribute.ts";
import { resolveName } from "./names.ts";
import { complex, isComplex, type ScimComplex, type ScimValue } from "./values.ts";

/**
 * Which attributes an answer shows (RFC 7644, section 3.9). Attributes that are always returned (`schemas`, `id`) stay, those
 * that are never returned never show. With `attributes` only those named are shown; `excludedAttributes` takes away from what
 * would be shown.
 */
export interface Selection {
  /** Undefined: what is returned by default. */
  readonly attributes: ReadonlySet<Attribute> | undefined;
  readonly excluded: ReadonlySet<Attribute>;
}

/** The parameters as they come: a comma-separated list from a query string, an array from a search body. */
export interface SelectionParameters {
  readonly attributes?: unknown;
  readonly excludedAttributes?: unknown;
}

/** Reads the parameters. Names that the resource type does not know are ignored, since nothing can show them. */
export function parseSelection(type: ResourceType, parameters: SelectionParameters): Selection {
  const attributes = namesIn(parameters.attributes);
  return {
    attributes: attributes.length === 0 ? undefined : findAll(type, attributes),
    excluded: findAll(type, namesIn(parameters.excludedAttributes)),
  };
}

/** Whether the answer shows the attribute or a part of it, so that what it takes to make it may be left out otherwise. */
export function shows(selection: Selection, attribute: Attribute): boolean {
  const { attributes, excluded } = selection;
  if (attribute.returned === "always") return true;
  if (attribute.returned === "never" || excluded.has(attribute)) return false;
  if (attributes === undefined) return attribute.returned === "default";
  if (attributes.has(attribute)) return true;
  if (attribute.parent && attributes.has(attribute.parent)) return attribute.returned === "default";
  return attribute.subAttributes.some((part) => attributes.has(part));
}

/** The part of a whole resource that the selection shows. */
export function project(type: ResourceType, resource: ScimComplex, selection: Selection): ScimComplex {
  const shown = complex();
  for (const attribute of type.attributes) {
    const scope = attribute.extension === undefined ? resource : resource[attribute.extension];
    const value = isComplex(scope) ? scope[attribute.name] : undefined;
    if (value === undefined || !shows(selection, attribute)) continue;
    const projected = projectValue(attribute, value, selection);
    if (projected !== undefined) put(shown, attribute, projected);
  }
  return shown;
}

function projectValue(attribute: Attribute, value: ScimValue, selection: Selection): ScimValue | undefined {
  if (Array.isArray(value)) {
    const shown = value.map((element) => projectValue(attribute, element, selection));
    const elements = shown.filter((element) => element !== undefined);
    return elements.length === 0 ? undefined : elements;
  }
  if (!isComplex(value)) return value;
  const parts = attribute.subAttributes.filter((part) => value[part.name] !== undefined && shows(selection, part));
  if (parts.length === 0) return undefined;
  return complex(Object.fromEntries(parts.map(({ name }) => [name, value[name] as ScimValue])));
}

function put(target: ScimComplex, { extension, name }: Attribute, value: ScimValue): void {
  if (extension === undefined) {
    target[name] = value;
    return;
  }
  const part = target[extension];
  if (isComplex(part)) part[name] = value;
  else target[extension] = complex({ [name]: value });
}

function namesIn(parameter: unknown): string[] {
  const list: unknown[] = Array.isArray(parameter) ? parameter : [parameter];
  return list
    .filter((item) => typeof item === "string")
    .flatMap((item) => item.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function findAll(type: ResourceType, names: readonly string[]): Set<Attribute> {
  const found = new Set<Attribute>();
  for (const name of names) {
    const resolved = resolveName(type, name);
    if (resolved.kind === "attribute") found.add(resolved.attribute);
    if (resolved.kind === "schema") for (const attribute of resolved.schema.attributes) found.add(attribute);
  }
  return found;
}
