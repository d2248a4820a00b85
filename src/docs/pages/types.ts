import type { DescEnum, DescExtension, DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { html } from "hono/html";
import { placeOf, placeOfType, sharedTypes } from "../places.ts";
import { isRequired, isRequiredOneof, rulesInWords } from "../rules.ts";
import { commentOf, type DescType, EXTENSIONS, isForeign, isSecret } from "../schema.ts";
import { breakable, type Html, inline, paragraphs, shortName } from "../text.ts";
import type { Page } from "./layout.ts";

/** A message or an enum, with its heading. */
export function typeSection(type: DescType): Html {
  return html`<section class="type" id="${type.typeName}">
<h3><a class="anchor" href="#${type.typeName}">${breakable(shortName(type))}</a> <small>${type.kind} · ${type.file.proto.package}</small></h3>
${paragraphs(commentOf(type), placeOf, type)}
${type.kind === "message" ? fieldTable(type) : valueTable(type)}
</section>
`;
}

/** The fields of a message. */
export function fieldTable(message: DescMessage): Html {
  if (message.fields.length === 0) return html`<p class="quiet">No fields: <code>{}</code>.</p>`;
  return html`<dl class="fields">
${message.members.map((member) => (member.kind === "field" ? fieldRow(member) : oneofRows(member)))}</dl>`;
}

function oneofRows(oneof: Extract<DescMessage["members"][number], { kind: "oneof" }>): Html {
  const id = `${oneof.parent.typeName}.${oneof.name}`;
  const rule = isRequiredOneof(oneof) ? "exactly one of these" : "at most one of these";
  return html`<div class="oneof" id="${id}">
<dt><code>${oneof.name}</code> <span class="type-name">${rule}</span></dt>
<dd>${paragraphs(commentOf(oneof), placeOf, oneof)}</dd>
${oneof.fields.map(fieldRow)}</div>
`;
}

function fieldRow(field: DescField): Html {
  const rules = rulesInWords(field).filter((rule) => rule !== "required");
  return html`<div id="${field.parent.typeName}.${field.name}">
<dt><code>${field.jsonName}</code> <span class="type-name">${typeOf(field)}</span>${marks(field)}</dt>
<dd>${paragraphs(commentOf(field), placeOf, field)}${
    rules.length === 0 ? "" : html`<p class="rules">${rules.map((rule) => html`<span>${ruleText(rule)}</span>`)}</p>`
  }<p class="wire">${field.name} = ${field.number}</p></dd>
</div>
`;
}

function marks(field: DescField): Html {
  const notes = [
    ...(isRequired(field) ? [html`<b class="required">required</b>`] : []),
    ...(isRequired(field) ? [] : [html`<span class="presence">${presenceOf(field)}</span>`]),
    ...(isSecret(field) ? [html`<b class="secret">secret</b>`] : []),
    ...(field.deprecated ? [html`<b class="deprecated">deprecated</b>`] : []),
  ];
  return html`${notes.map((note) => html` ${note}`)}`;
}

/** Whether unset differs from zero. */
function presenceOf(field: DescField): string {
  if (field.fieldKind === "list" || field.fieldKind === "map") return "empty when absent";
  if (field.oneof) return "one of";
  return field.presence === FeatureSet_FieldPresence.IMPLICIT ? "zero when absent" : "may be absent";
}

function ruleText(rule: string): Html {
  const [, before = "", pattern] = /^(.*?matches )(.+)$/.exec(rule) ?? [];
  return pattern === undefined ? html`${rule}` : html`${before}<code>${pattern}</code>`;
}

/** The type of a field: `list of string`. */
export function typeOf(field: DescField): Html {
  const one = field.message ?? field.enum;
  const name = one ? typeLink(one) : html`${scalarName(field.scalar as ScalarType)}`;
  if (field.fieldKind === "list") return html`list of ${name}`;
  if (field.fieldKind === "map") return html`map of string to ${name}`;
  return name;
}

/** A type's name, which leads to where it is explained. */
export function typeLink(type: DescType): Html {
  return html`<a href="${placeOfType(type)}">${isForeign(type) ? (type.typeName.split(".").at(-1) as string) : shortName(type)}</a>`;
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

function valueTable(desc: DescEnum): Html {
  return html`<dl class="fields">
${desc.values.map(
  (value) => html`<div id="${desc.typeName}.${value.name}">
<dt><code>${breakable(value.name)}</code>${value.deprecated ? html` <b class="deprecated">deprecated</b>` : ""}</dt>
<dd>${paragraphs(commentOf(value), placeOf, value)}<p class="wire">${value.number}</p></dd>
</div>
`,
)}</dl>`;
}

const WELL_KNOWN: Readonly<Record<string, string>> = {
  "google.protobuf.Timestamp":
    "Timestamp is a moment. In JSON it is a string of RFC 3339 in UTC, such as `2026-03-01T12:30:00Z`, with up to nine digits behind the second.",
  "google.protobuf.Duration":
    "Duration is a length of time. In JSON it is a number of seconds with the letter s behind it, such as `7776000s` or `1.5s`.",
  "google.protobuf.Struct": "Struct is any JSON object.",
  "google.protobuf.Value": "Value is any JSON value.",
};

/** The page of types that several topics share, and of those that no method reaches. */
export function typesPage(): Page {
  return {
    file: "types.html",
    title: "Shared types",
    body: html`<h1>Shared types</h1>
<p class="lead">Messages and enums that several methods share. In JSON, a field has its name in lower camel case, an enum value its name as a string, and a 64-bit integer is a string; a field that is zero or empty is left out of an answer, unless unset differs from zero.</p>
<h2>Well-known types</h2>
${Object.entries(WELL_KNOWN).map(
  ([name, text]) => html`<section class="type" id="${name}">
<h3>${name.split(".").at(-1) as string} <small>google.protobuf</small></h3>
<p>${inline(text, placeOf)}</p>
</section>
`,
)}
<h2>Messages and enums</h2>
${sharedTypes().map(typeSection)}
<h2>Options of methods</h2>
<p>What every method declares in the schema; the server does not start when one lacks its permission.</p>
${EXTENSIONS.map(extensionSection)}`,
  };
}

function extensionSection(extension: DescExtension): Html {
  const type = extension.message ?? extension.enum;
  return html`<section class="type" id="${extension.typeName}">
<h3>${extension.name} <small>option · ${extension.file.proto.package}</small></h3>
${paragraphs(commentOf(extension), placeOf, extension)}
<p class="wire">${type ? typeLink(type) : "string"} · ${extension.number}</p>
</section>
`;
}
