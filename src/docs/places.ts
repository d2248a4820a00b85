/** Which page shows what. Every element of the schema has one place. */
import type { AnyDesc, DescEnum, DescMessage } from "@bufbuild/protobuf";
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

const TYPES: readonly DescType[] = [...MESSAGES, ...ENUMS];

const pages: ReadonlyMap<DescType, string> = choosePages();

/** The types that are explained on the page of a topic: those that no other topic reaches. */
export function typesOf(topic: Topic): DescType[] {
  return TYPES.filter((type) => pageOfType(type) === pageOfTopic(topic) && !isCallType(type));
}

/** The types that are explained on the page of types. */
export function sharedTypes(): DescType[] {
  return TYPES.filter((type) => pageOfType(type) === TYPES_PAGE);
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
  return pages.get(type);
}

/** A type that one topic alone reaches is on that topic's page. */
function choosePages(): Map<DescType, string> {
  const reached = TOPICS.map((topic) => {
    const roots = topic.methods.flatMap(({ input, output }) => [input, output]);
    return { page: pageOfTopic(topic), types: reachableFrom(roots) };
  });
  return new Map(
    TYPES.map((type) => {
      const [only, ...others] = reached.filter(({ types }) => types.has(type));
      return [type, only && others.length === 0 ? only.page : TYPES_PAGE] as const;
    }),
  ).set(ReasonSchema, ERRORS_PAGE);
}
