import type { Direct } from "./sql/engine.ts";
import type { Connection, Transactions } from "./sql/transactions.ts";

/** What transactions need of the one connection that writes. */
export interface TransactionalConnection extends Direct {
  /** Whether a transaction is open. Some failures (a full disk) end it. */
  readonly inTransaction: boolean;
  /** Begins a transaction once no other process writes. */
  begin(): void | Promise<void>;
  run(statement: string, parameters: readonly unknown[]): number;
}

/** The writes that share a transaction. */
interface Group {
  readonly commit: PromiseWithResolvers<void>;
  /** Whether to commit as soon as nobody waits to join. */
  due: boolean;
  size: number;
}

/** Writes of a group at most: the first of them waits for the last. */
const MOST_OF_A_GROUP = 64;

/**
 * Transactions of one connection, one after another. Those that come in the same turn of the event loop, or while
 * another one lasts, share one of SQLite's, because a commit waits for the disk and costs far more than the work does: each
 * has a savepoint of its own, and is acknowledged after the common commit.
 */
export class SqliteTransactions implements Transactions {
  readonly #connection: Connection;
  readonly #direct: TransactionalConnection;
  readonly #waiting: (() => void)[] = [];
  #busy = false;
  #group: Group | undefined;

  constructor(connection: Connection & { readonly direct: TransactionalConnection }) {
    this.#connection = connection;
    this.#direct = connection.direct;
  }

  async run<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
    let value: T;
    let group: Group | undefined;
    try {
      value = await (this.#group ? this.#join(this.#group, work) : this.#begin(work));
      group = this.#group;
    } finally {
      this.#endTurn();
    }
    await group?.commit.promise;
    return value;
  }

  /** The first of a group needs no savepoint: when it fails, nobody else's work is lost. */
  async #begin<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    await this.#direct.begin();
    try {
      const value = await work(this.#connection);
      this.#openGroup();
      return value;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  async #join<T>(group: Group, work: (connection: Connection) => Promise<T>): Promise<T> {
    // Whether it succeeds or not: those that are done must not wait for ever for those that fail.
    group.size++;
    this.#direct.run("savepoint own", []);
    try {
      const value = await work(this.#connection);
      this.#direct.run("release own", []);
      return value;
    } catch (error) {
      try {
        this.#direct.run("rollback to own", []);
        this.#direct.run("release own", []);
      } catch (cause) {
        this.#lose(group, cause);
      }
      throw error;
    }
  }

  #openGroup(): void {
    const group = { commit: Promise.withResolvers<void>(), due: false, size: 1 };
    this.#group = group;
    // Behind every request that has arrived by now.
    setImmediate(() => {
      if (this.#group !== group) return;
      if (this.#busy) group.due = true;
      else this.#commit(group);
    });
  }

  #endTurn(): void {
    const group = this.#group;
    if (group && ((group.due && this.#waiting.length === 0) || group.size >= MOST_OF_A_GROUP)) this.#commit(group);
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }

  #commit(group: Group): void {
    this.#group = undefined;
    try {
      this.#direct.run("commit", []);
    } catch (error) {
      this.#rollBack();
      group.commit.reject(error);
      return;
    }
    group.commit.resolve();
  }

  /** The failure of one has ended the transaction for all: the others may try again. */
  #lose(group: Group, cause: unknown): void {
    this.#group = undefined;
    this.#rollBack();
    const error = new Error("another write has ended the transaction", { cause });
    group.commit.reject(Object.assign(error, { code: "SQLITE_ABORT_ROLLBACK" }));
  }

  #rollBack(): void {
    if (this.#direct.inTransaction) this.#direct.run("rollback", []);
  }
}
