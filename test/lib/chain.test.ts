import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Chain, type Linked } from "../../src/lib/chain.ts";

class Item implements Linked<Item> {
  readonly name: number;
  before: Item | undefined;
  after: Item | undefined;

  constructor(name: number) {
    this.name = name;
  }
}

describe("a chain", () => {
  it("holds what a set holds, in the same order, whatever comes and goes", () => {
    const step = fc.record({ add: fc.boolean(), name: fc.nat(8) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const items = Array.from({ length: 9 }, (_, name) => new Item(name));
        const chain = new Chain<Item>();
        const set = new Set<Item>();
        for (const { add, name } of steps) {
          const item = items[name] as Item;
          if (add && !set.has(item)) {
            chain.add(item);
            set.add(item);
          } else if (!add) {
            chain.delete(item);
            set.delete(item);
          }
          expect([...chain]).toEqual([...set]);
          expect(chain.first).toBe([...set][0]);
        }
      }),
    );
  });

  it("can be walked while the item at hand leaves", () => {
    const chain = new Chain<Item>();
    for (let name = 0; name < 4; name++) chain.add(new Item(name));
    const seen: number[] = [];
    for (const item of chain) {
      seen.push(item.name);
      if (item.name % 2 === 0) chain.delete(item);
    }
    expect(seen).toEqual([0, 1, 2, 3]);
    expect([...chain].map(({ name }) => name)).toEqual([1, 3]);
  });

  it("leaves nothing in what has left that leads to the others", () => {
    const chain = new Chain<Item>();
    const items = [0, 1, 2].map((name) => new Item(name));
    for (const item of items) chain.add(item);
    chain.delete(items[1] as Item);
    expect(items[1]).toMatchObject({ before: undefined, after: undefined });
  });
});
