/** A list request: paging by token. */
interface ListRequest {
  pagination?: { token?: string; pageSize?: number } | undefined;
}

/** A list response: a token while there is more. */
interface ListResponse {
  pagination?: { nextToken: string } | undefined;
}

/**
 * Every page of a list method, one call each, until there is no more.
 * @example for await (const page of pages(client.organization.listSSOConfigurations, { organizationId })) …
 */
export async function* pages<Request extends ListRequest, Response extends ListResponse>(
  list: (request: Request) => Promise<Response>,
  request: Request,
): AsyncGenerator<Response> {
  let token = request.pagination?.token ?? "";
  do {
    const page = await list({ ...request, pagination: { ...request.pagination, token } });
    yield page;
    token = page.pagination?.nextToken ?? "";
  } while (token !== "");
}
