/** Counts what runs, so that closing can wait for it and refuse what comes later. */
export class Activity {
  #running = 0;
  #closed = false;
  #idle: () => void = () => {};

  get running(): number {
    return this.#running;
  }

  /** Counts one more, which must {@link leave} again. @throws Error after {@link close}. */
  enter(): void {
    if (this.#closed) throw new Error("the storage is closed");
    this.#running++;
  }

  leave(): void {
    this.#running--;
    if (this.#running === 0) this.#idle();
  }

  /** Runs the work. @throws Error after {@link close}. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Refuses new work and resolves when the last one has ended. To be called once. */
  close(): Promise<void> {
    this.#closed = true;
    return this.idle();
  }

  /** Resolves when nothing runs. To be waited for by one. */
  idle(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle = resolve;
    if (this.#running === 0) resolve();
    return promise;
  }
}
