import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RequestRecord } from "../../src/http/record.ts";
import { type Ending, writeRequestLine } from "../../src/http/request-line.ts";
import { createLog } from "../../src/lib/log.ts";

const lines: string[] = [];
const log = createLog("debug", { write: (line) => void lines.push(line) });

function lineOf(record: Partial<RequestRecord>, ending: Partial<Ending> = {}): Record<string, unknown> {
  const whole: RequestRecord = {
    id: "id",
    startedAt: 0,
    method: "POST",
    path: "/a",
    loggedPath: "/a",
    door: "rpc",
    clientAddress: "127.0.0.1",
    connection: {},
    head: [],
    fields: {},
    status: undefined,
    bytes: undefined,
    error: undefined,
    ...record,
  };
  writeRequestLine(log, whole, { status: 200, seconds: 0.0015, bytes: 5, aborted: false, ...ending }, false);
  const { level, time, msg, ...members } = JSON.parse(lines.pop() ?? "");
  return members;
}

const common = { requestId: "id", method: "POST", path: "/a", status: 200, door: "rpc", clientAddress: "127.0.0.1" };

describe("the line of a request", () => {
  it("says the same of the same, each time", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 8 });
    const value = fc.oneof(text, fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constant(undefined));
    // Few names, so that the same values come under several of them and in several orders.
    const fields = fc.dictionary(fc.constantFrom("code", "procedure", "userId", 'odd"name'), value);
    fc.assert(
      fc.property(fields, text, fc.boolean(), (given, path, aborted) => {
        const expected = {
          ...common,
          ...JSON.parse(JSON.stringify(given)),
          path,
          durationMs: 1.5,
          bytes: 5,
          ...(aborted && { aborted: true }),
        };
        for (let i = 0; i < 2; i++) {
          expect(lineOf({ fields: given, loggedPath: path }, { aborted })).toEqual(expected);
        }
      }),
    );
  });

  it("is right behind more requests than are remembered", () => {
    for (let i = 0; i < 5_000; i++) {
      const fields = { userId: `user-${i}` };
      expect(lineOf({ fields })).toEqual({ ...common, ...fields, durationMs: 1.5, bytes: 5 });
    }
  });

  it.each([
    [0, 0],
    [0.000_000_4, 0],
    [0.000_007, 0.007],
    [0.000_07, 0.07],
    [0.000_7, 0.7],
    [0.001, 1],
    [12.345_678_9, 12_345.679],
  ])("has %d s in milliseconds, to three places", (seconds, durationMs) => {
    expect(lineOf({}, { seconds })).toMatchObject({ durationMs });
  });

  it("leaves out what nobody knows", () => {
    const line = lineOf({ clientAddress: undefined }, { bytes: undefined });
    expect(Object.keys(line)).not.toContain("clientAddress");
    expect(Object.keys(line)).not.toContain("bytes");
  });

  it("holds a field that is an object", () => {
    expect(lineOf({ fields: { counts: { created: 1 } } })).toMatchObject({ counts: { created: 1 } });
  });
});
