/**
 * A process of its own: clients that send a byte now and then. It is told `start` and `stop` by its parent, and answers a stop
 * with how many were cut off, by answer.
 */
import { connect, type Socket } from "node:net";
import { constants, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What the clients are to do; the first message. */
export interface SlowClients {
  readonly port: number;
  readonly token: string;
  readonly path: string;
  readonly clients: number;
}

/** How many were cut off, by part of the request and answer. */
export type CutOff = Record<string, number>;

/** Milliseconds between two bytes of a slow client. */
const BYTE_MS = 250;

// Whoever measures is on the same processor, and goes first.
setPriority(constants.priority.PRIORITY_LOW);

/** Sends a byte now and then. Resolves with the first line of the answer and its JSON code, once it is cut off. */
function slowClient(
  { port, token, path }: SlowClients,
  part: "headers" | "body",
  running: () => boolean,
): Promise<string> {
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
  const [atOnce, slowly] =
    part === "headers"
      ? ["", head.repeat(10)]
      : [`${head}authorization: Bearer ${token}\r\ncontent-length: 1000\r\n\r\n`, "{".padEnd(1000)];
  return new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let answer = "";
    let at = 0;
    const timer = setInterval(() => {
      if (!running()) socket.destroy();
      else if (socket.writable) socket.write(slowly[at++] ?? " ");
    }, BYTE_MS);
    socket.on("connect", () => socket.write(atOnce));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? "no answer";
      resolve(`${part}: ${status} ${/"code":"(\w+)"/.exec(answer)?.[1] ?? ""}`.trim());
    });
  });
}

/** Keeps the clients connected, half of them slow with their headers and half with a body; after one comes the next. */
function keepSlow(options: SlowClients): { stop(): Promise<CutOff> } {
  const answers: CutOff = {};
  let running = true;
  const follow = async (part: "headers" | "body") => {
    // Not all in the same instant: that would be a flood of connections, which is something else.
    await sleep(Math.random() * 2000);
    while (running) {
      const answer = await slowClient(options, part, () => running);
      if (running) answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  const all = Array.from({ length: options.clients }, (_, i) => follow(i % 2 === 0 ? "headers" : "body"));
  return {
    async stop() {
      running = false;
      await Promise.all(all);
      return answers;
    },
  };
}

let slow: ReturnType<typeof keepSlow> | undefined;
process.on("message", async (message: SlowClients | "stop") => {
  if (message !== "stop") slow = keepSlow(message);
  else process.send?.(await slow?.stop());
});
