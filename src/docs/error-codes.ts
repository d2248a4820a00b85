import type { DescMethod } from "@bufbuild/protobuf";
import { type Code, REASONS } from "../lib/errors.ts";
import { declarationOf, methodComment } from "./schema.ts";

/** What each code means, and the status of a unary call over Connect (https://connectrpc.com/docs/protocol#error-codes). */
export const CODES: Readonly<
  Record<Code, { readonly status: number; readonly meaning: string; readonly retry: string }>
> = {
  invalid_argument: { status: 400, meaning: "The request can never succeed as it is.", retry: "Correct it." },
  unauthenticated: {
    status: 401,
    meaning: "There is no credential, or none that is good.",
    retry: "Sign in, or make a token.",
  },
  permission_denied: { status: 403, meaning: "The caller may not do this.", retry: "Ask somebody who may." },
  not_found: {
    status: 404,
    meaning: "There is nothing with this id that the caller could see.",
    retry: "Treat it as gone.",
  },
  already_exists: { status: 409, meaning: "There is one already.", retry: "Use what is there." },
  aborted: {
    status: 409,
    meaning: "Somebody else changed the same thing at the same moment.",
    retry: "Read again, then decide again.",
  },
  failed_precondition: {
    status: 400,
    meaning: "The state of something forbids it for now.",
    retry: "Change that first.",
  },
  resource_exhausted: {
    status: 429,
    meaning: "It is too much, or too often.",
    retry: "Wait as long as `retry-after` says.",
  },
  canceled: { status: 499, meaning: "The caller went away.", retry: "Nobody is left to." },
  deadline_exceeded: {
    status: 504,
    meaning: "The time that the caller gave has run out.",
    retry: "Read before you repeat a write.",
  },
  unimplemented: { status: 501, meaning: "There is no such method, or it does nothing here.", retry: "Never." },
  internal: { status: 500, meaning: "The server failed.", retry: "Tell whoever runs it the request id." },
  unavailable: { status: 503, meaning: "The server cannot answer now.", retry: "Try again, with growing pauses." },
};

/** The codes that a call of the method can end with: those of all methods, and those that its comment names. */
export function errorCodes(method: DescMethod): Code[] {
  const { caller, access } = declarationOf(method);
  const named = new Set(Array.from(methodComment(method).errors.matchAll(/`([a-z_]+)`/g), ([, code]) => code));
  const open = caller === "anyone";
  const always: Partial<Record<Code, boolean>> = {
    invalid_argument: true,
    unauthenticated: !open,
    permission_denied: !open && (access === "write" || caller === "admin" || caller === "operator"),
    not_found: caller === "member" || caller === "admin",
    resource_exhausted: true,
    deadline_exceeded: true,
    internal: true,
    unavailable: true,
  };
  return (Object.keys(CODES) as Code[]).filter((code) => always[code] === true || named.has(code));
}

/** The reasons of a code. */
export function reasonsOf(code: Code): string[] {
  return Object.entries(REASONS).flatMap(([reason, each]) => (each === code ? [reason] : []));
}
