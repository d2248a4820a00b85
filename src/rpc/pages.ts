import { createHash } from "node:crypto";
import type { PaginationRequest } from "../../gen/gitpod/v1/pagination_pb.ts";
import { invalidField } from "../lib/errors.ts";
import type { Page, PageRequest } from "../storage/storage.ts";

/** Rows of a page when the request does not say, and at most (the schema refuses more). */
export const DEFAULT_PAGE_SIZE = 25;

const CHECK_LENGTH = 12;

/** One list call: turns the request's paging into the domain's and the domain's page into the response's. */
export interface Paging {
  readonly request: PageRequest;
  /** The response's `pagination`. */
  response(page: Page<unknown>): { nextToken: string };
}

/**
 * @param binding what a token belongs to: the method, and everything of the request that decides which rows are listed
 *   and how. A token of another list is refused. It grants nothing: rows are scoped by the caller, not by the token.
 * @throws ServiceError `page_token_invalid`.
 */
export function paging(binding: readonly unknown[], pagination: PaginationRequest | undefined): Paging {
  const limit = pagination?.pageSize || DEFAULT_PAGE_SIZE;
  const after = pagination?.token ? decode(binding, pagination.token) : undefined;
  return {
    request: { limit, after },
    response: ({ next }) => ({ nextToken: next === undefined ? "" : encode(binding, next) }),
  };
}

function encode(binding: readonly unknown[], key: string): string {
  return checksum(binding, key) + Buffer.from(key).toString("base64url");
}

function decode(binding: readonly unknown[], token: string): string {
  const key = Buffer.from(token.slice(CHECK_LENGTH), "base64url").toString();
  if (encode(binding, key) === token) return key;
  throw invalidField(
    "pagination.token",
    "pagination.token",
    "is not a token of this list: give the nextToken of the page before, with the same request, or leave it empty",
    "page_token_invalid",
  );
}

function checksum(binding: readonly unknown[], key: string): string {
  const text = JSON.stringify([binding, key]);
  return createHash("sha256").update(text).digest("base64url").slice(0, CHECK_LENGTH);
}
