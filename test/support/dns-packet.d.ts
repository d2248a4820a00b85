/** The part of dns-packet that the tests' DNS server uses; the package brings no types. */
declare module "dns-packet" {
  export interface Question {
    readonly name: string;
    readonly type: string;
    readonly class?: string;
  }
  export type Answer =
    | { readonly type: "TXT"; readonly name: string; readonly ttl: number; readonly data: readonly string[] }
    | { readonly type: "CNAME"; readonly name: string; readonly ttl: number; readonly data: string };
  export interface Packet {
    readonly type: "query" | "response";
    readonly id: number;
    /** Flag bits; the last four are the response code (RFC 1035, section 4.1.1). */
    readonly flags: number;
    readonly questions: readonly Question[];
    readonly answers?: readonly Answer[];
  }
  export const RECURSION_DESIRED: number;
  export const RECURSION_AVAILABLE: number;
  export const AUTHORITATIVE_ANSWER: number;
  export const TRUNCATED_RESPONSE: number;
  export function decode(bytes: Uint8Array): Packet;
  export function encode(packet: Packet): Buffer;
}
