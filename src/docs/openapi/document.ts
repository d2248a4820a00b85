/** The JSON surface of the API as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1). */
import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { ErrorDetailSchema } from "../../../gen/organization/errors/v1/errors_pb.ts";
import type { Code } from "../../lib/errors.ts";
import { VERSION } from "../../version.ts";
import { CODES, errorCodes } from "../error-codes.ts";
import { EXAMPLES } from "../examples/scenario.ts";
import { summary } from "../pages/topic.ts";
import type { JsonSchema } from "../rules.ts";
import { commentOf, declarationOf, ENUMS, MESSAGES, METHODS, methodComment, pathOf, reachableFrom } from "../schema.ts";
import { TOPICS, topicOf } from "../topics.ts";
import { enumSchema, messageSchema, reference } from "./schemas.ts";

/** The document, with the server's own URL in it. */
export function openApiDocument(publicUrl: string): JsonSchema {
  return {
    openapi: "3.1.1",
    info: {
      title: "organization-service",
      version: VERSION,
      summary: "The control plane for the enterprise sign-on of organizations.",
      description: INTRODUCTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: publicUrl }],
    externalDocs: { description: "The reference, with examples", url: `${publicUrl}/docs/` },
    security: [{ token: [] }],
    tags: TOPICS.map(({ title, summary: description }) => ({ name: title, description })),
    paths: Object.fromEntries(
      TOPICS.flatMap(({ methods }) => methods).map((method) => [`/${pathOf(method)}`, pathItem(method)]),
    ),
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "An API token." } },
      parameters: PARAMETERS,
      responses: Object.fromEntries(statuses().map(([status, codes]) => [`Error${status}`, errorResponse(codes)])),
      schemas: schemas(),
    },
  };
}

const INTRODUCTION = `Every method is a POST with a JSON body to \`/<service>/<method>\`, as the Connect protocol defines it for unary calls (https://connectrpc.com/docs/protocol). Methods without side effects and without secrets in the request can also be called with GET. The same methods are served over gRPC and gRPC-Web, and under the prefix \`/api\`.

In JSON, fields have their names in lower camel case, enum values are strings, 64-bit integers are strings, and a field that is zero or empty is left out of an answer, unless unset differs from zero. New fields, enum values and error reasons may come at any time: ignore what you do not know.`;

const PARAMETERS = {
  organization: {
    name: "x-organization-id",
    in: "header",
    description: "For operator tokens: the organization that the call is about, where the request names none.",
    schema: { type: "string", format: "uuid" },
  },
  connect: { name: "connect", in: "query", description: "The protocol.", schema: { type: "string", enum: ["v1"] } },
  encoding: {
    name: "encoding",
    in: "query",
    required: true,
    description: "How the message is written.",
    schema: { type: "string", enum: ["json"] },
  },
};

function pathItem(method: DescMethod): JsonSchema {
  const { get, caller } = declarationOf(method);
  const parameters = caller === "anyone" ? {} : { parameters: [{ $ref: "#/components/parameters/organization" }] };
  return { ...parameters, post: postOperation(method), ...(get && { get: getOperation(method) }) };
}

function postOperation(method: DescMethod): JsonSchema {
  const example = EXAMPLES.find((each) => each.method === pathOf(method));
  return {
    ...operation(method, operationId(method)),
    requestBody: {
      required: true,
      content: { "application/json": { schema: reference(method.input), examples: requestExample(example?.request) } },
    },
    responses: responses(method),
  };
}

function getOperation(method: DescMethod): JsonSchema {
  const message = {
    name: "message",
    in: "query",
    required: true,
    description: "The request as JSON.",
    content: { "application/json": { schema: reference(method.input) } },
  };
  return {
    ...operation(method, `${operationId(method)}_get`),
    parameters: [{ $ref: "#/components/parameters/connect" }, { $ref: "#/components/parameters/encoding" }, message],
    responses: responses(method),
  };
}

function operation(method: DescMethod, id: string): JsonSchema {
  const { caller, access, audit, deprecated } = declarationOf(method);
  const comment = methodComment(method);
  const about = [
    ...comment.what,
    `Permission: ${comment.permission}`,
    `Errors: ${comment.errors}`,
    ...(audit === "" ? [] : [`Audit: ${audit}.`]),
  ];
  return {
    operationId: id,
    summary: summary(method),
    description: about.join("\n\n"),
    tags: [topicOf(method).title],
    ...(caller === "anyone" && { security: [] }),
    ...(deprecated && { deprecated: true }),
    "x-permission": { caller, access },
    ...(audit !== "" && { "x-audit-action": audit }),
  };
}

