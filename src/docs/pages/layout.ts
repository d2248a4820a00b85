import { html, raw } from "hono/html";
import { ERRORS_PAGE, NAMES_PAGE, pageOfTopic, START_PAGE, TYPES_PAGE } from "../places.ts";
import type { Html } from "../text.ts";
import { TOPICS } from "../topics.ts";

/** What is around every page. */
export interface Page {
  /** Name of the file. */
  readonly file: string;
  readonly title: string;
  readonly body: Html;
}

/** A whole page as a document. */
export function layout({ file, title, body }: Page): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · organization-service</title>
<link rel="stylesheet" href="reference.css">
<script src="reference.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="brand" href="${START_PAGE}">organization-service</a> <span>API reference</span></header>
<div class="frame">
<nav aria-label="Reference">
<input type="checkbox" id="menu"><label for="menu">All methods</label>
<div class="menu">
<ul class="pages">
${[
  [START_PAGE, "Start here"],
  [ERRORS_PAGE, "Errors"],
  [TYPES_PAGE, "Shared types"],
  [NAMES_PAGE, "All names"],
].map(([page, name]) => html`<li><a href="${page}"${current(page === file)}>${name}</a></li>\n`)}</ul>
${TOPICS.map(
  (topic) => html`<details${raw(pageOfTopic(topic) === file ? " open" : "")}>
<summary><a href="${pageOfTopic(topic)}"${current(pageOfTopic(topic) === file)}>${topic.title}</a></summary>
<ul>${topic.methods.map(
    (method) =>
      html`<li><a href="${pageOfTopic(topic)}#${method.name}"${raw(method.deprecated ? ' class="gone"' : "")}>${method.name}</a></li>\n`,
  )}</ul>
</details>
`,
)}</div>
</nav>
<main id="main">
${body}
</main>
</div>
</body>
</html>
`;
  return String(document);
}

function current(is: boolean): Html | string {
  return is ? raw(' aria-current="page"') : "";
}
