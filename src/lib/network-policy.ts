import { type AddressKind, classifyAddress, createAllowList, isLoopbackHost, literalAddress } from "./addresses.ts";

/** What an operator lets the server connect to beside https at public addresses. */
export interface NetworkSettings {
  /** Accept http, and loopback addresses, for hosts that are this machine: for development. */
  readonly allowInsecureIssuers: boolean;
  /** Networks, addresses and host names that are not public and may be used all the same. */
  readonly allowList: readonly string[];
}

/** Decides where a URL that somebody configured may lead. */
export interface NetworkPolicy {
  /** Whether the URL's scheme may be used with its host. */
  allowsScheme(url: URL): boolean;
  /**
   * What the host's address is, when it may not be connected to; undefined when it may. Without `address` the host itself is
   * judged: a literal address, or a name that means this machine; other names pass until they are resolved.
   */
  refusedKind(hostname: string, address?: string): AddressKind | undefined;
}

/**
 * The policy that settings make.
 * @throws Error for an entry of the allow list that is no network, address or host name.
 */
export function createNetworkPolicy({ allowInsecureIssuers, allowList }: NetworkSettings): NetworkPolicy {
  const listed = createAllowList(allowList);
  const isTrustedLoopback = (hostname: string, address?: string): boolean =>
    allowInsecureIssuers &&
    isLoopbackHost(hostname) &&
    (address === undefined || classifyAddress(address) === "loopback");
  return {
    allowsScheme: ({ protocol, hostname }) =>
      protocol === "https:" || (protocol === "http:" && isTrustedLoopback(hostname)),
    refusedKind(hostname, address = literalAddress(hostname)) {
      const addresses = address === undefined ? addressesOfName(hostname) : [address];
      const isTrusted = (each: string): boolean =>
        classifyAddress(each) === "public" || isTrustedLoopback(hostname, each) || listed.hasAddress(each);
      const refused = addresses.length > 0 && !listed.hasHost(hostname) && !addresses.some(isTrusted);
      return refused ? classifyAddress(addresses[0]!) : undefined;
    },
  };
}

/** What is known of a name before it is resolved. */
function addressesOfName(hostname: string): readonly string[] {
  return isLoopbackHost(hostname) ? ["127.0.0.1", "::1"] : [];
}
