import type { DescMethod } from "@bufbuild/protobuf";
import { html, raw } from "hono/html";
import { errorCodes } from "../error-codes.ts";
import { exampleCode, exampleOf, LANGUAGES, type Language } from "../examples/examples.ts";
import { EXAMPLES, VARIABLES, variablesIn } from "../examples/scenario.ts";
import { ERRORS_PAGE, pageOfTopic, placeOf, typesOf } from "../places.ts";
import { declarationOf, methodAt, methodComment, pathOf } from "../schema.ts";
import { breakable, type Html, inline } from "../text.ts";
import type { Topic } from "../topics.ts";
import type { Page } from "./layout.ts";
import { fieldTable, typeSection } from "./types.ts";

const TITLES: Readonly<Record<Language, string>> = {
  curl: "curl",
  typescript: "TypeScript",
  go: "Go",
  python: "Python",
};

/** The page of a topic: its methods, then the types that only they use. */
export function topicPage(topic: Topic): Page {
  const types = typesOf(topic);
  return {
    file: pageOfTopic(topic),
    title: topic.title,
    body: html`<h1>${topic.title}</h1>
<p class="lead">${topic.summary}</p>
<ul class="contents">${topic.methods.map((method) => html`<li><a href="#${method.name}">${method.name}</a> <span>${summary(method)}</span></li>\n`)}</ul>
${topic.methods.map(methodSection)}
${types.length === 0 ? "" : html`<h2 id="types">Types</h2>\n${types.map(typeSection)}`}`,
  };
}

/** The first sentence of a method's comment, without its name. */
export function summary(method: DescMethod): string {
  const [first = ""] = methodComment(method).what;
  const sentence = /^.*?[.:;](?= |$)/.exec(first)?.[0] ?? first;
  const text = sentence.slice(method.name.length + 1).replace(/[.:;]$/, "");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function methodSection(method: DescMethod): Html {
  const comment = methodComment(method);
  const { deprecated } = declarationOf(method);
  return html`<section class="method" id="${method.name}">
<div class="what">
<h2><a class="anchor" href="#${method.name}">${method.name}</a>${deprecated ? html` <b class="deprecated">deprecated</b>` : ""}</h2>
<p class="path"><b>POST</b> <code>${breakable(`/${pathOf(method)}`)}</code></p>
${comment.what.map((paragraph) => html`<p>${inline(paragraph, placeOf, method)}</p>`)}
${facts(method)}
<h3 id="${method.input.typeName}">Request <small>${method.input.name}</small></h3>
${fieldTable(method.input)}
<h3 id="${method.output.typeName}">${declarationOf(method).streaming ? "Each message of the response" : "Response"} <small>${method.output.name}</small></h3>
${fieldTable(method.output)}
</div>
${examples(method)}
</section>
`;
}

function facts(method: DescMethod): Html {
  const { caller, access, audit, idempotency, get, streaming } = declarationOf(method);
  const { permission, errors } = methodComment(method);
  const rows: [string, Html][] = [
    ["Permission", html`<b>${caller}</b>, ${access}. ${inline(afterCaller(permission), placeOf, method)}`],
    ["Idempotency", html`${idempotencyText(idempotency, get)}`],
    ...(streaming ? [["Streaming", html`The response is a stream of messages.`] as [string, Html]] : []),
    ["Audit", audit === "" ? html`Leaves no entry.` : html`Leaves an entry <code>${audit}</code>.`],
    [
      "Errors",
      html`<p>${inline(capitalized(errors), placeOf, method)}</p>
<p class="codes">${errorCodes(method).map((code) => html`<a href="${ERRORS_PAGE}#code-${code}"><code>${code}</code></a> `)}</p>`,
    ],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

/** `admin, for every group.` → `For every group.` */
function afterCaller(permission: string): string {
  return capitalized(permission.replace(/^\w+[.,]?\s*/, ""));
}

function idempotencyText(idempotency: string, get: boolean): string {
  if (idempotency === "no side effects") {
    return get
      ? "Has no side effects: GET works too, and it may be repeated."
      : "Has no side effects, and may be repeated.";
  }
  return idempotency === "idempotent"
    ? "May be repeated: the second call changes nothing more."
    : "Not to be repeated blindly.";
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function examples(method: DescMethod): Html {
  const group = `language-${method.name}`;
  return html`<div class="examples">
<div class="tabs">
${LANGUAGES.map(
  (language, index) =>
    html`<input type="radio" name="${group}" id="${group}-${language}" value="${language}"${raw(index === 0 ? " checked" : "")}><label for="${group}-${language}">${TITLES[language]}</label>
`,
)}${LANGUAGES.map((language) => html`<pre class="${language}" tabindex="0"><code>${exampleCode(method, language)}</code></pre>\n`)}</div>
${environment(method)}
</div>`;
}

/** Where the values in the example come from. */
function environment(method: DescMethod): Html | string {
  const { caller } = declarationOf(method);
  const example = exampleOf(method);
  const names = variablesIn(example.request);
  const gives = Object.entries(example.gives ?? {});
  const token = caller === "anyone" ? "No credential is needed." : "";
  const who = example.caller === "newcomer" ? "TOKEN is the token of the person who joins." : "";
  const fails = example.fails === undefined ? "" : `It is answered with the error ${example.fails}.`;
  return html`<p class="environment">${[token, who, fails].filter(Boolean).map((text) => html`${text} `)}${names.map(
    (name) => html`<code>${name}</code>: ${origin(name)}. `,
  )}${gives.length === 0 ? "" : html`It gives ${gives.map(([name], index) => html`${index === 0 ? "" : ", "}<code>${name}</code>`)}.`}</p>`;
}

function origin(name: string): Html {
  const source = EXAMPLES.find(({ gives }) => gives !== undefined && name in gives);
  if (!source) return html`${VARIABLES[name] ?? ""}`;
  const method = methodAt(source.method);
  return html`<code>${source.gives?.[name] ?? ""}</code> of <a href="${placeOf(method) ?? ""}">${method.name}</a>`;
}
