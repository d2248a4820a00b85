import type { Kysely } from "kysely";
import type { Direct } from "./engine.ts";

/** One of an engine's connections for writing, through Kysely and around it. Always the same object for the same connection. */
export interface Connection {
  /** Runs each statement on this connection, in whichever transaction that is. */
  readonly db: Kysely<never>;
  readonly direct: Direct;
}

/** How an engine runs transactions. */
export interface Transactions {
  /**
   * Runs the work in a transaction, on a connection that nobody else uses meanwhile, and resolves when it is committed.
   * When the work throws, nothing of it remains and the error is passed on.
   */
  run<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
}
