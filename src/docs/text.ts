/** Comments of the schema as HTML. */
import type { AnyDesc } from "@bufbuild/protobuf";
import { html, raw } from "hono/html";
import { ENUMS, MESSAGES, METHODS, SERVICES } from "./schema.ts";

/** A page, or a part of one: everything that is put into it is escaped. */
export type Html = ReturnType<typeof html>;

/** Where an element is shown: a relative URL. */
export type LinkTo = (desc: AnyDesc) => string | undefined;

/** Names that a comment can mention, each with the one element that it can mean. */
const NAMES: ReadonlyMap<string, AnyDesc> = uniqueNames([
  ...METHODS.map((method) => [method.name, method] as const),
  ...METHODS.map((method) => [`${method.parent.name}.${method.name}`, method] as const),
  ...SERVICES.map((service) => [service.name, service] as const),
  ...[...MESSAGES, ...ENUMS].map((type) => [shortName(type), type] as const),
  ...[...MESSAGES, ...ENUMS].map((type) => [type.typeName, type] as const),
]);

/** The name of a type without its package: `ListMembersRequest.Filter`. */
export function shortName(type: { readonly typeName: string; readonly file: { readonly proto: { package: string } } }) {
  return type.typeName.slice(type.file.proto.package.length + 1);
}

/** Paragraphs of a comment. */
export function paragraphs(comment: string, linkTo: LinkTo, self?: AnyDesc): Html[] {
  return comment.split("\n\n").map((paragraph) => html`<p>${inline(paragraph, linkTo, self)}</p>`);
}

/** One paragraph: what stands in backticks is code, and names of the schema lead to where they are explained. */
export function inline(text: string, linkTo: LinkTo, self?: AnyDesc): Html[] {
  return text.split(/(`[^`]+`)/).map((part) => {
    if (part.startsWith("`") && part.length > 2) return html`<code>${part.slice(1, -1)}</code>`;
    return html`${part.split(/\b((?:[a-z]+\.)*[A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+)*)\b/).map((word, index) => {
      const desc = index % 2 === 1 ? NAMES.get(word) : undefined;
      const url = desc && desc !== self && mentionable(word) ? linkTo(desc) : undefined;
      return url === undefined ? word : html`<a href="${url}">${word}</a>`;
    })}`;
  });
}

/** Code, with places where a long word may be broken. */
export function breakable(name: string): Html {
  return html`${name.split(/(?<=[._/])/).map((part) => html`${part}${raw("<wbr>")}`)}`;
}

/** A single capitalized word, such as Organization, is more often English than a name. */
function mentionable(word: string): boolean {
  return /[a-z][A-Z]|[A-Z]{2}|\./.test(word);
}

function uniqueNames(entries: readonly (readonly [string, AnyDesc])[]): Map<string, AnyDesc> {
  const names = new Map<string, AnyDesc>();
  const twice = new Set<string>();
  for (const [name, desc] of entries) {
    if (names.has(name)) twice.add(name);
    names.set(name, desc);
  }
  for (const name of twice) names.delete(name);
  return names;
}
