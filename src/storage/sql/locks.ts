import type { Kysely } from "kysely";
import type { LockStore } from "../storage.ts";
import type { Engine } from "./engine.ts";
import { compilable } from "./rows.ts";
import type { Tables } from "./schema.ts";

export class LockSqlStore implements LockStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async hold(name: string): Promise<void> {
    await holdLock(this.#engine, this.#db, name);
  }
}

/** Waits for the named lock and holds it until the transaction ends. */
export async function holdLock(engine: Engine, db: Kysely<Tables>, name: string): Promise<void> {
  const statement = engine.dialect.lock(name);
  if (statement)
    await engine.rows(
      db,
      "lock",
      [name],
      compilable(() => statement),
    );
}
