import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AddressKind,
  classifyAddress,
  createAllowList,
  isLoopbackHost,
  literalAddress,
} from "../../src/lib/addresses.ts";

const KINDS: readonly (readonly [address: string, kind: AddressKind])[] = [
  ["8.8.8.8", "public"],
  ["1.1.1.1", "public"],
  ["9.255.255.255", "public"],
  ["11.0.0.0", "public"],
  ["100.63.255.255", "public"],
  ["100.128.0.0", "public"],
  ["172.15.255.255", "public"],
  ["172.32.0.0", "public"],
  ["192.167.255.255", "public"],
  ["198.20.0.0", "public"],
  ["223.255.255.255", "public"],
  ["0.0.0.0", "unspecified"],
  ["0.255.255.255", "unspecified"],
  ["10.0.0.0", "private"],
  ["10.255.255.255", "private"],
  ["100.64.0.0", "shared"],
  ["100.127.255.255", "shared"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.255", "loopback"],
  ["169.254.169.254", "link-local"],
  ["172.16.0.0", "private"],
  ["172.31.255.255", "private"],
  ["192.0.0.8", "reserved"],
  ["192.0.2.1", "documentation"],
  ["192.88.99.1", "reserved"],
  ["192.168.255.255", "private"],
  ["198.18.0.0", "reserved"],
  ["198.19.255.255", "reserved"],
  ["198.51.100.7", "documentation"],
  ["203.0.113.7", "documentation"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.255", "multicast"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "reserved"],
  ["2606:4700:4700::1111", "public"],
  ["2a00:1450:4001:81b::200e", "public"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["0:0:0:0:0:0:0:1", "loopback"],
  ["::127.0.0.1", "reserved"],
  ["::8.8.8.8", "reserved"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["::FFFF:10.1.2.3", "private"],
  ["0:0:0:0:0:ffff:169.254.169.254", "link-local"],
  ["::ffff:8.8.8.8", "public"],
  ["64:ff9b::10.0.0.1", "private"],
  ["64:ff9b::7f00:1", "loopback"],
  ["64:ff9b::808:808", "public"],
  ["64:ff9b:1::10.0.0.1", "reserved"],
  ["100::1", "reserved"],
  ["2001::1", "reserved"],
  ["2001:db8::1", "documentation"],
  ["2002:7f00:1::", "reserved"],
  ["2002:808:808::1", "reserved"],
  ["3fff::1", "documentation"],
  ["4000::1", "reserved"],
  ["fc00::1", "private"],
  ["fdff:ffff::1", "private"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["febf::1", "link-local"],
  ["fec0::1", "private"],
  ["ff02::1", "multicast"],
];

describe("classifyAddress", () => {
  test.each(KINDS)("%s is %s", (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });

  test("an IPv4-mapped address is of the kind of the IPv4 one, however it is written", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        const kind = classifyAddress(address);
        for (const mapped of [`::ffff:${address}`, `::ffff:${hex}`, `0:0:0:0:0:ffff:${hex}`, `64:ff9b::${address}`]) {
          expect(classifyAddress(mapped)).toBe(kind);
        }
      }),
    );
  });

  test("every IPv6 address has a kind, and none outside 2000::/3 and the two prefixes is public", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const literal = URL.parse(`http://[${address}]/`)!.hostname.slice(1, -1);
        const outside = !/^[23]/.test(literal) && !/^(::ffff:|64:ff9b::)/.test(literal);
        expect(classifyAddress(address)).toBe(classifyAddress(literal));
        expect(outside && classifyAddress(address) === "public").toBe(false);
      }),
    );
  });
});

describe("literalAddress", () => {
  const hostnames: readonly (readonly [authority: string, address: string | undefined])[] = [
    ["127.1", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["0x7f000001", "127.0.0.1"],
    ["0177.0.0.1", "127.0.0.1"],
    ["127.0.0.1.", "127.0.0.1"],
    ["%31%32%37.0.0.1", "127.0.0.1"],
    ["１２７.0.0.1", "127.0.0.1"],
    ["[::1]", "::1"],
    ["[::ffff:127.0.0.1]", "::ffff:7f00:1"],
    ["idp.example.com", undefined],
    ["localhost", undefined],
  ];

  test.each(hostnames)("http://%s/ has %s", (authority, address) => {
    expect(literalAddress(new URL(`http://${authority}/`).hostname)).toBe(address);
  });

  test("a URL cannot hold an IPv6 zone", () => {
    expect(URL.parse("http://[fe80::1%25eth0]/")).toBeNull();
  });
});

describe("isLoopbackHost", () => {
  test.each([
    "localhost",
    "LOCALHOST",
    "localhost.",
    "idp.localhost",
    "127.0.0.1",
    "127.9.9.9",
    "[::1]",
    "[::ffff:7f00:1]",
  ])("%s is this machine", (hostname) => {
    expect(isLoopbackHost(hostname)).toBe(true);
  });

  test.each(["localhost.example.com", "notlocalhost", "10.0.0.1", "128.0.0.1", "[::2]", ""])(
    "%s is not",
    (hostname) => {
      expect(isLoopbackHost(hostname)).toBe(false);
    },
  );
});

describe("createAllowList", () => {
  const list = createAllowList(["10.1.0.0/16", "192.168.7.7", "fd00:1::/32", "idp.internal", "Corp-IdP"]);

  test.each(["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "192.168.7.7", "fd00:1::5", "fd00:1::5%eth0"])(
    "has %s",
    (address) => {
      expect(list.hasAddress(address)).toBe(true);
    },
  );

  test.each(["10.2.0.1", "192.168.7.8", "fd00:2::5", "127.0.0.1", "::1"])("has not %s", (address) => {
    expect(list.hasAddress(address)).toBe(false);
  });

  test("has hosts by their whole name", () => {
    expect(list.hasHost("IDP.internal.")).toBe(true);
    expect(list.hasHost("corp-idp")).toBe(true);
    expect(list.hasHost("evil.idp.internal")).toBe(false);
    expect(list.hasHost("internal")).toBe(false);
  });

  test.each([
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "fd00::/129",
    "10.0.0.0/-1",
    "http://idp.internal",
    "",
    "a b",
    "*.internal",
  ])("refuses the entry %j by name", (entry) => {
    expect(() => createAllowList(["10.0.0.0/8", entry])).toThrow(`"${entry}" is no network`);
  });
});
