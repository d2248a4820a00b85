/** The host name of an organization's own; an organization has at most one. */
export interface CustomDomainRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly domainName: string;
  readonly provider: "unspecified" | "aws" | "gcp";
  /** AWS account id or Google Cloud project id; empty when none was given. */
  readonly cloudAccountId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface CustomDomainStore {
  /** Undefined when the organization has none. */
  get(organizationId: string): Promise<CustomDomainRecord | undefined>;
  /** @throws DuplicateError when the id exists, or the organization has one. */
  insert(domain: CustomDomainRecord): Promise<void>;
  /** Replaces every column of the row with this id; a missing row stays missing. */
  update(domain: CustomDomainRecord): Promise<void>;
  /** A missing row is no error. */
  delete(id: string): Promise<void>;
}