/** The values of variables are another caller's: here they are ids that nobody has. */
function requestExample(request: unknown): JsonSchema {
  const value = JSON.parse(
    JSON.stringify(request).replace(/"\$(\w+)"/g, (_, name: string) => `"${EXAMPLE_VALUES[name] ?? EXAMPLE_ID}"`),
  );
  return { request: { value } };
}

const EXAMPLE_ID = "019c1f6e-2a4b-7c3d-8e5f-0123456789ab";
const EXAMPLE_VALUES: Readonly<Record<string, string>> = { EXCHANGE_TOKEN: "code.verifier" };

function responses(method: DescMethod): JsonSchema {
  const ok = declarationOf(method).streaming
    ? {
        description: "A line of JSON for each message, when the request has the header `Accept: application/jsonl`.",
        content: { "application/jsonl": { schema: reference(method.output) } },
      }
    : { description: commentOf(method.output), content: { "application/json": { schema: reference(method.output) } } };
  const codes = errorCodes(method);
  const errors = statuses().filter(([, each]) => each.some((code) => codes.includes(code)));
  return {
    "200": ok,
    ...Object.fromEntries(errors.map(([status]) => [status, { $ref: `#/components/responses/Error${status}` }])),
  };
}

function operationId(method: DescMethod): string {
  return pathOf(method).replace("/", ".");
}

/** HTTP status → the codes that have it. */
function statuses(): [status: string, codes: Code[]][] {
  // Nobody is there to read that a call was canceled.
  const answered = Object.entries(CODES).filter(([code]) => code !== "canceled");
  const byStatus = Map.groupBy(answered, ([, { status }]) => String(status));
  return [...byStatus].map(([status, entries]) => [status, entries.map(([code]) => code as Code)]);
}

function errorResponse(codes: readonly Code[]): JsonSchema {
  return {
    description: codes.map((code) => `\`${code}\`: ${CODES[code].meaning} ${CODES[code].retry}`).join("\n"),
    headers: {
      "x-request-id": { description: "Under which the server has logged the call.", schema: { type: "string" } },
      "x-should-retry": { description: "`false`: the same call never succeeds.", schema: { type: "string" } },
      "retry-after": { description: "Seconds until another attempt makes sense.", schema: { type: "integer" } },
    },
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
}

/** Every type that a call can hold, by its full name, and the error. */
function schemas(): JsonSchema {
  const requests = reachableFrom(METHODS.map(({ input }) => input));
  const all = reachableFrom([
    ...METHODS.flatMap(({ input, output }): DescMessage[] => [input, output]),
    ErrorDetailSchema,
  ]);
  return {
    ...Object.fromEntries(
      MESSAGES.filter((message) => all.has(message)).map((message) => [
        message.typeName,
        messageSchema(message, requests.has(message) ? "request" : "response"),
      ]),
    ),
    ...Object.fromEntries(ENUMS.filter((desc) => all.has(desc)).map((desc) => [desc.typeName, enumSchema(desc)])),
    Error: ERROR,
    ErrorDetail: ERROR_DETAIL,
    Violations: VIOLATIONS,
  };
}

const ERROR: JsonSchema = {
  type: "object",
  description: "The body of every error (https://connectrpc.com/docs/protocol#error-end-stream).",
  required: ["code"],
  properties: {
    code: { type: "string", enum: Object.keys(CODES), description: "What kind of error it is." },
    message: { type: "string", description: "For people; it may change." },
    details: {
      type: "array",
      items: { $ref: "#/components/schemas/ErrorDetail" },
      description: "What programs can read: the reason, and the rules that were broken.",
    },
  },
};

const ERROR_DETAIL: JsonSchema = {
  type: "object",
  description: "One detail: a message of Protobuf, in binary, and again as JSON.",
  required: ["type", "value"],
  properties: {
    type: { type: "string", description: "`organization.errors.v1.ErrorDetail` or `buf.validate.Violations`." },
    value: { type: "string", contentEncoding: "base64", description: "The message in binary, in base64." },
    debug: {
      description: "The message as JSON.",
      anyOf: [reference(ErrorDetailSchema), { $ref: "#/components/schemas/Violations" }],
    },
  },
};

const VIOLATIONS: JsonSchema = {
  type: "object",
  description: "The rules of the schema that a request has broken (buf.validate.Violations).",
  properties: {
    violations: {
      type: "array",
      items: {
        type: "object",
        properties: {
          field: {
            type: "object",
            description: "Which field.",
            properties: {
              elements: {
                type: "array",
                items: {
                  type: "object",
                  properties: {
                    fieldName: { type: "string", description: "Name of the field in the schema." },
                    index: { type: "string", description: "Which element of a list." },
                  },
                },
              },
            },
          },
          ruleId: { type: "string", description: "Which rule, such as `string.uuid`." },
          message: { type: "string", description: "What would be accepted." },
        },
      },
    },
  },
};
