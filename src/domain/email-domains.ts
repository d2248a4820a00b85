import { invalidField } from "../lib/errors.ts";

/** What a request says about the set: the older single field, the list, or both. */
export interface EmailDomainChange {
  readonly emailDomain?: string | undefined;
  /** Empty means absent: an empty list cannot be told from an absent one on the wire. */
  readonly emailDomains: readonly string[];
}

const MAX_LENGTH = 253;

/**
 * @throws ServiceError `email_domain_duplicate` when the list names a domain twice after folding, `request_invalid` when the
 *   single field is too long.
 */
export function checkEmailDomains({ emailDomain, emailDomains }: EmailDomainChange): void {
  const length = foldDomain(emailDomain ?? "").length;
  if (length > MAX_LENGTH) {
    const message = `has ${length} characters, at most ${MAX_LENGTH} are accepted`;
    throw invalidField("email_domain", "string.max_len", message);
  }
  refuseDuplicates(emailDomains.map(foldDomain));
}

/**
 * The set after a change that {@link checkEmailDomains} accepts; its first element reads as `email_domain`.
 *
 * Only the single field: the set becomes exactly that one, but stays when it holds it already. Only the list: it
 * replaces the set. Both: the single one comes first, and is added when the list lacks it. Neither: the set stays.
 */
export function applyEmailDomains(current: readonly string[], change: EmailDomainChange): readonly string[] {
  const single = change.emailDomain === undefined ? undefined : foldDomain(change.emailDomain);
  const list = change.emailDomains.map(foldDomain);
  if (single === undefined) return list.length === 0 ? current : list;
  if (list.length === 0) return current.includes(single) ? current : [single];
  return [single, ...list.filter((domain) => domain !== single)];
}

/** A domain as it is stored and compared: lower case, without a trailing dot. */
export function foldDomain(domain: string): string {
  return domain.toLowerCase().replace(/\.$/, "");
}

/** The folded domain of an email address, or undefined when it has none. */
export function domainOfEmail(email: string): string | undefined {
  const at = email.lastIndexOf("@");
  return at < 0 ? undefined : foldDomain(email.slice(at + 1)) || undefined;
}

function refuseDuplicates(domains: readonly string[]): void {
  domains.forEach((domain, index) => {
    if (domains.indexOf(domain) !== index) {
      throw invalidField(
        `email_domains[${index}]`,
        "repeated.unique",
        `names ${domain} again (case and a trailing dot do not count): give every domain once`,
        "email_domain_duplicate",
      );
    }
  });
}
