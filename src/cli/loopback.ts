import { randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ServiceError } from "../lib/errors.ts";

/** What the browser has brought. */
export interface LoopbackAnswer {
  readonly code: string;
  /** Sends the browser on, to a page that says how it went. */
  redirect(url: string): void;
  /** Tells the person in the browser that it went wrong. */
  fail(): void;
}

/** A listener that waits for the browser to come back (RFC 8252, section 7.3). */
export interface Loopback {
  readonly port: number;
  /** Only who brings it is listened to (RFC 6749, section 10.12). */
  readonly state: string;
  /** @throws ServiceError `canceled` when the person did not agree, `deadline_exceeded` when nobody came in time. */
  wait(timeoutMs: number): Promise<LoopbackAnswer>;
  close(): void;
}

/** Listens on a free port of the loopback interface, for one answer. */
export async function listenOnLoopback(): Promise<Loopback> {
  const state = randomBytes(32).toString("base64url");
  const arrival = Promise.withResolvers<LoopbackAnswer>();
  // Nobody may be waiting yet.
  arrival.promise.catch(() => {});
  let taken = false;

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const code = searchParams.get("code");
    if (pathname !== "/" || searchParams.get("state") !== state || taken)
      return answer(response, 404, "Nothing is here.");
    taken = true;
    if (code) return arrival.resolve(toAnswer(code, response));
    answer(response, 200, "Cancelled. You can close this page.");
    arrival.reject(new ServiceError("canceled", "the login was cancelled in the browser"));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    state,
    async wait(timeoutMs) {
      const timer = setTimeout(() => {
        const minutes = Math.round(timeoutMs / 60_000);
        arrival.reject(
          new ServiceError("deadline_exceeded", `nobody agreed within ${minutes} minutes: run it once more`),
        );
      }, timeoutMs);
      return arrival.promise.finally(() => clearTimeout(timer));
    },
    close() {
      server.close();
      server.closeIdleConnections();
    },
  };
}

function toAnswer(code: string, response: ServerResponse): LoopbackAnswer {
  return {
    code,
    redirect(url) {
      response.setHeader("location", url);
      answer(response, 303, "Go on.");
    },
    fail: () => answer(response, 200, "That did not work: the terminal says why. You can close this page."),
  };
}

/** The URL holds a code: it goes into no cache and to no other website. */
function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    connection: "close",
  });
  response.end(`${text}\n`);
}
