import type { DescMessage, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { type CallOptions, type Client, createClient, type Transport } from "@connectrpc/connect";

/** A server-streaming method of a client. */
type Watch<Input extends DescMessage, Output extends DescMessage> = (
  request: MessageInitShape<Input>,
  options?: CallOptions,
) => AsyncIterable<MessageShape<Output>>;

/** A client whose streams end when the loop that reads them is left; without this, they go on until their signal is aborted. */
export function createLeavingClient<Service extends DescService>(
  service: Service,
  transport: Transport,
): Client<Service> {
  const client: Record<string, unknown> = createClient(service, transport);
  for (const { methodKind, localName } of service.methods) {
    if (methodKind === "server_streaming")
      client[localName] = leaving(client[localName] as Watch<DescMessage, DescMessage>);
  }
  return client as Client<Service>;
}

function leaving<Input extends DescMessage, Output extends DescMessage>(
  watch: Watch<Input, Output>,
): Watch<Input, Output> {
  return (request, options) => {
    const left = new AbortController();
    const signal = options?.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
    return abortedAtEnd(watch(request, { ...options, signal }), left);
  };
}

async function* abortedAtEnd<Message>(stream: AsyncIterable<Message>, left: AbortController): AsyncIterable<Message> {
  try {
    yield* stream;
  } finally {
    left.abort();
  }
}
