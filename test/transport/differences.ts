/**
 * Every difference between connect-node and the transport, and why it is there.
 */
import type { WireAnswer } from "./clients.ts";
import type { WireRequest } from "./requests.ts";

/** A row of the table. */
export interface Difference {
  readonly name: string;
  readonly reason: string;
  /** Whether this is what makes `ours` differ from `theirs`. */
  readonly explains: (request: WireRequest, theirs: WireAnswer, ours: WireAnswer) => boolean;
}

const tooLarge = /message size 4096 is larger/;
const unknownEncoding = /unknown compression/;

/** The table, over answers that were made {@link readable}. A row that explains nothing any more fails the test. */
export const differences: readonly Difference[] = [
  {
    name: "messages are encoded no more than gRPC asks for",
    reason:
      "PROTOCOL-HTTP2.md, Percent-Encoded: printable ASCII but the percent sign stays as it is; connect-node encodes as for a URL, and clients that decode no more than they must show the rest",
    explains: (_, theirs, ours) => isSame(ours, theirs),
  },
  {
    name: "405 names the methods that are allowed",
    reason: "RFC 9110 section 15.5.6: the server MUST generate an Allow header in a 405 response",
    explains: ({ path }, theirs, ours) =>
      theirs.status === 405 &&
      isSame(ours, withHeader(theirs, "allow", /Look/.test(path) && acceptsGet(ours) ? "GET, POST" : "POST")),
  },
  {
    name: "415 names the media types that are accepted",
    reason: "RFC 9110 section 15.5.16 and section 12.5.1: preferences of a server in a response; as connect-go does",
    explains: (_, theirs, ours) =>
      theirs.status === 415 &&
      isSame(withoutHeader(ours, "accept-post"), theirs) &&
      /^application\//.test(header(ours, "accept-post")),
  },
  {
    name: "an unknown compression is refused with the names of the known ones in a header",
    reason:
      "gRPC compression.md: the server MUST include grpc-accept-encoding with UNIMPLEMENTED; connect-node sets it as metadata of the error and then drops it as a protocol header. Connect: accept-encoding in the same place",
    explains: (_, theirs, ours) => {
      const name = ours.headers.find(([key, value]) => key.endsWith("accept-encoding") && value === "gzip,br")?.[0];
      return name !== undefined && isUnknownEncoding(theirs) && isSame(withoutHeader(ours, name), theirs);
    },
  },
  {
    name: "a message in a query that is not base64 is invalid",
    reason:
      "the client sent it: invalid_argument, as for any other malformed message; connect-node lets its decoder's error become internal",
    explains: ({ path }, theirs, ours) =>
      path.includes("base64=1") &&
      theirs.body === '{"code":"internal","message":"internal error"}' &&
      ours.body === '{"code":"invalid_argument","message":"the query parameter message is not base64"}' &&
      isSame({ ...ours, status: 500, body: theirs.body }, theirs),
  },
  {
    name: "a malformed message is refused before a second message is looked at",
    reason:
      "what connect-node says depends on how the network cut the body: the second envelope is refused first when its head arrived with the first one",
    explains: ({ kind }, theirs, ours) =>
      kind.includes("good and too large") &&
      grpcStatus(theirs) === 8 &&
      tooLarge.test(JSON.stringify(theirs)) &&
      ![undefined, 0].includes(grpcStatus(ours)) &&
      !tooLarge.test(JSON.stringify(ours)),
  },
  {
    name: "a body that ends right behind the head of an envelope is truncated",
    reason: "connect-node forgets the head that it has read when it looks for what is left over",
    explains: ({ body }, theirs, ours) =>
      body.length === 5 && body.readUInt32BE(1) > 0 && grpcStatus(theirs) === 12 && grpcStatus(ours) === 3,
  },
  {
    name: "response headers that an interceptor put in place of others replace them all",
    reason: "connect-node deletes the others while it walks over them, which skips some",
    explains: ({ headers }, theirs, ours) =>
      headers.some(([name, value]) => name === "x-outer" && value === "fresh") &&
      isSame(ours, {
        ...theirs,
        headers: theirs.headers.filter(([name]) => name !== "x-echo" && name !== "set-cookie"),
      }),
  },
];

function isSame(a: WireAnswer, b: WireAnswer): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function acceptsGet(answer: WireAnswer): boolean {
  return header(answer, "allow").includes("GET");
}

function header(answer: WireAnswer, name: string): string {
  return answer.headers.find(([key]) => key === name)?.[1] ?? "";
}

function withHeader(answer: WireAnswer, name: string, value: string): WireAnswer {
  const headers = [...answer.headers, [name, value] as const].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return { ...answer, headers };
}

function withoutHeader(answer: WireAnswer, name: string): WireAnswer {
  return { ...answer, headers: answer.headers.filter(([key]) => key !== name) };
}

function isUnknownEncoding(answer: WireAnswer): boolean {
  return unknownEncoding.test(answer.body) || answer.trailers.some(([, value]) => unknownEncoding.test(value));
}

function grpcStatus(answer: WireAnswer): number | undefined {
  const inBody = /grpc-status: (\d+)/.exec(answer.body)?.[1];
  const inTrailers = answer.trailers.find(([name]) => name === "grpc-status")?.[1];
  const status = inTrailers ?? inBody;
  return status === undefined ? undefined : Number(status);
}
