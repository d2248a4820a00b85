import type { Context } from "./principals.ts";
import { credentialMissing } from "./principals.ts";

/** Who a caller is, as others may refer to it. */
export interface Identity {
  readonly subjectId: string;
  /** The operator is no person: it appears as a machine. */
  readonly principal: "user" | "service_account";
  /** Where the caller acts; undefined for the operator who names no organization. */
  readonly organizationId: string | undefined;
}

/** Who the callers are. */
export function createIdentity() {
  return {
    /** @throws ServiceError `credential_missing` for a stranger. */
    getAuthenticated({ caller }: Context): Identity {
      switch (caller.kind) {
        case "user":
          return { subjectId: caller.userId, principal: "user", organizationId: caller.organizationId };
        case "operator":
          return {
            subjectId: caller.credentialId,
            principal: "service_account",
            organizationId: caller.organizationId,
          };
        default:
          throw credentialMissing();
      }
    },
  };
}
