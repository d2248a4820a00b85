import { deepStrictEqual } from "node:assert/strict";
import { describe, expect, it } from "vitest";
import { newId } from "../../../src/lib/ids.ts";
import type { Page, PageRequest } from "../../../src/storage/storage.ts";
import { KEYS_IN_ORDER } from "../traps.ts";

/** An empty list, and how to fill it. */
export interface Listed<R> {
  /** Adds a row after all others. An id is given only where ids make the order. */
  insert(id?: string): Promise<R>;
  list(page: PageRequest): Promise<Page<R>>;
  remove?(record: R): Promise<void>;
}

/** How the rows of a list are ordered. */
export interface Order {
  /** Whether the last row that was inserted comes first. */
  readonly newestFirst?: boolean;
  /** Whether the order is that of the ids. */
  readonly byId?: boolean;
}

/** Keyset paging, as `PageRequest` and `Page` promise it. `empty` makes an empty list, anew for each test. */
export function pageCases<R extends { readonly id: string }>(
  title: string,
  empty: () => Promise<Listed<R>>,
  { newestFirst = false, byId = true }: Order = {},
): void {
  const ordered = (records: readonly R[]) => (newestFirst ? records.toReversed() : [...records]);

  describe(`pages of ${title}`, () => {
    it("answers an empty page when there is nothing", async () => {
      const { list } = await empty();
      expect(await list({ limit: 1 })).toStrictEqual({ items: [] });
    });

    it("ends a page that holds exactly what there is", async () => {
      const { insert, list } = await empty();
      const rows = ordered([await insert(), await insert(), await insert()]);
      deepStrictEqual(await list({ limit: 4 }), { items: rows });
      deepStrictEqual(await list({ limit: 3 }), { items: rows });
    });

    it("goes on when there is one row more", async () => {
      const { insert, list } = await empty();
      const rows = ordered([await insert(), await insert(), await insert()]);
      const first = await list({ limit: 2 });
      deepStrictEqual(first.items, rows.slice(0, 2));
      expect(typeof first.next).toBe("string");
      deepStrictEqual(await list({ limit: 2, after: first.next }), { items: rows.slice(2) });
    });

    it.each([1, 2, 3, 7])("gives every row once and in order, %i at a time", async (limit) => {
      const { insert, list } = await empty();
      const rows: R[] = [];
      for (let i = 0; i < 7; i++) rows.push(await insert());
      deepStrictEqual(await walk(list, limit), ordered(rows));
    });

    it("loses and repeats nothing when rows come in between", async () => {
      const { insert, list } = await empty();
      const rows = ordered([await insert(), await insert(), await insert()]);
      const first = await list({ limit: 2 });
      const late = await insert();
      const rest = await walk(list, 2, first.next);
      deepStrictEqual([...first.items, ...rest], newestFirst ? rows : [...rows, late]);
    });

    it("goes on after a row that has been deleted meanwhile", async () => {
      const { insert, list, remove } = await empty();
      const rows: R[] = [];
      for (let i = 0; i < 5; i++) rows.push(await insert());
      const first = await list({ limit: 2 });
      const last = first.items[1] as R;
      if (remove) await remove(last);
      deepStrictEqual(await walk(list, 2, first.next), ordered(rows).slice(2));
      if (remove) deepStrictEqual(await walk(list, 2), ordered(rows).toSpliced(1, 1));
    });

    if (byId) {
      it("orders by the bytes of the id", async () => {
        const { insert, list } = await empty();
        const prefix = newId();
        const rows = new Map<string, R>();
        for (const ending of KEYS_IN_ORDER.toReversed()) rows.set(ending, await insert(prefix + ending));
        const expected = KEYS_IN_ORDER.map((ending) => rows.get(ending));
        deepStrictEqual(await walk(list, 1), expected);
        deepStrictEqual(await walk(list, 100), expected);
      });
    }
  });
}

/** All rows of a list, page by page. */
export async function walk<R>(
  list: (page: PageRequest) => Promise<Page<R>>,
  limit: number,
  after?: string,
): Promise<readonly R[]> {
  const items: R[] = [];
  for (let next = after; ; ) {
    const page = await list({ limit, after: next });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.next === undefined) return items;
    next = page.next;
  }
}
