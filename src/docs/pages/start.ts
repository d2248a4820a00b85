import { html } from "hono/html";
import { exampleCode } from "../examples/examples.ts";
import { pageOfTopic, placeOf, START_PAGE } from "../places.ts";
import { commentOf, declarationOf, METHODS, methodAt, SERVICES } from "../schema.ts";
import { inline, paragraphs } from "../text.ts";
import { TOPICS } from "../topics.ts";
import type { Page } from "./layout.ts";
import { summary } from "./topic.ts";

const FIRST = methodAt("gitpod.v1.IdentityService/GetAuthenticatedIdentity");

/** The first page: what a caller needs to know before the first call. */
export function startPage(baseUrl: string): Page {
  const open = METHODS.filter((method) => declarationOf(method).caller === "anyone");
  return {
    file: START_PAGE,
    title: "API reference",
    body: html`<h1>API reference</h1>
<p class="lead">${METHODS.length} methods in ${SERVICES.length} services, over Connect, gRPC and gRPC-Web, on one port. This reference is made from the schema, and a test runs every example in it.</p>

<h2 id="call">A first call</h2>
<pre tabindex="0"><code>export ORGANIZATION_SERVICE_URL=${baseUrl}
export TOKEN=…

${exampleCode(FIRST, "curl")}</code></pre>
<p>A method is a path: the service, a slash, the method. With curl, post JSON to it. Every method is served under <code>/</code> and under <code>/api/</code>. The examples take what they need from the environment: what is not set there already, an earlier example answers with.</p>
<ul>
<li>TypeScript: <code>npm install organization-service</code>.</li>
<li>Go, Python, Java, Kotlin, Swift: generate a client from the schema, as <code>clients/README.md</code> in the repository says; the examples in Go and Python use what it generates.</li>
<li>Anything else that speaks JSON over HTTP: <a href="openapi.json">openapi.json</a>, in OpenAPI 3.1.</li>
</ul>

<h2 id="credentials">Credentials</h2>
<p>Send an API token as <code>Authorization: Bearer …</code>. A token acts for one user in one organization, with the role that the user has at that moment; a read-only token reaches the methods that read. Whoever runs the server can make an operator token on its command line, which acts in every organization, and names one by the header <code>x-organization-id</code> where the request has no organization.</p>
<p>No credential is needed for ${open.map((method, index) => html`${index === 0 ? "" : ", "}<a href="${placeOf(method) ?? ""}">${method.name}</a>`)}.</p>

<h2 id="conventions">Conventions</h2>
<dl class="facts">
<div><dt>Paging</dt><dd>A list takes <code>pagination.pageSize</code> (25, at most 100) and <code>pagination.token</code>, and answers with <code>pagination.nextToken</code> while there is more. A token is good for the same method with the same filter.</dd></div>
<div><dt>Updates</dt><dd>What is absent stays. A field whose list can be emptied is wrapped in a message of its own.</dd></div>
<div><dt>Unknown fields</dt><dd>A JSON body with a field that the request does not have is refused, and the error names it.</dd></div>
<div><dt>Other tenants</dt><dd>Another organization's id is answered like one that does not exist.</dd></div>
<div><dt>Errors</dt><dd>A code, a message, and a reason for programs: see <a href="errors.html">Errors</a>.</dd></div>
<div><dt>Request id</dt><dd>Every answer has the header <code>x-request-id</code>, under which the server's log has the call.</dd></div>
<div><dt>GET</dt><dd>Methods without side effects and without secrets in the request can be called with GET, as Connect defines it.</dd></div>
<div><dt>Secrets</dt><dd>Fields that are marked as secret are never logged. Tokens are shown once.</dd></div>
</dl>

<h2 id="topics">Topics</h2>
${TOPICS.map(
  (topic) => html`<section class="topic"><h3><a href="${pageOfTopic(topic)}">${topic.title}</a></h3>
<p>${topic.summary}</p>
<ul class="contents">${topic.methods.map((method) => html`<li><a href="${placeOf(method) ?? ""}">${method.name}</a> <span>${summary(method)}</span></li>\n`)}</ul></section>
`,
)}
<h2 id="services">Services</h2>
${SERVICES.map(
  (
    service,
  ) => html`<section class="type" id="${service.typeName}"><h3>${service.name} <small>${service.file.proto.package}</small></h3>
${paragraphs(commentOf(service), placeOf, service)}
<p class="wire">${service.methods.map((method, index) => html`${index === 0 ? "" : " · "}<a href="${placeOf(method) ?? ""}">${method.name}</a>`)}</p></section>
`,
)}`,
  };
}

/** The page of all names, from A to Z. */
export function namesPage(
  names: readonly { readonly name: string; readonly kind: string; readonly url: string }[],
): Page {
  const sorted = [...names].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return {
    file: "names.html",
    title: "All names",
    body: html`<h1>All names</h1>
<p class="lead">${inline("Every method, message, enum and error reason, from A to Z.", placeOf)}</p>
<ul class="names" data-filter="names">
${sorted.map(({ name, kind, url }) => html`<li><a href="${url}">${name}</a> <span>${kind}</span></li>\n`)}</ul>`,
  };
}
