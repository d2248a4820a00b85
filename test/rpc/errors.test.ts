import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { ErrorDetailSchema, Reason } from "../../gen/organization/errors/v1/errors_pb.ts";
import { createLog } from "../../src/lib/log.ts";
import { toConnectError } from "../../src/rpc/errors.ts";
import { BrokenLinkError, DuplicateError, StorageUnavailableError } from "../../src/storage/storage.ts";

const SECRET = "what the database said, with a secret in it";

describe("what storage throws", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const convert = (error: unknown) => {
    lines.length = 0;
    const converted = toConnectError(error, "request", log, OrganizationService.method.getOrganization);
    return { converted, detail: converted.findDetails(ErrorDetailSchema)[0] };
  };

  it.each([
    ["two who made the same", new DuplicateError(SECRET), Code.Aborted, Reason.CONFLICT, "false", 0],
    ["something that is gone, or in use", new BrokenLinkError(SECRET), Code.Aborted, Reason.CONFLICT, "false", 0],
    ["no database", new StorageUnavailableError(SECRET), Code.Unavailable, Reason.UNAVAILABLE, null, 1],
    ["what nobody foresaw", new Error(SECRET), Code.Internal, Reason.INTERNAL, "false", 1],
  ])("becomes an answer that says so: %s", (_, error, code, reason, shouldRetry, logged) => {
    const { converted, detail } = convert(error);
    expect(converted.code).toBe(code);
    expect(detail).toMatchObject({ reason, requestId: "request" });
    expect(converted.metadata.get("x-should-retry")).toBe(shouldRetry);
    expect(converted.message).not.toContain(SECRET);
    // What a client brings about is no news to the operator; a failure is, with its cause.
    expect(lines).toHaveLength(logged);
    for (const line of lines) expect(line).toContain(SECRET);
  });
});
