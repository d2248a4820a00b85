/** What can be in a {@link Chain}: it holds its own links, and is in one chain at a time. */
export interface Linked<T> {
  before: T | undefined;
  after: T | undefined;
}

/**
 * Items in the order in which they came, which leave from anywhere. A `Set` does the same, but each table that it outgrows
 * keeps the next one alive, with what was in it, until the next full garbage collection: where items come and go with every
 * request, nearly all of them would outlive the cheap collections.
 */
export class Chain<T extends Linked<T>> implements Iterable<T> {
  #first: T | undefined;
  #last: T | undefined;

  get first(): T | undefined {
    return this.#first;
  }

  /** Puts an item that is not in the chain behind the others. */
  add(item: T): void {
    item.before = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.after = item;
    this.#last = item;
  }

  /** Takes an item out; one that is not in the chain stays as it is. */
  delete(item: T): void {
    const { before, after } = item;
    if (before === undefined && this.#first !== item) return;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    item.before = undefined;
    item.after = undefined;
  }

  /** From the first to the last; the item that is at hand may leave meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    for (let item = this.#first; item !== undefined; ) {
      const next: T | undefined = item.after;
      yield item;
      item = next;
    }
  }
}
