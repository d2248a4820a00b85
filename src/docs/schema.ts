/**
 * The schema as its documentation sees it: services in the order in which they are shown, everything that they reach, and
 * the comment of each element.
 */
import type {
  AnyDesc,
  DescEnum,
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescService,
} from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { AccountService } from "../../gen/gitpod/v1/account_service_pb.ts";
import { file_gitpod_v1_actionable_error } from "../../gen/gitpod/v1/actionable_error_pb.ts";
import { EventService } from "../../gen/gitpod/v1/event_service_pb.ts";
import { GroupService } from "../../gen/gitpod/v1/group_service_pb.ts";
import { IdentityService } from "../../gen/gitpod/v1/identity_service_pb.ts";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { UserService } from "../../gen/gitpod/v1/user_service_pb.ts";
import { file_organization_errors_v1_errors } from "../../gen/organization/errors/v1/errors_pb.ts";
import {
  Access,
  audit,
  Caller,
  file_organization_options_v1_options,
  permission,
} from "../../gen/organization/options/v1/options_pb.ts";
import { AuditService } from "../../gen/organization/v1/audit_service_pb.ts";
import { ProvisioningService } from "../../gen/organization/v1/provisioning_service_pb.ts";
import { SessionService } from "../../gen/organization/v1/session_service_pb.ts";
import { SignInService } from "../../gen/organization/v1/sign_in_service_pb.ts";
import { COMMENTS } from "./comments.ts";

/** Every documented service. */
export const SERVICES: readonly DescService[] = [
  OrganizationService,
  AccountService,
  UserService,
  GroupService,
  IdentityService,
  EventService,
  SignInService,
  SessionService,
  ProvisioningService,
  AuditService,
];

/** Every method, in the order of the services. */
export const METHODS: readonly DescMethod[] = SERVICES.flatMap((service) => service.methods);

/** Every file of the project's own schema, ordered by name. */
export const FILES: readonly DescFile[] = collectFiles([
  ...SERVICES.map((service) => service.file),
  file_organization_errors_v1_errors,
  file_organization_options_v1_options,
  file_gitpod_v1_actionable_error,
]);

/** Every message of the files, parents before what is nested in them. */
export const MESSAGES: readonly DescMessage[] = FILES.flatMap((file) => file.messages.flatMap(withNested));

/** Every enum of the files. */
export const ENUMS: readonly DescEnum[] = [
  ...FILES.flatMap((file) => file.enums),
  ...MESSAGES.flatMap((message) => message.nestedEnums),
];

/** Every option that the files declare. */
export const EXTENSIONS: readonly DescExtension[] = FILES.flatMap((file) => file.extensions);

/** A message or an enum. */
export type DescType = DescMessage | DescEnum;

/** `gitpod.v1.OrganizationService/GetOrganization` */
export function pathOf(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/** The method with a path such as `gitpod.v1.OrganizationService/GetOrganization`. */
export function methodAt(path: string): DescMethod {
  const method = METHODS.find((each) => pathOf(each) === path);
  if (!method) throw new Error(`there is no method ${path}`);
  return method;
}

/** The comment of an element; paragraphs have an empty line between them. */
export function commentOf(desc: AnyDesc): string {
  const comment = COMMENTS[fullNameOf(desc)];
  if (comment === undefined) throw new Error(`${desc.toString()} has no comment: run \`npm run docs\``);
  return comment;
}

/** The key of an element in the comments. */
export function fullNameOf(desc: AnyDesc): string {
  switch (desc.kind) {
    case "field":
    case "oneof":
      return `${desc.parent.typeName}.${desc.name}`;
    case "rpc":
      return `${desc.parent.typeName}.${desc.name}`;
    case "enum_value":
      return `${desc.parent.typeName}.${desc.name}`;
    case "file":
      return desc.name;
    default:
      return desc.typeName;
  }
}

/** The comment of a method, taken apart. */
export interface MethodComment {
  /** What it does: paragraphs. */
  readonly what: readonly string[];
  /** Who may call it, in a sentence. */
  readonly permission: string;
  /** How it fails beside what every method can fail with. */
  readonly errors: string;
}

/** Takes the comment of a method apart. */
export function methodComment(method: DescMethod): MethodComment {
  const paragraphs = commentOf(method).split("\n\n");
  const labelled = (label: string) => {
    const paragraph = paragraphs.find((each) => each.startsWith(label));
    if (paragraph === undefined) throw new Error(`the comment of ${pathOf(method)} has no paragraph ${label}`);
    return paragraph.slice(label.length).trim();
  };
  return {
    what: paragraphs.filter((each) => !/^(Permission|Errors):/.test(each)),
    permission: labelled("Permission:"),
    errors: labelled("Errors:"),
  };
}

/** What a method declares beside its types. */
export interface Declaration {
  readonly caller: "anyone" | "user" | "member" | "admin" | "operator";
  readonly access: "read" | "write";
  /** Empty for methods that change nothing. */
  readonly audit: string;
  readonly idempotency: "no side effects" | "idempotent" | "none";
  /** Whether it can be called with GET: it has no side effects, one answer, and no secret in the request. */
  readonly get: boolean;
  readonly streaming: boolean;
  readonly deprecated: boolean;
}

/** Reads the options of a method. */
export function declarationOf(method: DescMethod): Declaration {
  const { caller, access } = getOption(method, permission);
  const noSideEffects = method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
  const idempotent = method.idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT;
  return {
    caller: nameOf(Caller, caller) as Declaration["caller"],
    access: nameOf(Access, access) as Declaration["access"],
    audit: getOption(method, audit),
    idempotency: noSideEffects ? "no side effects" : idempotent ? "idempotent" : "none",
    get: noSideEffects && method.methodKind === "unary" && !holdsSecret(method.input),
    streaming: method.methodKind === "server_streaming",
    deprecated: method.deprecated,
  };
}

/** Whether the schema says that a field holds a secret. */
export function isSecret(field: DescField): boolean {
  return field.proto.options?.debugRedact ?? false;
}

/** Everything that the roots hold, themselves included; well-known types of Protobuf are left out. */
export function reachableFrom(roots: readonly DescMessage[]): Set<DescType> {
  const found = new Set<DescType>();
  const visit = (type: DescType | undefined) => {
    if (type === undefined || found.has(type) || isForeign(type)) return;
    found.add(type);
    if (type.kind === "message") for (const field of type.fields) visit(field.message ?? field.enum);
  };
  for (const root of roots) visit(root);
  return found;
}

/** Whether a type is not of this schema. */
export function isForeign(type: DescType): boolean {
  return type.file.proto.package.startsWith("google.") || type.file.proto.package.startsWith("buf.");
}

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

function collectFiles(roots: readonly DescFile[]): DescFile[] {
  const files = new Set<DescFile>();
  const visit = (file: DescFile) => {
    if (files.has(file) || /^(google|buf)\//.test(file.name)) return;
    files.add(file);
    file.dependencies.forEach(visit);
  };
  roots.forEach(visit);
  return [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nameOf(values: Readonly<Record<string, string | number>>, value: number): string {
  return (Object.entries(values).find(([, each]) => each === value)?.[0] ?? "").toLowerCase();
}

function holdsSecret(message: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(message)) return false;
  seen.add(message);
  return message.fields.some(
    (field) => isSecret(field) || (field.message !== undefined && holdsSecret(field.message, seen)),
  );
}
