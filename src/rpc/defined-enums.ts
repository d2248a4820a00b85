import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { invalidField } from "../lib/errors.ts";

/**
 * Refuses an enum value that its enum does not define, anywhere in a message. The schema's rules of some messages leave
 * this open, and what nobody understands would be stored.
 * @throws ServiceError `request_invalid` that names the field.
 */
export function requireDefinedEnums(schema: DescMessage, message: Message): void {
  check(reflect(schema, message, false), "");
}

function check(message: ReflectMessage, at: string): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    for (const [suffix, value] of valuesOf(message, field)) checkValue(field, value, `${at}${field.name}${suffix}`);
  }
}

function checkValue(field: DescField, value: unknown, path: string): void {
  if (field.message) check(value as ReflectMessage, `${path}.`);
  if (!field.enum || field.enum.value[value as number]) return;
  const names = field.enum.values.map(({ name }) => name).join(", ");
  throw invalidField(path, "enum.defined_only", `has an undefined value: ${names} are accepted`);
}

/** A field's values, each with what its path ends in. */
function valuesOf(message: ReflectMessage, field: DescField): [string, unknown][] {
  if (field.fieldKind === "list") return [...message.get(field)].map((value, index) => [`[${index}]`, value]);
  if (field.fieldKind === "map")
    return [...message.get(field)].map(([key, value]) => [`[${JSON.stringify(key)}]`, value]);
  return [["", message.get(field)]];
}
