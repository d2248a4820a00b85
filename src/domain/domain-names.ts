import { domainToASCII } from "node:url";
import { invalidField } from "../lib/errors.ts";

/** RFC 1035, section 2.3.4, without the root's dot. */
const MAX_LENGTH = 253;

/** RFC 1123, section 2.1: letters, digits and hyphens, no hyphen at either end; at least two labels, the last one no number. */
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;
const FOREIGN_ASCII = /[^a-z0-9.\-\u0080-\u{10ffff}]/iu;

/**
 * A DNS name as it is stored and compared: lower case ASCII without a trailing dot, with international labels as A-labels
 * (RFC 5890, section 2.3.2.1). Undefined when the text is no name of at least two labels.
 */
export function canonicalDomain(text: string): string | undefined {
  if (FOREIGN_ASCII.test(text)) return undefined;
  const ascii = domainToASCII(text.replace(/\.$/, "")).toLowerCase();
  return ascii.length <= MAX_LENGTH && HOST_NAME.test(ascii) ? ascii : undefined;
}

/**
 * The canonical form of a request's domain.
 * @throws ServiceError `request_invalid` that names the field.
 */
export function requireDomain(field: string, text: string): string {
  const domain = canonicalDomain(text);
  if (domain !== undefined) return domain;
  throw invalidField(
    field,
    "domain_name.syntax",
    `is no DNS name: labels of letters, digits and inner hyphens, at least two, are accepted, at most ${MAX_LENGTH} characters, such as mail.example.com`,
  );
}
