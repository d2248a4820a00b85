import type { Domain } from "../domain/domain.ts";
import type { Job } from "./schedule.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Everything that is done beside the requests. */
export function jobsOf(domain: Domain): readonly Job[] {
  return [
    {
      name: "last uses of tokens and sessions",
      everyMs: 30 * SECOND,
      process: "each",
      run: () => domain.principals.flushUses(),
      atClose: true,
    },
    {
      name: "log of SCIM requests",
      everyMs: SECOND,
      process: "each",
      run: () => domain.provisioning.flushRequests(),
      atClose: true,
    },
    {
      name: "last uses of SCIM tokens",
      everyMs: 30 * SECOND,
      process: "each",
      run: () => domain.provisioning.flushUses(),
      atClose: true,
    },
    {
      name: "metadata and keys of identity providers",
      everyMs: MINUTE,
      process: "each",
      run: () => domain.identityProviders.refreshDue(),
    },
    {
      // Each shows it in its own metrics; the events come once.
      name: "expiry of SCIM tokens",
      everyMs: 10 * MINUTE,
      process: "each",
      run: () => domain.provisioning.noticeExpiries(),
    },
    { name: "old SCIM requests", everyMs: 10 * MINUTE, process: "one", run: () => domain.provisioning.deleteOld() },
    { name: "expired sign-ins", everyMs: 10 * MINUTE, process: "one", run: () => domain.signIns.deleteExpired() },
    {
      name: "expired exchange tokens",
      everyMs: 10 * MINUTE,
      process: "one",
      run: () => domain.exchangeTokens.deleteExpired(),
    },
    { name: "expired api tokens", everyMs: 60 * MINUTE, process: "one", run: () => domain.apiTokens.deleteExpired() },
    { name: "keys of ID tokens", everyMs: 10 * MINUTE, process: "one", run: () => domain.signingKeys.rotate() },
    {
      name: "proofs of domains",
      everyMs: 15 * MINUTE,
      process: "one",
      run: () => domain.domainVerifications.recheckDue(),
    },
    { name: "old audit entries", everyMs: 60 * MINUTE, process: "one", run: () => domain.auditLog.deleteOld() },
  ];
}
