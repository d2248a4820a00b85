/** The process behind `dns-server.ts`: a DNS server (RFC 1035) that does to each name what it was told to do. */
import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:net";
import * as packet from "dns-packet";
import type { DnsBehaviour, DnsQuestion, DnsReply, DnsRequest } from "./dns-server.ts";

/** Bytes of a UDP answer (RFC 1035, section 4.2.1). */
const UDP_BYTES = 512;

const CODES: Partial<Record<DnsBehaviour["kind"], number>> = { server_failure: 2, name_error: 3, refused: 5 };

const behaviours = new Map<string, DnsBehaviour>();
let questions: DnsQuestion[] = [];

/** The answer's bytes, or nothing when the server is to stay silent. */
function answer(bytes: Uint8Array, transport: DnsQuestion["transport"]): Buffer | undefined {
  const query = packet.decode(bytes);
  const name = query.questions[0]?.name.toLowerCase() ?? "";
  questions.push({ name, transport });
  const behaviour = behaviours.get(name) ?? { kind: "name_error" };
  if (behaviour.kind === "silence") return undefined;
  // The header says that there is one answer, and none follows.
  if (behaviour.kind === "garbage")
    return Buffer.concat([bytes.subarray(0, 2), Buffer.from("8180000100010000", "hex")]);
  const respond = (flags: number, answers: readonly packet.Answer[]) =>
    packet.encode({
      type: "response",
      id: query.id,
      flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | flags,
      questions: query.questions,
      answers,
    });
  const whole = respond(CODES[behaviour.kind] ?? 0, answersOf(name, behaviour));
  return transport === "udp" && whole.length > UDP_BYTES ? respond(packet.TRUNCATED_RESPONSE, []) : whole;
}

function answersOf(name: string, behaviour: DnsBehaviour): packet.Answer[] {
  const texts = (owner: string, records: readonly (readonly string[])[]) =>
    records.map((data) => ({ type: "TXT", name: owner, ttl: 0, data }) as const);
  if (behaviour.kind === "txt") return texts(name, behaviour.records);
  if (behaviour.kind !== "alias") return [];
  return [{ type: "CNAME", name, ttl: 0, data: behaviour.target }, ...texts(behaviour.target, behaviour.records)];
}

/** Serves TCP, where each message has its length before it (RFC 1035, section 4.2.2). */
const tcp = createServer((socket) => {
  let received = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE()) {
      const end = 2 + received.readUInt16BE();
      const reply = answer(received.subarray(2, end), "tcp");
      received = received.subarray(end);
      if (!reply) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
});

function serveUdp(port: number): Promise<Socket> {
  const udp = createSocket("udp4");
  udp.on("message", (bytes, { port: sender, address }) => {
    const reply = answer(bytes, "udp");
    if (reply) udp.send(reply, sender, address);
  });
  return new Promise((resolve, reject) => {
    udp.once("error", reject);
    udp.bind(port, "127.0.0.1", () => resolve(udp));
  });
}

const tell = (reply: DnsReply) => process.send?.(reply);

process.on("message", (request: DnsRequest) => {
  if (request.kind === "questions") {
    tell({ questions });
    questions = [];
    return;
  }
  if (request.behaviour) behaviours.set(request.name.toLowerCase(), request.behaviour);
  else behaviours.delete(request.name.toLowerCase());
  tell({ questions: [] });
});
process.on("disconnect", () => process.exit(0));

await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
const { port } = tcp.address() as { port: number };
await serveUdp(port);
tell({ port });
