import { randomBytes } from "node:crypto";
import type { TxtAnswer } from "../lib/dns.ts";
import { invalidField, notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import { type DomainVerificationRecord, DuplicateError, type Page, type PageRequest } from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import { requireDomain } from "./domain-names.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization, scopeOf } from "./principals.ts";
import { isPublicMailDomain } from "./public-mail-domains.ts";

export type DomainVerification = DomainVerificationRecord;

const RECORD_PREFIX = "_organization-verification.";
const VALUE_PREFIX = "organization-verification=";

/** Characters of a DNS name (RFC 1035, section 2.3.4) that are left for the domain behind the record's prefix. */
const MAX_DOMAIN_LENGTH = 253 - RECORD_PREFIX.length;

/** Milliseconds between two background checks of a proven domain: twelve hours. */
export const RECHECK_INTERVAL = 12 * 3_600_000;
/** A proven domain is lost when this many background checks in a row found no proof: after about two days. */
export const RECHECK_FAILURES = 4;

/** Domains per background run, and how many of them are asked for at once. */
const RECHECK_BATCH = 200;
const RECHECK_PARALLEL = 10;

/** The name of the TXT record that proves the domain. */
export function proofRecordName(verification: Pick<DomainVerification, "domain">): string {
  return RECORD_PREFIX + verification.domain;
}

/** The value that the TXT record has to have. */
export function proofRecordValue(verification: Pick<DomainVerification, "verificationToken">): string {
  return VALUE_PREFIX + verification.verificationToken;
}

/** The domains that organizations claim, and their proof by DNS. */
export function createDomainVerifications(environment: Environment) {
  const { storage, clock, resolver } = environment;

  /** @throws ServiceError `not_found`. */
  async function get(context: Context, id: string): Promise<DomainVerification> {
    const found = await storage.read.domainVerifications.get(scopeOf(context.caller), id);
    if (!found) throw notFound("domain verification");
    return found;
  }

  async function ask(verification: DomainVerification): Promise<TxtAnswer> {
    return resolver.resolveTxt(proofRecordName(verification));
  }

  /** Notes the answer about a proven domain; the proof is lost when it was missing too often in a row. */
  async function noteRecheck(checked: DomainVerification, answer: TxtAnswer): Promise<"kept" | "lost"> {
    const context: Context = { caller: { kind: "system" }, requestId: "", action: "domain_verification.lose" };
    return storage.write(async (records) => {
      const before = await records.domainVerifications.lock(checked.organizationId, checked.id);
      if (before?.state !== "verified") return "kept";
      const failures = failuresAfter(before, answer);
      const noted = { ...before, lastCheckedAt: clock.now(), failures };
      if (failures < RECHECK_FAILURES) {
        await records.domainVerifications.update(noted);
        return "kept";
      }
      const after: DomainVerification = { ...noted, state: "pending", verifiedAt: undefined, failures: 0 };
      await records.domainVerifications.update(after);
      await recordChange(environment, records, context, {
        ...subject(after),
        operation: "update_status",
        before: view(before),
        after: view(after),
      });
      return "lost";
    });
  }

  return {
    /**
     * Starts a verification; it is pending until {@link verify} finds the record. Other organizations may do so too.
     * @throws ServiceError `not_found` (organization), `request_invalid` (no domain name), `domain_public_provider`,
     *   `already_exists`.
     */
    async create(context: Context, organization: string, domainText: string): Promise<DomainVerification> {
      const organizationId = requireOrganization(context.caller, organization);
      const domain = requireProvable(domainText);
      const verification: DomainVerification = {
        id: newId(),
        organizationId,
        domain,
        state: "pending",
        verificationToken: randomBytes(20).toString("hex"),
        verifiedAt: undefined,
        lastCheckedAt: undefined,
        failures: 0,
        createdAt: clock.now(),
      };
      try {
        return await storage.write(async (records) => {
          if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
          await records.domainVerifications.insert(verification);
          await recordChange(environment, records, context, {
            ...subject(verification),
            operation: "create",
            after: view(verification),
          });
          return verification;
        });
      } catch (error) {
        if (!(error instanceof DuplicateError)) throw error;
        throw new ServiceError(
          "already_exists",
          `the organization has a verification of ${domain}: read or verify that one`,
        );
      }
    },

    get,

    /**
     * The organization's verifications in creation order.
     * @throws ServiceError `not_found` (organization).
     */
    async list(context: Context, organizationId: string, page: PageRequest): Promise<Page<DomainVerification>> {
      requireOrganization(context.caller, organizationId);
      const found = await storage.read.domainVerifications.list(organizationId, page);
      if (found.items.length === 0 && !(await storage.read.organizations.get(organizationId))) {
        throw notFound("organization");
      }
      return found;
    },

    /**
     * Asks DNS now; a domain that is proven already stays so without a question.
     * @throws ServiceError `not_found`, `domain_record_not_found`, `domain_record_mismatch`, `dns_server_failure`,
     *   `dns_timeout`. The verification stays pending.
     */
    async verify(context: Context, id: string): Promise<DomainVerification> {
      const asked = await get(context, id);
      if (asked.state === "verified") return asked;
      // Outside of the transaction: DNS may take seconds.
      requireProof(asked, await ask(asked));
      return storage.write(async (records) => {
        const before = await records.domainVerifications.lock(asked.organizationId, id);
        if (!before) throw notFound("domain verification");
        if (before.state === "verified") return before;
        const now = clock.now();
        const after: DomainVerification = {
          ...before,
          state: "verified",
          verifiedAt: now,
          lastCheckedAt: now,
          failures: 0,
        };
        await records.domainVerifications.update(after);
        await recordChange(environment, records, context, {
          ...subject(after),
          operation: "update_status",
          before: view(before),
          after: view(after),
        });
        return after;
      });
    },

    /** @throws ServiceError `not_found`. */
    async delete(context: Context, id: string): Promise<void> {
      await storage.write(async (records) => {
        const before = await records.domainVerifications.lock(scopeOf(context.caller), id);
        if (!before) throw notFound("domain verification");
        await records.domainVerifications.delete(id);
        await recordChange(environment, records, context, {
          ...subject(before),
          operation: "delete",
          before: view(before),
        });
      });
    },

    /**
     * Checks the proven domains that were not checked for {@link RECHECK_INTERVAL}, a bounded number of them. Safe in
     * several processes at once.
     * @returns how many were checked, and which of them are no longer proven.
     */
    async recheckDue(): Promise<{ readonly checked: number; readonly lost: readonly DomainVerification[] }> {
      const due = await storage.read.domainVerifications.listDue(clock.now() - RECHECK_INTERVAL, RECHECK_BATCH);
      const lost: DomainVerification[] = [];
      const queue = [...due];
      const work = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          if ((await noteRecheck(next, await ask(next))) === "lost") lost.push(next);
        }
      };
      await Promise.all(Array.from({ length: RECHECK_PARALLEL }, work));
      return { checked: due.length, lost };
    },
  };
}

