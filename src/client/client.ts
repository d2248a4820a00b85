import type { DescService } from "@bufbuild/protobuf";
import type { Client, Transport } from "@connectrpc/connect";
import { createLeavingClient } from "./leaving.ts";

/** What every client has: the way to any service, and the transport below. */
export interface ServiceClients {
  /**
   * The client of a service of the schema; only services that are named end up in a bundle.
   * @example client.service(EventService).watchEvents({})
   */
  service<Service extends DescService>(service: Service): Client<Service>;
  /** What the calls go through, with the deadlines and retries of this client; for other libraries of Connect. */
  readonly transport: Transport;
}

/** Services by the names that a client gives them. */
export type NamedServices = Readonly<Record<string, DescService>>;

/** One typed client per named service, over one transport. */
export type ClientsOf<Services extends NamedServices> = {
  readonly [Name in keyof Services]: Client<Services[Name]>;
} & ServiceClients;

/** Puts a client per service over a transport. */
export function clientsOver<Services extends NamedServices>(
  services: Services,
  transport: Transport,
): ClientsOf<Services> {
  const named = Object.entries(services).map(([name, service]) => [name, createLeavingClient(service, transport)]);
  return {
    ...Object.fromEntries(named),
    service: (service: DescService) => createLeavingClient(service, transport),
    transport,
  };
}
