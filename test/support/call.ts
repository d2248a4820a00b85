/** One JSON call over plain HTTP, as curl would make it. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  // The bodies of tests are read field by field.
  // biome-ignore lint/suspicious/noExplicitAny: test code looks into arbitrary answers
  readonly body: any;
}

/** What a call may say beside its request. */
export interface CallOptions {
  readonly token?: string | undefined;
  readonly service?: string;
  readonly prefix?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** POSTs a request in JSON to a method, without any header of the Connect protocol. */
export async function callJson(
  server: { readonly url: string },
  method: string,
  request: unknown,
  options: CallOptions = {},
): Promise<JsonAnswer> {
  const service = options.service ?? "gitpod.v1.OrganizationService";
  const response = await fetch(`${server.url}${options.prefix ?? "/api"}/${service}/${method}${options.query ?? ""}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: typeof request === "string" ? request : JSON.stringify(request),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}
