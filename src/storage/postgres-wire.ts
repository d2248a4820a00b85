import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import type pg from "pg";
import type { Wire } from "./sql/changes.ts";
import type { ChangeListener } from "./storage.ts";

const CHANNEL = "organization_service_changes";

/** Ids in one notification: its text may have 8,000 bytes (https://www.postgresql.org/docs/current/sql-notify.html). */
const MAX_IDS = 100;

/** Milliseconds before the connection is opened again, growing from the first to the last. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;

/** Milliseconds between two questions that show whether the server is still there, and for each answer. */
const PROBE_MS = 15_000;

/** A notification's text. */
interface Message {
  /** The process that sent it, which knows already. */
  readonly from: string;
  /** Null stands for what belongs to no organization. Without ids, anything may have changed. */
  readonly ids?: readonly (string | null)[];
}

/**
 * LISTEN and NOTIFY. Notifications come on a connection of their own, which is opened again whenever it is lost; what was
 * committed meanwhile is reported as "anything".
 * @param connect makes a client that is not connected yet.
 * @param notify sends one notification on any connection.
 */
export function createPostgresWire(
  connect: () => pg.Client,
  notify: (channel: string, text: string) => Promise<unknown>,
): Wire {
  const from = randomUUID();
  return {
    listen: (report) => listen(connect, from, report),

    async tell(grown) {
      const ids = [...grown].map((id) => id ?? null);
      const message: Message = ids.length > MAX_IDS ? { from } : { from, ids };
      await notify(CHANNEL, JSON.stringify(message));
    },
  };
}

function listen(connect: () => pg.Client, self: string, report: ChangeListener): () => Promise<void> {
  const stop = new AbortController();
  const run = async () => {
    for (let pause = FIRST_PAUSE_MS; !stop.signal.aborted; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
      const heard = await hear(connect(), self, report, stop.signal);
      if (heard) pause = FIRST_PAUSE_MS;
      await abortablePause(pause, stop.signal);
    }
  };
  const running = run();
  return () => {
    stop.abort();
    return running;
  };
}

/** Reports notifications until the connection is lost or the signal stops it. Says whether it ever worked. */
async function hear(client: pg.Client, self: string, report: ChangeListener, stop: AbortSignal): Promise<boolean> {
  const { promise: lost, reject: lose } = Promise.withResolvers<never>();
  lost.catch(() => {});
  client.on("error", lose);
  client.on("end", lose);
  client.on("notification", ({ payload }) => receive(payload, self, report));
  stop.addEventListener("abort", lose);
  let listening = false;
  let probe: NodeJS.Timeout | undefined;
  try {
    await Promise.race([client.connect(), lost]);
    await Promise.race([client.query(`listen ${CHANNEL}`), lost]);
    listening = true;
    // Whatever was committed while nobody listened.
    report(undefined);
    probe = setInterval(() => {
      client.query({ text: "select 1", query_timeout: PROBE_MS } as pg.QueryConfig).catch(lose);
    }, PROBE_MS);
    probe.unref();
    return await lost;
  } catch {
    return listening;
  } finally {
    clearInterval(probe);
    stop.removeEventListener("abort", lose);
    // Not `end`, which waits for a server that may be gone.
    (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
  }
}

function receive(payload: string | undefined, self: string, report: ChangeListener): void {
  const message = parse(payload);
  if (message?.from === self) return;
  for (const id of message?.ids ?? [null]) report(id ?? undefined);
}

/** Undefined for what is not ours, or a newer version's: it may mean anything. */
function parse(payload: string | undefined): Message | undefined {
  try {
    return JSON.parse(payload ?? "") as Message;
  } catch {
    return undefined;
  }
}

function abortablePause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener("abort", done);
  });
}
