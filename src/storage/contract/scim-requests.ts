import type { Page, PageRequest } from "./common.ts";

/** One request to the SCIM service, as its log keeps it: redacted, with what came of it. */
export interface ScimRequestRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly scimConfigurationId: string;
  /** Joins the log line and the audit entries. */
  readonly requestId: string;
  readonly method: string;
  /** Below the configuration's base URL, such as `/Users`. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** JSON text, redacted; empty when there was none, cut when it was long. */
  readonly body: string;
  readonly userAgent: string;
  readonly status: number;
  /** Of an error answer, otherwise empty. */
  readonly scimType: string;
  readonly detail: string;
  /** What was bent in order to serve the request. */
  readonly normalizations: readonly { readonly code: string; readonly path: string }[];
  /** `User` or `Group`, or empty when it was about none or about many. */
  readonly resourceType: string;
  readonly resourceId: string;
  /** The resource before and after, where the request changed one. */
  readonly before: Readonly<Record<string, unknown>> | undefined;
  readonly after: Readonly<Record<string, unknown>> | undefined;
  readonly durationMs: number;
  readonly createdAt: number;
}

/** What {@link ScimRequestStore.list} keeps: what meets every condition that is given. */
export interface ScimRequestFilter {
  readonly scimConfigurationId: string;
  readonly resourceId?: string | undefined;
  /** Answers with a status of 400 or more are kept. */
  readonly failed?: boolean | undefined;
}

export interface ScimRequestStore {
  get(organizationId: string, id: string): Promise<ScimRequestRecord | undefined>;
  /** The organization's requests that pass the filter, newest first. */
  list(organizationId: string, filter: ScimRequestFilter, page: PageRequest): Promise<Page<ScimRequestRecord>>;
  /** Requests of configurations that are gone are dropped. An empty list is no error. */
  insertAll(requests: readonly ScimRequestRecord[]): Promise<void>;
  /** Deletes at most `limit` requests from before the time and says how many. */
  deleteBefore(before: number, limit: number): Promise<number>;
}
