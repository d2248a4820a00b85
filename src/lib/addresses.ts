import { BlockList, isIP, isIPv4 } from "node:net";

/** What an IP address is for. Only `public` ones are reachable over the internet by their assignment. */
export type AddressKind =
  | "public"
  | "unspecified"
  | "loopback"
  | "private"
  | "link-local"
  | "shared"
  | "multicast"
  | "documentation"
  | "reserved";

/** Networks and hosts that an operator trusts although they are not public. */
export interface AllowList {
  /** Whether the host is listed by name; case does not count. */
  hasHost(hostname: string): boolean;
  /** Whether the address is listed, or is in a listed network. */
  hasAddress(address: string): boolean;
}

/** The IANA special-purpose registries of RFC 6890, and RFC 5771 and RFC 1112 for multicast and class E. */
const SPECIAL_V4: readonly (readonly [network: string, kind: AddressKind])[] = [
  ["0.0.0.0/8", "unspecified"],
  ["10.0.0.0/8", "private"],
  ["100.64.0.0/10", "shared"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["172.16.0.0/12", "private"],
  ["192.0.0.0/24", "reserved"],
  ["192.0.2.0/24", "documentation"],
  ["192.88.99.0/24", "reserved"],
  ["192.168.0.0/16", "private"],
  ["198.18.0.0/15", "reserved"],
  ["198.51.100.0/24", "documentation"],
  ["203.0.113.0/24", "documentation"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
];

/** The same for IPv6; outside `2000::/3` nothing is public (RFC 4291), and 6to4 and Teredo are not either (RFC 7526). */
const SPECIAL_V6: readonly (readonly [network: string, kind: AddressKind])[] = [
  ["::/128", "unspecified"],
  ["::1/128", "loopback"],
  ["fc00::/7", "private"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "private"],
  ["ff00::/8", "multicast"],
  ["2001::/23", "reserved"],
  ["2001:db8::/32", "documentation"],
  ["2002::/16", "reserved"],
  ["3fff::/20", "documentation"],
  ["2000::/3", "public"],
];

const LOOPBACK_NAME = /^(?:.+\.)?localhost\.?$/;

type SpecialNetworks = readonly { readonly list: BlockList; readonly kind: AddressKind }[];
let special: { readonly v4: SpecialNetworks; readonly v6: SpecialNetworks } | undefined;

/** Made by the first who asks: the first IPv6 address that it reads costs Node.js milliseconds of every start. */
function specialNetworks() {
  special ??= { v4: listsOf(SPECIAL_V4), v6: listsOf(SPECIAL_V6) };
  return special;
}

function listsOf(networks: typeof SPECIAL_V4): SpecialNetworks {
  return networks.map(([network, kind]) => ({ list: createNetworks([network]), kind }));
}

/**
 * The kind of an address in any textual form, with or without a zone. An IPv6 address that stands for an IPv4 one
 * (IPv4-mapped, RFC 4291; the well-known NAT64 prefix, RFC 6052) is of the kind of that one.
 */
export function classifyAddress(address: string): AddressKind {
  const plain = withoutZone(address);
  if (isIPv4(plain)) {
    return specialNetworks().v4.find(({ list }) => list.check(plain, "ipv4"))?.kind ?? "public";
  }
  const inner = embeddedV4(plain);
  if (inner !== undefined) {
    return classifyAddress(inner);
  }
  return specialNetworks().v6.find(({ list }) => list.check(plain, "ipv6"))?.kind ?? "reserved";
}

/** The address that a URL's `hostname` is, without the brackets of IPv6; undefined when it is a name. */
export function literalAddress(hostname: string): string | undefined {
  const plain = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(plain) === 0 ? undefined : plain;
}

/** Whether a URL's `hostname` means this machine: a loopback address, or `localhost` and names below it (RFC 6761). */
export function isLoopbackHost(hostname: string): boolean {
  const address = literalAddress(hostname);
  return address === undefined ? LOOPBACK_NAME.test(hostname.toLowerCase()) : classifyAddress(address) === "loopback";
}

/**
 * Reads an operator's list: networks (`10.1.0.0/16`, `fd00::/8`), addresses and host names.
 * @throws Error that names the first entry that is none of them.
 */
export function createAllowList(entries: readonly string[]): AllowList {
  const names = new Set<string>();
  const networks: string[] = [];
  for (const entry of entries) {
    if (/^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i.test(entry) && isIP(entry) === 0) {
      names.add(entry.toLowerCase());
    } else {
      networks.push(entry);
    }
  }
  const list = createNetworks(networks);
  const has = (address: string): boolean => list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  return {
    hasHost: (hostname) => names.has(hostname.toLowerCase().replace(/\.$/, "")),
    hasAddress(address) {
      const plain = withoutZone(address);
      const inner = isIPv4(plain) ? undefined : embeddedV4(plain);
      return has(plain) || (inner !== undefined && has(inner));
    },
  };
}

function createNetworks(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", length, ...rest] = entry.split("/");
    const family = isIP(address);
    const bits = family === 4 ? 32 : 128;
    const prefix = length === undefined ? bits : Number(length);
    if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length ?? "0") || prefix > bits) {
      throw new Error(
        `"${entry}" is no network, address or host name; expected one such as 10.1.0.0/16, 10.1.2.3 or idp.internal`,
      );
    }
    list.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, "");
}

/** The IPv4 address within `::ffff:0:0/96` and `64:ff9b::/96`. */
function embeddedV4(address: string): string | undefined {
  const groups = groupsOf(address);
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(":");
  if (prefix !== "0:0:0:0:0:ffff" && prefix !== "64:ff9b:0:0:0:0") {
    return undefined;
  }
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** The eight groups of an IPv6 address, whichever way it is written. */
function groupsOf(address: string): readonly number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a, b, c, d] = (dotted ?? []).slice(1).map(Number);
  const hex = dotted
    ? address.replace(dotted[0], [a! * 256 + b!, c! * 256 + d!].map((n) => n.toString(16)).join(":"))
    : address;
  const [head = [], tail = []] = hex.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const missing = 8 - head.length - tail.length;
  return [...head, ...Array<string>(missing).fill("0"), ...tail].map((group) => Number.parseInt(group, 16));
}
