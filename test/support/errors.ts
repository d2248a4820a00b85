import { fromBinary } from "@bufbuild/protobuf";
import { type Violation, ViolationsSchema } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { ErrorDetailSchema, Reason } from "../../gen/organization/errors/v1/errors_pb.ts";

/** What an error in Connect's JSON says to a program. */
export interface ErrorInfo {
  readonly code: string;
  readonly message: string;
  /** In lower case, as `src/lib/errors.ts` spells it. */
  readonly reason: string | undefined;
  readonly requestId: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** With the proto path of the field, such as `additional_scopes.scopes[2]`. */
  readonly violations: readonly { readonly field: string; readonly rule: string; readonly message: string }[];
}

/** The body of a refused call in Connect's JSON. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
}

/** Reads the body of a refused call. */
export function errorOf(body: ErrorBody): ErrorInfo {
  const detail = find(body, ErrorDetailSchema.typeName);
  const error = detail && fromBinary(ErrorDetailSchema, detail);
  const violations = find(body, ViolationsSchema.typeName);
  return {
    code: body.code,
    message: body.message,
    reason: error && reasonName(error.reason),
    requestId: error?.requestId,
    metadata: error?.metadata ?? {},
    violations: violations
      ? fromBinary(ViolationsSchema, violations).violations.map((violation) => ({
          field: pathOf(violation),
          rule: violation.ruleId,
          message: violation.message,
        }))
      : [],
  };
}

function find({ details = [] }: ErrorBody, typeName: string): Uint8Array | undefined {
  const detail = details.find(({ type }) => type === typeName);
  return detail && Buffer.from(detail.value, "base64");
}

function reasonName(reason: Reason): string {
  const [name] = Object.entries(Reason).find(([, value]) => value === reason) ?? [];
  if (name === undefined) throw new Error(`the schema has no reason ${reason}`);
  return name.toLowerCase();
}

function pathOf({ field }: Violation): string {
  return (field?.elements ?? [])
    .map(({ fieldName, subscript }) => fieldName + (subscript.case === "index" ? `[${subscript.value}]` : ""))
    .join(".");
}
