/** Which page shows what. Every element of the schema has one place. */
import type { AnyDesc, DescEnum, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { ReasonSchema } from "../../gen/organization/errors/v1/errors_pb.ts";
import { type DescType, ENUMS, MESSAGES, reachableFrom, SERVICES } from "./schema.ts";
import { TOPICS, type Topic, topicOf } from "./topics.ts";

/** Pages beside those of the topics. */
export const START_PAGE = "index.html";
export const ERRORS_PAGE = "errors.html";
export const TYPES_PAGE = "types.html";
export const NAMES_PAGE = "names.html";

/** The file of a topic's page. */
export function pageOfTopic({ id }: Topic): string {
  return `${id}.html`;
}

const reached = new Map(TOPICS.map((topic) => [topic, reachedBy(topic)] as const));

/** The types that are explained on the page of a topic: those that no other topic reaches. */
export function typesOf(topic: Topic): DescType[] {
  return allTypes().filter((type) => pageOfType(type) === pageOfTopic(topic) && !isCallType(type));
}

/** The types that are explained on the page of types. */
export function sharedTypes(): DescType[] {
  return allTypes().filter((type) => pageOfType(type) === TYPES_PAGE);
}

/** Whether a message is the request or the response of a method, and is shown with it. */
export function isCallType(type: DescType): boolean {
  return type.kind === "message" && callTypes.has(type);
}

const callTypes: ReadonlySet<DescMessage> = new Set(
  TOPICS.flatMap(({ methods }) => methods.flatMap(({ input, output }) => [input, output])),
);

/** Where an element is, as a URL relative to any page; undefined for what is not of the schema. */
export function placeOf(desc: AnyDesc): string | undefined {
  switch (desc.kind) {
    case "rpc":
      return `${pageOfTopic(topicOf(desc))}#${desc.name}`;
    case "service":
      return SERVICES.includes(desc) ? `${START_PAGE}#${desc.typeName}` : undefined;
    case "message":
    case "enum": {
      const page = pageOfType(desc);
      return page && `${page}#${desc.typeName}`;
    }
    case "field":
    case "oneof": {
      const page = pageOfType(desc.parent);
      return page && `${page}#${desc.parent.typeName}.${desc.name}`;
    }
    case "enum_value": {
      const page = pageOfType(desc.parent);
      return page && `${page}#${desc.parent.typeName}.${desc.name}`;
    }
    case "extension":
      return `${TYPES_PAGE}#${desc.typeName}`;
    default:
      return undefined;
  }
}

/** Well-known types of Protobuf have a section on the page of types. */
export function placeOfType(type: DescMessage | DescEnum): string {
  return placeOf(type) ?? `${TYPES_PAGE}#${type.typeName}`;
}

function pageOfType(type: DescType): string | undefined {
  if (type === ReasonSchema) return ERRORS_PAGE;
  if (!allTypes().includes(type)) return undefined;
  const topics = TOPICS.filter((topic) => reached.get(topic)?.has(type));
  const [only] = topics;
  return topics.length === 1 && only ? pageOfTopic(only) : TYPES_PAGE;
}

function reachedBy({ methods }: { readonly methods: readonly DescMethod[] }): Set<DescType> {
  return reachableFrom(methods.flatMap(({ input, output }) => [input, output]));
}

function allTypes(): DescType[] {
  return [...MESSAGES, ...ENUMS];
}
