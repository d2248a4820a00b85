/** What decides whether the server can answer requests. */
export type ReadinessOptions = {
  /** Rejects while the server cannot answer requests: storage does not answer, or is not migrated. */
  readonly ready: () => Promise<void>;
  /** Aborted when the server begins to shut down. */
  readonly closing: AbortSignal;
  /** How long `ready` may take; milliseconds. */
  readonly timeoutMs?: number;
};

/** Undefined while the server can answer requests; otherwise why not. */
export type Unready = {
  /** For everybody: names no host and quotes no error. */
  readonly reason: string;
  /** For the log. */
  readonly cause: unknown;
};

/** Makes the check. Callers that come while one check is on its way share its result, so that many probes cost one. */
export function createReadiness(options: ReadinessOptions): () => Promise<Unready | undefined> {
  let running: Promise<Unready | undefined> | undefined;
  return () => {
    if (options.closing.aborted) return Promise.resolve({ reason: "shutting down", cause: undefined });
    running ??= ask(options).finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function ask({ ready, timeoutMs = 2_000 }: ReadinessOptions): Promise<Unready | undefined> {
  try {
    await withTimeout(ready(), timeoutMs);
    return undefined;
  } catch (cause) {
    return { reason: "storage does not answer or is not migrated", cause };
  }
}

async function withTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
