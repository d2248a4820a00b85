import type { Writable } from "node:stream";
import type pg from "pg";

/** A connection that reads share. */
interface Lane {
  readonly client: Promise<pg.PoolClient>;
  /** Reads that are not answered yet. */
  running: number;
  /** What is sent waits for what else is sent in this turn. */
  isCorked: boolean;
}

/**
 * Reads of rows by their keys, none of which takes the database long: all of them share one connection of the pool, which
 * answers them in turn (https://www.postgresql.org/docs/current/libpq-pipeline-mode.html is the idea), and those of one turn
 * of the event loop leave in one write. A write for each, and a process of the database to wake, would cost more than the read.
 */
export class KeyReads {
  readonly #pool: pg.Pool;
  #lane: Lane | undefined;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async query(text: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    this.#lane ??= { client: this.#pool.connect(), running: 0, isCorked: false };
    const lane = this.#lane;
    lane.running++;
    try {
      const client = await lane.client;
      cork(lane, client);
      return await client.query(text, parameters as unknown[]);
    } catch (error) {
      // Whatever it was: the next ones do not have to queue behind a connection that may be lost.
      this.#leave(lane);
      throw error;
    } finally {
      lane.running--;
      if (lane.running === 0) {
        this.#leave(lane);
        lane.client.then((client) => client.release()).catch(() => {});
      }
    }
  }

  #leave(lane: Lane): void {
    if (this.#lane === lane) this.#lane = undefined;
  }
}

function cork(lane: Lane, client: pg.PoolClient): void {
  if (lane.isCorked) return;
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  lane.isCorked = true;
  stream.cork();
  process.nextTick(() => {
    lane.isCorked = false;
    stream.uncork();
  });
}
