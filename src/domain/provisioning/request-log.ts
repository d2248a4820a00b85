import { newId } from "../../lib/ids.ts";
import type { ScimRequestRecord } from "../../storage/storage.ts";
import type { Environment } from "../environment.ts";
import type { ScimSession } from "./session.ts";

/** What is written down of a request; the log adds whose it was. */
export type LoggedRequest = Omit<
  ScimRequestRecord,
  "id" | "organizationId" | "scimConfigurationId" | "requestId" | "body" | "createdAt"
> & {
  /** As parsed; undefined when there was none. */
  readonly body: unknown;
};

/** Requests that wait to be written at most. The oldest are dropped: the log explains, the audit log proves. */
const MAX_WAITING = 10_000;

/** Longest text of a body, a query and a user agent, in characters. */
const MAX_BODY = 65_536;
const MAX_QUERY = 4096;
const MAX_USER_AGENT = 256;

/** The log of SCIM requests. They are written many at once, because a transaction for each would cost more than the request. */
export function createRequestLog({ storage, clock, log }: Pick<Environment, "storage" | "clock" | "log">) {
  let waiting: ScimRequestRecord[] = [];
  let dropped = 0;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const requests = waiting;
    waiting = [];
    if (dropped > 0) log.warn({ dropped }, "SCIM requests not logged: more came than could be written");
    dropped = 0;
    if (requests.length === 0) return;
    await storage.write((records) => records.scimRequests.insertAll(requests));
  }

  return {
    add({ configuration, requestId }: ScimSession, request: LoggedRequest): void {
      if (waiting.length >= MAX_WAITING) {
        waiting.shift();
        dropped++;
      }
      waiting.push({
        ...request,
        id: newId(),
        organizationId: configuration.organizationId,
        scimConfigurationId: configuration.id,
        requestId,
        path: clean(request.path, MAX_QUERY),
        query: clean(request.query, MAX_QUERY),
        userAgent: clean(request.userAgent, MAX_USER_AGENT),
        body: request.body === undefined ? "" : clean(JSON.stringify(redact(request.body)), MAX_BODY),
        createdAt: clock.now(),
      });
    },

    /** Writes what waits. One at a time, so that whoever waits for it sees all that was added before. */
    flush(): Promise<void> {
      writing = writing.catch(() => {}).then(write);
      return writing;
    },
  };
}

export type RequestLog = ReturnType<typeof createRequestLog>;

const SECRET = /^password$/i;

/** A body without its passwords: as keys, and as values of operations whose path names one. */
export function redact(value: unknown, depth = 0): unknown {
  if (depth > 50) return "[too deep]";
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const path = entries.find(([key]) => key.toLowerCase() === "path")?.[1];
  const secret = typeof path === "string" && SECRET.test(path.trim().split(":").at(-1) ?? "");
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const hidden = SECRET.test(key.split(":").at(-1) ?? "") || (secret && key.toLowerCase() === "value");
      return [key, hidden ? "[redacted]" : redact(inner, depth + 1)];
    }),
  );
}

function clean(text: string, length: number): string {
  return text.slice(0, length).toWellFormed().replaceAll("\0", "\uFFFD");
}
