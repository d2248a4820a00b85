import type { Kysely } from "kysely";
import type { Engine } from "./engine.ts";
import type { Tables } from "./schema.ts";

/** Calls that become one at most, so that a statement stays small and there are few of each kind to prepare. */
const MOST = 16;

/**
 * Makes one statement of what several callers ask for at the same time: on the way to a database the statements cost more
 * than their rows. Who asks alone waits for nobody.
 */
export class Together<In, Out> {
  readonly #run: (items: readonly In[]) => Promise<readonly Out[]>;
  #waiting: { readonly item: In; readonly resolve: (out: Out) => void; readonly reject: (error: unknown) => void }[] =
    [];

  /** @param run gives an answer for each item, in their order. */
  constructor(run: (items: readonly In[]) => Promise<readonly Out[]>) {
    this.#run = run;
  }

  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length === MOST) this.#flush();
      // Behind everything that is ready to run: whoever goes the same way arrives until then.
      else if (this.#waiting.length === 1) process.nextTick(() => this.#flush());
    });
  }

  #flush(): void {
    const calls = this.#waiting;
    if (calls.length === 0) return;
    this.#waiting = [];
    this.#run(calls.map(({ item }) => item)).then(
      (outs) => {
        for (const [at, { resolve }] of calls.entries()) resolve(outs[at] as Out);
      },
      (error) => {
        for (const { reject } of calls) reject(error);
      },
    );
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Inserts rows of the same columns in one statement, which is compiled once for each number of rows. */
export async function insertRows<R = never>(
  engine: Engine,
  db: Kysely<Tables>,
  table: keyof Tables,
  rows: readonly Row[],
  returning: readonly string[] = [],
): Promise<readonly R[]> {
  const columns = Object.keys(rows[0] ?? {});
  const parameters = rows.flatMap((row) => columns.map((column) => row[column]));
  const name = `${table}.insert ${rows.length} ${columns.join()}`;
  return engine.rows<R>(db, name, parameters, (connection) => {
    const query = connection.insertInto(table).values(rows as never);
    return (returning.length > 0 ? query.returning(returning as never) : query) as never;
  });
}
