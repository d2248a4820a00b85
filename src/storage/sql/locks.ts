import type { Kysely } from "kysely";
import type { LockStore } from "../storage.ts";
import type { Engine } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class LockSqlStore implements LockStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  async hold(name: string): Promise<void> {
    await this.#engine.dialect.lock(this.#db, name);
  }
}
