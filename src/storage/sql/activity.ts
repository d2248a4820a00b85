/** Counts what runs, so that closing can wait for it and refuse what comes later. */
export class Activity {
  #running = 0;
  #closed = false;
  #idle: () => void = () => {};

  /** Runs the work. @throws Error (as a rejection) after {@link close}. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error("the storage is closed"));
    this.#running++;
    return work().finally(this.#ended);
  }

  readonly #ended = (): void => {
    this.#running--;
    if (this.#running === 0) this.#idle();
  };

  /** Refuses new work and resolves when the last one has ended. To be called once. */
  close(): Promise<void> {
    this.#closed = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle = resolve;
    if (this.#running === 0) resolve();
    return promise;
  }
}
