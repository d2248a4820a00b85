import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type DescField, type DescFile, type DescMessage, type DescMethod, getOption } from "@bufbuild/protobuf";
import { audit, permission } from "../../gen/organization/options/v1/options_pb.ts";

const gen = join(import.meta.dirname, "../../gen");

/** Every file of the project's own packages, ordered by path. Whatever is generated is found: there is no list to keep. */
export async function loadSchema(): Promise<DescFile[]> {
  const paths = ["gitpod", "organization"].flatMap((folder) =>
    readdirSync(join(gen, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const modules = await Promise.all(paths.sort().map(importModule));
  return modules.flatMap((module) => Object.values(module).filter(isFile));
}

/** What a method declares with the options of our own, next to its descriptor. */
export type Declared = ReturnType<typeof declared>;

/** Every method of the given files with its permission and audit action. */
export function declaredMethods(files: DescFile[]): Declared[] {
  return files.flatMap((file) => file.services.flatMap((service) => service.methods.map(declared)));
}

/** A message's fields and those of all messages below it, each once. */
export function fieldsWithin(message: DescMessage, seen = new Set<DescMessage>()): DescField[] {
  if (seen.has(message)) return [];
  seen.add(message);
  return message.fields.flatMap((field) => [field, ...(field.message ? fieldsWithin(field.message, seen) : [])]);
}

/** Every message of a file, with nested ones after their parents. */
export function messagesOf(parent: DescFile | DescMessage): DescMessage[] {
  const messages = parent.kind === "file" ? parent.messages : parent.nestedMessages;
  return messages.flatMap((message) => [message, ...messagesOf(message)]);
}

/** Whether the descriptor marks a field as one that never appears in logs. */
export function isRedacted(field: DescField): boolean {
  return field.proto.options?.debugRedact ?? false;
}

function declared(method: DescMethod) {
  const { caller, access } = getOption(method, permission);
  return { method, name: `${method.parent.typeName}.${method.name}`, caller, access, audit: getOption(method, audit) };
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  return await import(pathToFileURL(path).href);
}

function isFile(value: unknown): value is DescFile {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "file";
}
