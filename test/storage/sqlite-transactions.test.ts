import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../src/storage/sql/transactions.ts";
import { SqliteTransactions, type TransactionalConnection } from "../../src/storage/sqlite-transactions.ts";
import { gate, turns } from "./gate.ts";

describe("transactions of one SQLite connection", () => {
  let database: Database.Database;
  let transactions: SqliteTransactions;
  /** What was sent, but for what begins and ends savepoints. */
  let sent: string[];
  /** Statements that fail, and how. */
  let failures: Map<string, Error>;

  beforeEach(() => {
    database = new Database(":memory:");
    database.exec("create table thing (name text primary key)");
    sent = [];
    failures = new Map();
    const direct: TransactionalConnection = {
      get inTransaction() {
        return database.inTransaction;
      },
      begin: () => void direct.run("begin immediate", []),
      rows: (text, parameters) => database.prepare(text).all(...parameters),
      run: (text, parameters) => {
        if (!text.endsWith(" own")) sent.push([text, ...parameters].join(" "));
        const failure = failures.get(text);
        failures.delete(text);
        if (failure) throw failure;
        return database.prepare(text).run(...parameters).changes;
      },
    };
    transactions = new SqliteTransactions({ direct, db: undefined as never });
  });
  afterEach(() => void database.close());

  const INSERT = "insert into thing values (?)";
  const insert = (name: string) => async (connection: Connection) => {
    await connection.direct.run(INSERT, [name]);
    return name;
  };
  const refuse = (name: string) => async (connection: Connection) => {
    await insert(name)(connection);
    throw new Error(`no ${name}`);
  };
  const names = () => database.prepare("select name from thing order by rowid").pluck().all();
  const settle = async (works: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(works)).map((outcome) =>
      outcome.status === "fulfilled" ? outcome.value : (outcome.reason as Error).message,
    );

  it("share a commit when they come in the same turn, and are answered behind it", async () => {
    const answered: string[] = [];
    const all = ["a", "b", "c"].map((name) => transactions.run(insert(name)).then((value) => answered.push(value)));
    const done = await new Promise((resolve) => process.nextTick(() => resolve([names(), [...answered]])));
    expect(done).toEqual([["a", "b", "c"], []]);
    await Promise.all(all);
    expect(sent).toEqual(["begin immediate", ...["a", "b", "c"].map((name) => `${INSERT} ${name}`), "commit"]);
    expect(answered).toEqual(["a", "b", "c"]);
    await transactions.run(insert("d"));
    expect(sent.slice(5)).toEqual(["begin immediate", `${INSERT} d`, "commit"]);
  });

  it("leave nothing of the one that fails, and everything of the others", async () => {
    const works = [insert("a"), refuse("b"), insert("c"), insert("a"), refuse("d")];
    expect(await settle(works.map((work) => transactions.run(work)))).toEqual([
      ...["a", "no b", "c", "UNIQUE constraint failed: thing.name", "no d"],
    ]);
    expect(names()).toEqual(["a", "c"]);
    expect(sent.filter((statement) => statement === "commit")).toHaveLength(1);
  });

  it("begin anew when the first one fails", async () => {
    const works = [refuse("a"), refuse("b"), insert("c"), insert("d")];
    expect(await settle(works.map((work) => transactions.run(work)))).toEqual(["no a", "no b", "c", "d"]);
    expect(names()).toEqual(["c", "d"]);
    expect(sent.filter((statement) => !statement.startsWith("insert"))).toEqual([
      ...["begin immediate", "rollback", "begin immediate", "rollback", "begin immediate", "commit"],
    ]);
  });

  it("all fail when the common commit does, and nothing of them remains", async () => {
    failures.set("commit", new Error("disk full"));
    const works = ["a", "b"].map((name) => transactions.run(insert(name)));
    expect(await settle(works)).toEqual(["disk full", "disk full"]);
    expect(names()).toEqual([]);
    expect(await transactions.run(insert("a"))).toBe("a");
    expect(names()).toEqual(["a"]);
  });

  it("may be run again when another one has ended the transaction", async () => {
    const works = [
      transactions.run(insert("a")),
      transactions.run(async () => {
        // As a full disk may do.
        database.exec("rollback");
        throw new Error("disk full");
      }),
      transactions.run(insert("c")),
    ];
    await expect(works[0]).rejects.toMatchObject({ code: "SQLITE_ABORT_ROLLBACK" });
    await expect(works[1]).rejects.toThrow("disk full");
    expect(await works[2]).toBe("c");
    expect(names()).toEqual(["c"]);
  });

  it("fail when they cannot begin, and the next one begins", async () => {
    failures.set("begin immediate", new Error("locked"));
    expect(await settle(["a", "b"].map((name) => transactions.run(insert(name))))).toEqual(["locked", "b"]);
    expect(names()).toEqual(["b"]);
  });

  it("wait for one that lasts, which is committed as soon as it is over", async () => {
    const go = gate();
    const slow = transactions.run(async (connection) => {
      await go.opened;
      return insert("slow")(connection);
    });
    const others = ["a", "b"].map((name) => transactions.run(insert(name)));
    await turns(5);
    expect(names()).toEqual([]);
    go.open();
    expect(await Promise.all([slow, ...others])).toEqual(["slow", "a", "b"]);
    expect(names()).toEqual(["slow", "a", "b"]);
  });

  it("are committed with those that came while one lasted, 64 at most", async () => {
    const go = gate();
    const slow = transactions.run(async (connection) => {
      await go.opened;
      return insert("slow")(connection);
    });
    await turns(3);
    const late = Array.from({ length: 100 }, (_, i) =>
      transactions.run(i === 7 ? refuse("late 7") : insert(`late ${i}`)),
    );
    await turns(3);
    go.open();
    const kept = Array.from({ length: 100 }, (_, i) => (i === 7 ? "no late 7" : `late ${i}`));
    expect(await settle([slow, ...late])).toEqual(["slow", ...kept]);
    expect(names()).toEqual(["slow", ...kept.filter((name) => name !== "no late 7")]);
    const groups = sent
      .join("\n")
      .split("commit")
      .map((group) => group.split(`${INSERT} `).length - 1);
    expect(groups).toEqual([64, 37, 0]);
  });

  it("are committed although those behind them fail without end", async () => {
    const first = transactions.run(insert("first"));
    let over = false;
    // Each has its next one waiting before it is over.
    const fail = (n: number): Promise<unknown> =>
      transactions.run(refuse(`late ${n}`)).catch(() => (over || n > 10_000 ? n : fail(n + 2)));
    const failing = Promise.all([fail(0), fail(1)]);
    await first;
    over = true;
    expect(Math.max(...((await failing) as number[]))).toBeLessThan(1_000);
    expect(names()).toEqual(["first"]);
  });
});
