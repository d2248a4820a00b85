import { describe, expect, it } from "vitest";
import { type Dialect, postgresDialect, sqliteDialect } from "../../src/storage/dialect.ts";

/** A driver's error, as far as it is looked at. */
const coded = (code: string, more: object = {}) => Object.assign(new Error("as the driver says"), { code, ...more });

/** What a dialect makes of an error. */
function kindOf(dialect: Dialect, error: unknown): string[] {
  const kinds = { duplicate: dialect.isDuplicate, retryable: dialect.isRetryable, unavailable: dialect.isUnavailable };
  return Object.entries(kinds).flatMap(([kind, is]) => (is(error) ? [kind] : []));
}

describe("errors of the SQLite driver", () => {
  it.each([
    ["SQLITE_CONSTRAINT_UNIQUE", ["duplicate"]],
    ["SQLITE_CONSTRAINT_PRIMARYKEY", ["duplicate"]],
    ["SQLITE_CONSTRAINT_FOREIGNKEY", []],
    ["SQLITE_CONSTRAINT_NOTNULL", []],
    ["SQLITE_BUSY", ["unavailable"]],
    ["SQLITE_BUSY_RECOVERY", ["unavailable"]],
    ["SQLITE_FULL", ["unavailable"]],
    ["SQLITE_ABORT_ROLLBACK", ["retryable", "unavailable"]],
    ["SQLITE_IOERR_WRITE", ["unavailable"]],
    ["SQLITE_CANTOPEN", ["unavailable"]],
    ["SQLITE_READONLY", []],
    ["SQLITE_ERROR", []],
  ])("%s is %j", (code, kinds) => {
    expect(kindOf(sqliteDialect, coded(code))).toEqual(kinds);
  });
});

describe("errors of the PostgreSQL driver", () => {
  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  it.each([
    ["23505", ["duplicate"]],
    ["23503", []],
    ["23502", []],
    ["40001", ["retryable"]],
    ["40P01", ["retryable"]],
    ["25P02", []],
    ["25006", []],
    ["08006", ["unavailable"]],
    ["53300", ["unavailable"]],
    ["53100", ["unavailable"]],
    ["57P01", ["unavailable"]],
    ["57P03", ["unavailable"]],
    ["57014", []],
    ["28P01", []],
    ["3D000", []],
    ["0A000", []],
    ["ECONNREFUSED", ["unavailable"]],
    ["ECONNRESET", ["unavailable"]],
    ["EHOSTUNREACH", ["unavailable"]],
    ["ENETUNREACH", ["unavailable"]],
    ["EAI_AGAIN", ["unavailable"]],
    ["ENOTFOUND", ["unavailable"]],
    ["ENOENT", ["unavailable"]],
    ["ERR_INVALID_ARG_TYPE", []],
  ])("%s is %j", (code, kinds) => {
    expect(kindOf(postgresDialect, coded(code))).toEqual(kinds);
  });

  it("a stale plan is retryable", () => {
    expect(kindOf(postgresDialect, coded("0A000", { routine: "RevalidateCachedQuery" }))).toEqual(["retryable"]);
  });
});

describe("errors without a code", () => {
  it.each([new Error("own"), "text", undefined, null, 7, {}])("%s is none of them", (error) => {
    for (const dialect of [sqliteDialect, postgresDialect]) expect(kindOf(dialect, error)).toEqual([]);
  });
});
