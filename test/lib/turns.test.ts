import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it } from "vitest";
import { atNextTurn, nextTurn } from "../../src/lib/turns.ts";

const listeners = process.listeners("uncaughtException");

afterEach(() => {
  process.removeAllListeners("uncaughtException");
  for (const listener of listeners) process.on("uncaughtException", listener);
});

describe("the next turn", () => {
  it("runs what was asked for in this one, in its order, and then lets those go on who wait for it", async () => {
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(what);
    const waited = nextTurn().then(note("waited"));
    atNextTurn(note("first"));
    atNextTurn(() => {
      seen.push("second");
      void nextTurn().then(note("waited within"));
    });
    atNextTurn(note("third"));
    expect(seen).toEqual([]);
    await waited;
    await new Promise(setImmediate);
    expect(seen.slice(0, 3)).toEqual(["first", "second", "third"]);
    expect(seen.slice(3).sort()).toEqual(["waited", "waited within"]);
  });

  it("belongs to nobody's async context, and who waits for it keeps its own", async () => {
    const context = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    await context.run("a transaction", async () => {
      atNextTurn(() => seen.push(context.getStore()));
      await nextTurn();
      seen.push(context.getStore());
    });
    expect(seen).toEqual([undefined, "a transaction"]);
  });

  it("leaves to the turn behind it what is asked for within", async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      atNextTurn(() => {
        atNextTurn(() => {
          seen.push("later");
          resolve();
        });
        seen.push("now");
      });
      setImmediate(() => seen.push("between"));
    });
    expect(seen).toEqual(["now", "between", "later"]);
  });

  it("runs the others when one throws, whose error is reported as that of any callback", async () => {
    process.removeAllListeners("uncaughtException");
    const reported = new Promise((resolve) => process.once("uncaughtException", resolve));
    const seen: string[] = [];
    atNextTurn(() => {
      throw new Error("one failed");
    });
    atNextTurn(() => seen.push("other"));
    expect(await reported).toMatchObject({ message: "one failed" });
    expect(seen).toEqual(["other"]);
  });
});
