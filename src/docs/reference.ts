/** The reference: a set of static files, made from the schema. */
import { ReasonSchema } from "../../gen/organization/errors/v1/errors_pb.ts";
import { openApiDocument } from "./openapi/document.ts";
import { errorsPage } from "./pages/errors.ts";
import { layout } from "./pages/layout.ts";
import { namesPage, startPage } from "./pages/start.ts";
import { topicPage } from "./pages/topic.ts";
import { typesPage } from "./pages/types.ts";
import { ERRORS_PAGE, NAMES_PAGE, pageOfTopic, placeOf, START_PAGE, TYPES_PAGE } from "./places.ts";
import { ENUMS, MESSAGES, METHODS } from "./schema.ts";
import { SCRIPT } from "./script.ts";
import { STYLESHEET } from "./stylesheet.ts";
import { shortName } from "./text.ts";
import { TOPICS } from "./topics.ts";

/**
 * Every file of the reference, by its name, made when it is asked for: all of them together take long enough to be felt by others.
 * Links between them are relative, so that they also work from a disk.
 */
export function referenceFiles(baseUrl: string): ReadonlyMap<string, () => string> {
  const fixed: [string, () => string][] = [
    [START_PAGE, () => layout(startPage(baseUrl))],
    [ERRORS_PAGE, () => layout(errorsPage())],
    [TYPES_PAGE, () => layout(typesPage())],
    [NAMES_PAGE, () => layout(namesPage(names()))],
    ["openapi.json", () => `${JSON.stringify(openApiDocument(baseUrl), undefined, 2)}\n`],
    ["reference.css", () => STYLESHEET],
    ["reference.js", () => SCRIPT],
  ];
  return new Map([...fixed, ...TOPICS.map((topic) => [pageOfTopic(topic), () => layout(topicPage(topic))] as const)]);
}

function names() {
  return [
    ...METHODS.map((method) => ({ name: method.name, kind: "method", url: placeOf(method) ?? "" })),
    ...MESSAGES.map((message) => ({ name: shortName(message), kind: "message", url: placeOf(message) ?? "" })),
    ...ENUMS.map((desc) => ({ name: shortName(desc), kind: "enum", url: placeOf(desc) ?? "" })),
    ...ReasonSchema.values.map((value) => ({ name: value.name, kind: "reason", url: placeOf(value) ?? "" })),
  ];
}
