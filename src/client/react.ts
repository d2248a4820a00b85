import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { ConnectError, Transport } from "@connectrpc/connect";
import {
  type ConnectQueryKey,
  callUnaryMethod,
  createConnectQueryKey,
  TransportProvider,
  useTransport,
} from "@connectrpc/connect-query";
import {
  QueryClient,
  QueryClientProvider,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { createElement, type ReactElement, type ReactNode, useState } from "react";
import { type ItemOf, itemsOf, type ListRequest, type ListResponse } from "./pages.ts";

export {
  callUnaryMethod,
  createConnectQueryKey,
  skipToken,
  useMutation,
  useQuery,
  useSuspenseQuery,
  useTransport,
} from "@connectrpc/connect-query";

/** What the hooks below it use. */
export interface OrganizationProviderProps {
  /** What `createOrganizationClient` returned, or anything else with a transport. */
  readonly client: { readonly transport: Transport };
  /** Your own; without it, one of {@link createQueryClient}. */
  readonly queryClient?: QueryClient | undefined;
  readonly children?: ReactNode;
}

/** A query client that leaves retries to the client below, which knows which methods may be repeated. */
export function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
}

/** Lets hooks call the server. */
export function OrganizationProvider({ client, queryClient, children }: OrganizationProviderProps): ReactElement {
  const [ownQueryClient] = useState(createQueryClient);
  return createElement(
    TransportProvider,
    { transport: client.transport },
    createElement(QueryClientProvider, { client: queryClient ?? ownQueryClient }, children),
  );
}

/** The items of a list so far, and how to get more. */
export interface UseItemsResult<Item> {
  /** Of every page that was fetched, in order. Undefined until the first page is there. */
  readonly items: readonly Item[] | undefined;
  /** The query below: `fetchNextPage`, `hasNextPage`, `isPending`, `error` and the rest. */
  readonly query: UseInfiniteQueryResult<readonly Item[], ConnectError>;
}

/**
 * The items of a list method, page by page.
 * @example const { items, query } = useItems(OrganizationService.method.listSSOConfigurations, { organizationId });
 */
export function useItems<Input extends DescMessage, Output extends DescMessage>(
  method: DescMethodUnary<Input, Output>,
  request: MessageInitShape<Input> & ListRequest,
  options: { readonly enabled?: boolean } = {},
): UseItemsResult<ItemOf<MessageShape<Output>>> {
  type Page = MessageShape<Output>;
  const transport = useTransport();
  const query = useInfiniteQuery<Page, ConnectError, readonly ItemOf<Page>[], ConnectQueryKey<Output>, string>({
    ...options,
    queryKey: createConnectQueryKey({ schema: method, transport, input: request, cardinality: "infinite" }),
    queryFn: ({ pageParam: token, signal }) =>
      callUnaryMethod(transport, method, { ...request, pagination: { ...request.pagination, token } }, { signal }),
    initialPageParam: "",
    // The methods whose request has `pagination` are those whose response has it.
    getNextPageParam: (page) => (page as ListResponse).pagination?.nextToken || undefined,
    select: ({ pages }) => pages.flatMap((page) => itemsOf(page)),
  });
  return { items: query.data, query };
}

/**
 * What has queries fetched again after a change: all of a method, whatever their requests were.
 * @example const refresh = useRefresh();
 * useMutation(OrganizationService.method.updateSSOConfiguration, {
 *   onSuccess: () => refresh(OrganizationService.method.listSSOConfigurations),
 * });
 */
export function useRefresh(): (...methods: readonly DescMethodUnary[]) => Promise<void> {
  const queryClient = useQueryClient();
  const transport = useTransport();
  return async (...methods) => {
    const keys = methods.map((schema) => createConnectQueryKey({ schema, transport, cardinality: undefined }));
    await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  };
}
