/** What one stream waits on. */
export interface Bell {
  /**
   * Resolves true when it has been rung since the last time, at once or later; false when `ms` milliseconds have passed
   * before, or the signal was aborted.
   */
  wait(ms: number, signal: AbortSignal): Promise<boolean>;
  /** Takes the bell down. */
  remove(): void;
}

/** Bells by organization. */
export interface Bells {
  hang(organizationId: string): Bell;
  /** Rings all bells of the organization; without one, all bells. */
  ring(organizationId: string | undefined): void;
  /** How many hang. */
  readonly size: number;
}

/** Makes an empty set of bells. */
export function createBells(): Bells {
  const all = new Map<string, Set<RealBell>>();
  let size = 0;

  return {
    hang(organizationId) {
      const bell = new RealBell(() => {
        const others = all.get(organizationId);
        if (!others?.delete(bell)) return;
        size--;
        if (others.size === 0) all.delete(organizationId);
      });
      all.set(organizationId, (all.get(organizationId) ?? new Set()).add(bell));
      size++;
      return bell;
    },

    ring(organizationId) {
      const rung = organizationId === undefined ? [...all.values()] : [all.get(organizationId) ?? []];
      for (const bells of rung) for (const bell of bells) bell.ring();
    },

    get size() {
      return size;
    },
  };
}

class RealBell implements Bell {
  readonly remove: () => void;
  #rung = false;
  #wake = () => {};

  constructor(remove: () => void) {
    this.remove = remove;
  }

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#rung && ms > 0 && !signal.aborted) await this.#sleep(ms, signal);
    const rung = this.#rung && !signal.aborted;
    this.#rung = false;
    return rung;
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener("abort", wake);
      this.#wake = wake;
    });
  }
}
