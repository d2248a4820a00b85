import { type DescMethod, type DescService, getOption, hasOption } from "@bufbuild/protobuf";
import { Access, audit, Caller, permission } from "../../gen/organization/options/v1/options_pb.ts";
import { credentialMissing, type Caller as Principal } from "../domain/principals.ts";
import { ServiceError } from "../lib/errors.ts";

/** What a method's options say: who may call it, whether it changes something, and its name in the audit log. */
export interface Policy {
  readonly caller: "anyone" | "user" | "member" | "admin" | "operator";
  readonly access: "read" | "write";
  /** Empty for reads. */
  readonly audit: string;
}

/** Infrastructure that carries no option of ours and tells nothing about any organization. */
export const INFRASTRUCTURE: ReadonlySet<string> = new Set([
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
]);

const OPEN: Policy = { caller: "anyone", access: "read", audit: "" };

const CALLERS: Readonly<Record<number, Policy["caller"]>> = {
  [Caller.ANYONE]: "anyone",
  [Caller.USER]: "user",
  [Caller.MEMBER]: "member",
  [Caller.ADMIN]: "admin",
  [Caller.OPERATOR]: "operator",
};

const ACCESS: Readonly<Record<number, Policy["access"]>> = { [Access.READ]: "read", [Access.WRITE]: "write" };

/**
 * Reads the policy of every method of the services.
 * @throws Error that names each method without a complete permission option: the server must not start with a method
 *   that nobody decided about.
 */
export function readPolicies(services: readonly DescService[]): ReadonlyMap<DescMethod, Policy> {
  const policies = new Map<DescMethod, Policy>();
  const problems: string[] = [];
  for (const service of services) {
    for (const method of service.methods) {
      const policy = INFRASTRUCTURE.has(service.typeName) ? OPEN : readPolicy(method);
      if (typeof policy === "string") problems.push(`${service.typeName}.${method.name}: ${policy}`);
      else policies.set(method, policy);
    }
  }
  if (problems.length > 0) throw new Error(`methods without a complete permission option:\n${problems.join("\n")}`);
  return policies;
}

function readPolicy(method: DescMethod): Policy | string {
  if (!hasOption(method, permission)) return "no (organization.options.v1.permission)";
  const option = getOption(method, permission);
  const caller = CALLERS[option.caller];
  const access = ACCESS[option.access];
  if (!caller || !access) return "caller and access must both be set";
  const action = getOption(method, audit);
  if (access === "write" && action === "") return "a method that writes needs (organization.options.v1.audit)";
  return { caller, access, audit: action };
}

/**
 * Lets the caller pass or refuses. Rows are no matter here: which of them a caller sees is decided by every query's scope.
 * @throws ServiceError `credential_missing`, `admin_required`, `operator_required`, `token_read_only`.
 */
export function authorize(policy: Policy, caller: Principal): void {
  if (policy.caller === "anyone") return;
  if (caller.kind === "anonymous" || caller.kind === "scim") throw credentialMissing();
  if (caller.kind === "system") return;
  if (policy.caller === "operator" && caller.kind !== "operator") {
    throw new ServiceError("operator_required", "only the operator may do this: use an operator token");
  }
  if (policy.caller === "admin" && caller.kind === "user" && caller.role !== "admin") {
    throw new ServiceError("admin_required", "only an admin of the organization may do this: ask one");
  }
  if (policy.access === "write" && caller.readOnly) {
    throw new ServiceError("token_read_only", "the token may only read: use one that was made without read-only");
  }
}
