import type { DescMessage, Message } from "@bufbuild/protobuf";
import { createValidator, type Violation } from "@bufbuild/protovalidate";
import { type FieldViolation, invalidField, ServiceError } from "../../lib/errors.ts";
import { createNulCheck } from "../nul-characters.ts";

/**
 * Checks the rules that the schema declares on requests (buf.validate). What a single message cannot tell (does it exist,
 * may it change) is the domain's. The check throws ServiceError `request_invalid` that names each field and rule.
 */
export function createValidate(): (schema: DescMessage, message: Message) => void {
  const validator = createValidator();
  const findNul = createNulCheck();

  return (schema, message) => {
    const result = validator.validate(schema, message);
    if (result.kind === "error") throw result.error;
    if (result.kind === "invalid") throw refusal(result.violations.map(toFieldViolation));
    const nul = findNul(schema, message);
    if (nul !== undefined) {
      throw invalidField(nul, "string.no_nul", "must not contain a NUL character (U+0000)");
    }
  };
}

function refusal(violations: readonly FieldViolation[]): ServiceError {
  const message = violations.map((violation) => `${violation.field}: ${violation.message}`).join("; ");
  return new ServiceError("request_invalid", message, { violations });
}

/** What is clearer in our own words. The schema's only pattern is that of domains. */
const MESSAGES: Readonly<Record<string, string>> = {
  required: "is required and must not be empty",
  "string.uuid_empty": "must be a UUID, and not empty",
  "string.pattern": "must be a domain name such as example.com",
  "repeated.unique": "must not name anything twice",
};

function toFieldViolation(violation: Violation): FieldViolation {
  const message = MESSAGES[violation.ruleId] ?? violation.message;
  return { field: pathOf(violation), rule: violation.ruleId, message };
}

/** The path as proto spells it, such as `additional_scopes.scopes[2]`. */
function pathOf({ field }: Violation): string {
  let path = "";
  for (const step of field) {
    if (step.kind === "list_sub") path += `[${step.index}]`;
    else if (step.kind === "map_sub") path += `[${JSON.stringify(step.key)}]`;
    else if ("name" in step) path += `${path && "."}${step.name}`;
  }
  return path || "request";
}
