import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { type Runtime, systemRuntime } from "./runtime.ts";

/** How often a call that may be repeated is tried, and how long the client waits in between. */
export interface RetryOptions {
  /** Most attempts, the first one included. Default 3. */
  readonly attempts?: number | undefined;
  /** Longest wait before the second attempt, in milliseconds; it doubles with each further one. Default 200. */
  readonly backoffMs?: number | undefined;
  /** Longest wait before any attempt, in milliseconds, unless the server asks for more. Default 5000. */
  readonly maxBackoffMs?: number | undefined;
}

/** Deadlines and retries of a client. */
export interface ReliabilityOptions {
  /**
   * Deadline of a unary call that sets none, in milliseconds, over all its attempts. Default 30,000; 0 is none. Streams
   * have the deadline that their call sets, and no other.
   */
  readonly timeoutMs?: number | undefined;
  /** Retries of unary calls; false is none. */
  readonly retry?: RetryOptions | false | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Gives unary calls a deadline, and repeats those that failed in passing: only methods that the schema declares free of
 * side effects or idempotent, only when the server cannot be reached or asks to come back (`unavailable`, or
 * `resource_exhausted` with `Retry-After`), never when it says `x-should-retry: false`, and never past the deadline.
 */
export function createReliableTransport(
  transport: Transport,
  { timeoutMs: defaultTimeoutMs = DEFAULT_TIMEOUT_MS, retry = {} }: ReliabilityOptions,
  runtime: Runtime = systemRuntime,
): Transport {
  const { attempts = 3, backoffMs = 200, maxBackoffMs = 5000 } = retry || { attempts: 1 };

  /** How long to wait before another attempt, in milliseconds; undefined when there shall be none. */
  function waitAfter(error: ConnectError, made: number): number | undefined {
    const asked = retryAfter(error, runtime.now());
    if (!isPassing(error, asked)) return undefined;
    const longest = Math.min(maxBackoffMs, backoffMs * 2 ** (made - 1));
    return Math.max(asked ?? 0, runtime.random() * longest);
  }

  return {
    async unary(method, signal, timeoutMs = defaultTimeoutMs, header, input, contextValues) {
      const deadline = timeoutMs > 0 ? runtime.now() + timeoutMs : Number.POSITIVE_INFINITY;
      const most = isRepeatable(method.idempotency) ? attempts : 1;
      for (let made = 1; ; made++) {
        try {
          const left = timeoutMs > 0 ? Math.max(1, Math.ceil(deadline - runtime.now())) : 0;
          return await transport.unary(method, signal, left, header, input, contextValues);
        } catch (error) {
          const wait = made < most && error instanceof ConnectError ? waitAfter(error, made) : undefined;
          if (wait === undefined || runtime.now() + wait >= deadline) throw error;
          await runtime.sleep(wait, signal);
        }
      }
    },
    stream: (...call) => transport.stream(...call),
  };
}

function isRepeatable(idempotency: MethodOptions_IdempotencyLevel): boolean {
  return (
    idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS ||
    idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT
  );
}

function isPassing({ code, metadata }: ConnectError, retryAfterMs: number | undefined): boolean {
  if (metadata.get("x-should-retry") === "false") return false;
  return code === Code.Unavailable || (code === Code.ResourceExhausted && retryAfterMs !== undefined);
}

/** What `Retry-After` asks for (RFC 9110, section 10.2.3: seconds, or a date), in milliseconds from now. */
function retryAfter({ metadata }: ConnectError, now: number): number | undefined {
  const value = metadata.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
