import { html } from "hono/html";
import { ReasonSchema } from "../../../gen/organization/errors/v1/errors_pb.ts";
import type { Code } from "../../lib/errors.ts";
import { CODES, reasonsOf } from "../error-codes.ts";
import { ERRORS_PAGE, placeOf } from "../places.ts";
import { commentOf } from "../schema.ts";
import { type Html, inline } from "../text.ts";
import type { Page } from "./layout.ts";

/** What the program below is answered with, shortened. */
export const ANSWER = `{
  "code": "failed_precondition",
  "message": "…",
  "details": [
    {
      "type": "organization.errors.v1.ErrorDetail",
      "value": "…",
      "debug": {
        "reason": "REASON_SSO_CONFIGURATION_IN_USE",
        "metadata": { "scim_configuration_ids": "…" },
        "requestId": "…"
      }
    }
  ]
}`;

/** A program that decides by the reason of an error. */
export const ERROR_PROGRAM = `import { createOrganizationClient, errorDetail, isReason, Reason } from "organization-service/client";

const { ORGANIZATION_SERVICE_URL = "", TOKEN = "", SSO_CONFIGURATION_ID = "" } = process.env;
const client = createOrganizationClient({ baseUrl: ORGANIZATION_SERVICE_URL, token: TOKEN });

try {
  await client.organization.deleteSSOConfiguration({ ssoConfigurationId: SSO_CONFIGURATION_ID });
} catch (error) {
  if (!isReason(error, Reason.SSO_CONFIGURATION_IN_USE)) throw error;
  console.log(errorDetail(error)?.metadata.scim_configuration_ids);
}
`;

/** The page of error codes and reasons. */
export function errorsPage(): Page {
  return {
    file: ERRORS_PAGE,
    title: "Errors",
    body: html`<h1>Errors</h1>
<p class="lead">Every error has a code, which Connect and gRPC share, a message for people, and a machine-readable reason out of a closed list.</p>
<p>The reason is in the detail <code>organization.errors.v1.ErrorDetail</code>, with what it is about and the request id under which the server has logged the call. A request that breaks rules of its schema carries <code>buf.validate.Violations</code> beside it, with one entry for each rule that was broken: the field, the rule, and what would be accepted.</p>
<p>Decide by code and reason, never by the message. New reasons may come at any time: treat one that you do not know by its code alone. The response header <code>x-should-retry: false</code> says that the same call never succeeds.</p>
<div class="pair"><div><h3>Over Connect, as JSON</h3><pre tabindex="0"><code>${ANSWER}</code></pre></div>
<div><h3>In TypeScript</h3><pre tabindex="0"><code>${ERROR_PROGRAM}</code></pre></div></div>
<h2 id="codes">Codes</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Code</th><th scope="col">HTTP</th><th scope="col">Meaning</th><th scope="col">What to do</th></tr></thead>
<tbody>
${Object.entries(CODES).map(
  ([code, { status, meaning, retry }]) =>
    html`<tr id="code-${code}"><td><code>${code}</code></td><td>${status}</td><td>${meaning}</td><td>${inline(retry, placeOf)}</td></tr>\n`,
)}</tbody></table></div>
<h2 id="${ReasonSchema.typeName}">Reasons</h2>
${(Object.keys(CODES) as Code[]).map(reasonsOfCode)}
${unspecified()}`,
  };
}

function reasonsOfCode(code: Code): Html {
  return html`<h3><code>${code}</code></h3>
<dl class="fields">
${reasonsOf(code).map((reason) => reasonRow(`REASON_${reason.toUpperCase()}`))}</dl>
`;
}

function reasonRow(name: string): Html {
  const value = ReasonSchema.values.find((each) => each.name === name);
  if (!value) throw new Error(`the schema has no reason ${name}`);
  const [situation, advice] = halves(commentOf(value).slice(name.length + 1));
  return html`<div id="${ReasonSchema.typeName}.${name}">
<dt><code>${name}</code></dt>
<dd><p>${inline(situation, placeOf)}</p>${advice === "" ? "" : html`<p class="advice">${inline(advice, placeOf)}</p>`}<p class="wire">${value.number}</p></dd>
</div>
`;
}

/** `means that …. Do this.` → the situation, and what to do about it. */
function halves(text: string): [string, string] {
  const [, first = text, rest = ""] = /^(.*?\.)(?:\s+(.*))?$/s.exec(text) ?? [];
  const situation = first.replace(/^means that /, "");
  return [situation.charAt(0).toUpperCase() + situation.slice(1), rest];
}

/** The value zero belongs to no code. */
function unspecified(): Html {
  const [zero] = ReasonSchema.values;
  const name = zero?.name ?? "";
  return html`<dl class="fields">${reasonRow(name)}</dl>`;
}
