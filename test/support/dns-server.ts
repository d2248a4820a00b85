import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What the server does when it is asked for the TXT records of a name. */
export type DnsBehaviour =
  /** Answers with these records, each a list of strings. Over UDP, what does not fit is truncated, and asked for over TCP. */
  | { readonly kind: "txt"; readonly records: readonly (readonly string[])[] }
  /** Answers with an alias and the records of its target. */
  | { readonly kind: "alias"; readonly target: string; readonly records: readonly (readonly string[])[] }
  | { readonly kind: "no_data" | "name_error" | "server_failure" | "refused" | "silence" | "garbage" };

/** A question that has arrived. */
export interface DnsQuestion {
  readonly name: string;
  readonly transport: "udp" | "tcp";
}

/** A real DNS server in a process of its own, on the loopback interface. */
export interface TestDns {
  /** `127.0.0.1:<port>`, for UDP and TCP. */
  readonly address: string;
  /** Decides about a name; undefined makes it unknown again, which is the beginning of every name. */
  set(name: string, behaviour: DnsBehaviour | undefined): Promise<void>;
  /** The questions since the last call. */
  questions(): Promise<readonly DnsQuestion[]>;
  stop(): Promise<void>;
}

/** What parent and child say to each other. */
export type DnsRequest =
  | { readonly kind: "set"; readonly name: string; readonly behaviour: DnsBehaviour | undefined }
  | { readonly kind: "questions" };
export type DnsReply = { readonly port: number } | { readonly questions: readonly DnsQuestion[] };

/** Starts the server. Stop it at the end of the test. */
export async function startDnsServer(): Promise<TestDns> {
  const child = fork(fileURLToPath(new URL("./dns-server-process.ts", import.meta.url)), { execArgv: [] });
  const { port } = (await replyOf(child)) as { port: number };
  const ask = async (request: DnsRequest) => {
    const reply = replyOf(child);
    child.send(request);
    return (await reply) as { questions: readonly DnsQuestion[] };
  };
  return {
    address: `127.0.0.1:${port}`,
    set: async (name, behaviour) => void (await ask({ kind: "set", name, behaviour })),
    questions: async () => (await ask({ kind: "questions" })).questions,
    async stop() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}

async function replyOf(child: ChildProcess): Promise<DnsReply> {
  const done = new AbortController();
  const { signal } = done;
  try {
    const exit = once(child, "exit", { signal }).then(([code]) => {
      throw new Error(`the DNS server ended with ${code}`);
    });
    const [reply] = await Promise.race([once(child, "message", { signal }), exit]);
    exit.catch(() => {});
    return reply;
  } finally {
    done.abort();
  }
}
