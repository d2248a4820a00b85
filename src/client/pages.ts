import type { CallOptions } from "@connectrpc/connect";

/** A list request: paging by token. */
export interface ListRequest {
  readonly pagination?: { readonly token?: string; readonly pageSize?: number } | undefined;
}

/** A list response: a token while there is more. */
export interface ListResponse {
  readonly pagination?: { readonly nextToken: string } | undefined;
}

/** A list method of a client. */
export type ListMethod<Request, Response> = (request: Request, options?: CallOptions) => Promise<Response>;

/** What the pages of a list hold: a list response has one array, and this is its element. */
export type ItemOf<Response> = {
  [Field in keyof Response]-?: Response[Field] extends readonly (infer Item)[] ? Item : never;
}[keyof Response];

/**
 * Every page of a list method, one call each, until there is no more.
 * @example for await (const page of pages(client.organization.listSSOConfigurations, { organizationId })) …
 */
export async function* pages<Request extends ListRequest, Response extends ListResponse>(
  list: ListMethod<Request, Response>,
  request: Request,
  options?: CallOptions,
): AsyncGenerator<Response, void, undefined> {
  let token = request.pagination?.token ?? "";
  do {
    const page = await list({ ...request, pagination: { ...request.pagination, token } }, options);
    yield page;
    token = page.pagination?.nextToken ?? "";
  } while (token !== "");
}

/**
 * Every item of a list method, over all its pages; a page is fetched when the one before is used up.
 * @example for await (const configuration of items(client.organization.listSSOConfigurations, { organizationId })) …
 */
export async function* items<Request extends ListRequest, Response extends ListResponse>(
  list: ListMethod<Request, Response>,
  request: Request,
  options?: CallOptions,
): AsyncGenerator<ItemOf<Response>, void, undefined> {
  for await (const page of pages(list, request, options)) yield* itemsOf(page);
}

/** The items of one page of a list. */
export function itemsOf<Response extends object>(page: Response): readonly ItemOf<Response>[] {
  return (Object.values(page).find((value) => Array.isArray(value)) ?? []) as ItemOf<Response>[];
}