export type DomainVerifications = ReturnType<typeof createDomainVerifications>;

function requireProvable(text: string): string {
  const domain = requireDomain("domain", text);
  if (domain.length > MAX_DOMAIN_LENGTH) {
    throw invalidField(
      "domain",
      "string.max_len",
      `has ${domain.length} characters, and only ${MAX_DOMAIN_LENGTH} leave room for the name of the TXT record`,
    );
  }
  if (isPublicMailDomain(domain)) {
    throw new ServiceError(
      "domain_public_provider",
      `${domain} gives mailboxes to everybody, so no organization can own it: use a domain of your own`,
      { metadata: { domain } },
    );
  }
  return domain;
}

function isProof(verification: DomainVerification, answer: TxtAnswer): boolean {
  return answer.kind === "records" && answer.records.some((text) => text.trim() === proofRecordValue(verification));
}

/** Silence and failures of servers prove nothing in either direction; only an answer without the record counts. */
function failuresAfter(before: DomainVerification, answer: TxtAnswer): number {
  if (isProof(before, answer)) return 0;
  return answer.kind === "records" || answer.kind === "not_found" ? before.failures + 1 : before.failures;
}

function requireProof(verification: DomainVerification, answer: TxtAnswer): void {
  if (isProof(verification, answer)) return;
  const record = proofRecordName(verification);
  const expected = proofRecordValue(verification);
  const metadata = { record, expected };
  switch (answer.kind) {
    case "not_found":
      throw new ServiceError(
        "domain_record_not_found",
        `DNS has no TXT record ${record}: publish it with the value ${expected}, wait until DNS has spread it, and try again`,
        { metadata },
      );
    case "records":
      throw new ServiceError(
        "domain_record_mismatch",
        `the TXT record ${record} has another value: it must be ${expected}`,
        { metadata },
      );
    case "server_failure":
      throw new ServiceError(
        "dns_server_failure",
        `the name servers failed to answer for ${record} (${answer.detail}): check the zone and try again later`,
        { metadata: { record, detail: answer.detail } },
      );
    case "timeout":
      throw new ServiceError("dns_timeout", `DNS did not answer for ${record} in time: try again later`, {
        metadata: { record },
      });
  }
}

function subject(verification: DomainVerification) {
  return {
    organizationId: verification.organizationId,
    subjectType: "domain_verification",
    subjectId: verification.id,
  } as const;
}

/** What the audit log shows of a verification. Its token is public, since DNS publishes it. */
function view(verification: DomainVerification): Record<string, unknown> {
  return {
    domain: verification.domain,
    state: verification.state,
    verificationToken: verification.verificationToken,
    ...(verification.verifiedAt !== undefined && { verifiedAt: new Date(verification.verifiedAt).toISOString() }),
  };
}
