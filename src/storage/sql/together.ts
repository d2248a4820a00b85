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
