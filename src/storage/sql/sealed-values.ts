import { type Kysely, sql } from "kysely";
import type { Page, PageRequest, SealedColumn, SealedValue, SealedValueStore } from "../storage.ts";
import { toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

/** By which column the rows of each table are told apart. */
const KEYS = {
  sso_configurations: "id",
  pending_sign_ins: "state_hash",
  received_claims: "sso_configuration_id",
  test_sign_ins: "id",
  signing_keys: "id",
} as const satisfies Partial<Record<keyof Tables, string>>;

export class SealedValueSqlStore implements SealedValueStore {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async list(place: SealedColumn, { limit, after }: PageRequest): Promise<Page<SealedValue>> {
    const { table, key, column } = namesOf(place);
    const { rows } = await sql<SealedValue>`
      select ${key} as key, ${column} as sealed from ${table}
      where ${column} is not null and ${key} > ${after ?? ""}
      order by ${key} limit ${limit + 1}`.execute(this.#db);
    return toPage(
      rows,
      limit,
      (row) => ({ key: row.key, sealed: row.sealed }),
      (row) => row.key,
    );
  }

  async replace(place: SealedColumn, value: SealedValue, sealed: string): Promise<boolean> {
    const { table, key, column } = namesOf(place);
    const { numAffectedRows } = await sql`
      update ${table} set ${column} = ${sealed} where ${key} = ${value.key} and ${column} = ${value.sealed}
    `.execute(this.#db);
    return numAffectedRows === 1n;
  }
}

function namesOf(place: SealedColumn) {
  const [table, column] = place.split(".") as [keyof typeof KEYS, string];
  return { table: sql.table(table), key: sql.ref(KEYS[table]), column: sql.ref(column) };
}
