import { create, type Message } from "@bufbuild/protobuf";
import { type PaginationRequest, PaginationRequestSchema } from "../../../gen/gitpod/v1/pagination_pb.ts";
import { invalidField } from "../../lib/errors.ts";
import type { CallInfo } from "../../transport/index.ts";

/**
 * Older clients put `token` and `pageSize` into the query string of the POST and never into the body. A value there wins
 * over the body's; an empty one counts as absent; other keys are nobody's business.
 */
export function takeQueryPaging(request: Message, call: CallInfo): void {
  if (!call.method.input.field.pagination) return;
  const query = call.url.indexOf("?");
  if (query < 0 || call.requestMethod !== "POST") return;
  const parameters = new URLSearchParams(call.url.slice(query + 1));
  const token = parameters.get("token");
  const pageSize = parameters.get("pageSize");
  if (!token && !pageSize) return;
  const message = request as Message & { pagination?: PaginationRequest };
  message.pagination ??= create(PaginationRequestSchema);
  if (token) message.pagination.token = token;
  if (pageSize) message.pagination.pageSize = parsePageSize(pageSize);
}

function parsePageSize(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalidField(
    "pagination.page_size",
    "int32",
    "the query parameter pageSize must be a whole number from 0 to 100",
  );
}
