import type { ChangeListener } from "../storage.ts";

/** Organizations whose audit log has grown; undefined stands for what belongs to no organization, or to any. */
export type Grown = ReadonlySet<string | undefined>;

/** How the processes that share a database tell each other about changes. An engine supplies it. */
export interface Wire {
  /**
   * Begins to report what other processes have committed, and reports undefined whenever something may have been missed.
   * @returns ends it; resolves when nothing is held any more.
   */
  listen(report: ChangeListener): () => Promise<void>;
  /** Tells the other processes. @throws when they could not be told. */
  tell(grown: Grown): Promise<void>;
}

/** Milliseconds between two tellings: a telling may cost as much as the change, and those of a while cost as little as one. */
const PAUSE_MS = 20;

/** Milliseconds after which telling is tried again, and how often. Whoever listens looks for itself now and then, too. */
const RETRY_MS = 1_000;
const TRIES = 5;

/**
 * Who wants to know of commits, in this process and in others. Nothing is told inside a transaction: a notification
 * would serialize the commits of all organizations (PostgreSQL takes one lock for it), and a listener that reads by
 * sequence loses nothing when it is told late. What happens within a short time is told together.
 */
export class Changes {
  readonly #wire: Wire;
  readonly #listeners = new Set<ChangeListener>();
  #untold = new Set<string | undefined>();
  #telling: Promise<void> | undefined;
  /** Ends the pause between two tellings. */
  #resume: () => void = () => {};
  #stopListening: (() => Promise<void>) | undefined;
  #closed = false;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** To be called after a commit. */
  publish(grown: Grown): void {
    if (grown.size === 0) return;
    for (const organizationId of grown) {
      this.#report(organizationId);
      this.#untold.add(organizationId);
    }
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = undefined;
    });
  }

  /** The listener's errors are its own affair: it must not throw. */
  subscribe(listener: ChangeListener): () => void {
    if (this.#closed) throw new Error("the storage is closed");
    // An entry of its own, so that one function may subscribe twice.
    const entry: ChangeListener = (organizationId) => listener(organizationId);
    this.#listeners.add(entry);
    this.#stopListening ??= this.#wire.listen((organizationId) => this.#report(organizationId));
    return () => {
      if (!this.#listeners.delete(entry) || this.#listeners.size > 0) return;
      void this.#stopListening?.();
      this.#stopListening = undefined;
    };
  }

  /** Tells what is untold, and reports nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#resume();
    this.#listeners.clear();
    await Promise.all([this.#stopListening?.(), this.#telling]);
  }

  #report(organizationId: string | undefined): void {
    for (const listener of this.#listeners) listener(organizationId);
  }

  async #tell(): Promise<void> {
    for (let tries = 0; this.#untold.size > 0 && tries < TRIES; ) {
      const grown = this.#untold;
      this.#untold = new Set();
      try {
        await this.#wire.tell(grown);
        tries = 0;
        await this.#pause(PAUSE_MS);
      } catch {
        for (const organizationId of grown) this.#untold.add(organizationId);
        tries = this.#closed ? TRIES : tries + 1;
        if (tries < TRIES) await this.#pause(RETRY_MS);
      }
    }
    this.#untold.clear();
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      setTimeout(resolve, ms).unref();
    });
  }
}
