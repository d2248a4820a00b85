/**
 * What becomes of connections: kept, closed with notice, never out of step.
 */
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CallInfo, TransportOptions } from "../../src/transport/index.ts";
import { callOf, clientFor, everyWay, told } from "./calls.ts";
import type { WireAnswer } from "./clients.ts";
import { echoOptions } from "./echo.ts";
import { doors, type Listening, serve } from "./server.ts";

const look = "/test.v1.EchoService/Look";
const json = '{"text":"hello"}';

let server: Listening;

afterEach(() => server.close());

describe("over HTTP/1.1", () => {
  let socket: Socket;
  let received = "";

  beforeEach(async () => {
    server = await serve("http1", echoOptions as TransportOptions);
    received = "";
    socket = connectTcp(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
    });
    await once(socket, "connect");
  });

  afterEach(() => {
    socket.destroy();
  });

  const head = (length: number | "chunked", ...more: string[]) =>
    [
      `POST ${look} HTTP/1.1`,
      "host: a",
      "content-type: application/json",
      length === "chunked" ? "transfer-encoding: chunked" : `content-length: ${length}`,
      ...more,
      "\r\n",
    ].join("\r\n");
  const answers = () => received.match(/HTTP\/1\.1 \d+/g) ?? [];

  test("requests in one packet are answered in order", async () => {
    socket.write(`${head(json.length)}${json}${head(2, "authorization: bad")}{}${head(json.length)}${json}`);
    await expect.poll(answers).toEqual(["HTTP/1.1 200", "HTTP/1.1 401", "HTTP/1.1 200"]);
  });

  test("a refused call keeps its connection, and its body is not taken for the next request", async () => {
    const body = `POST /nosuch HTTP/1.1\r\nhost: a\r\n\r\n${"x".repeat(100_000)}`;
    socket.write(head(body.length, "authorization: bad"));
    await expect.poll(answers).toEqual(["HTTP/1.1 401"]);
    socket.write(body);
    socket.write(`${head(json.length)}${json}`);
    await expect.poll(answers).toEqual(["HTTP/1.1 401", "HTTP/1.1 200"]);
    expect(received).not.toMatch(/connection: close/i);
  });

  test("so does one whose length is not known", async () => {
    socket.write(`${head("chunked", "authorization: bad")}5\r\nhello\r\n`);
    await expect.poll(answers).toEqual(["HTTP/1.1 401"]);
    socket.write(`0\r\n\r\n${head(json.length)}${json}`);
    await expect.poll(answers).toEqual(["HTTP/1.1 401", "HTTP/1.1 200"]);
  });

  test("a refused call with a huge body is told that its connection closes, and comes to read it", async () => {
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(head(50_000_000, "authorization: bad"));
    socket.write(Buffer.alloc(2_000_000));
    await closed;
    expect(answers()).toEqual(["HTTP/1.1 401"]);
    expect(received).toMatch(/connection: close/i);
    expect(received).toMatch(/"code":"unauthenticated"/);
  });

  test("a body without end that nobody asked for is cut off", async () => {
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(head("chunked", "authorization: bad"));
    const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(0x100000), Buffer.from("\r\n")]);
    for (let i = 0; i < 40 && !socket.destroyed; i++) {
      socket.write(chunk);
      await sleep(1);
    }
    await closed;
    expect(answers()).toEqual(["HTTP/1.1 401"]);
  });

  test("a message in single bytes is read like any other", async () => {
    for (const byte of `${head(json.length)}${json}`) {
      socket.write(byte);
      await sleep(0);
    }
    await expect.poll(answers).toEqual(["HTTP/1.1 200"]);
    expect(received).toContain('"text":"hello"');
  });

  test("a request of HTTP/1.0 without a host is answered", async () => {
    socket.write(`POST ${look} HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`);
    await once(socket, "close");
    expect(received).toMatch(/^HTTP\/1\.1 200/);
    expect(received).toContain(`"url":"http://localhost${look}"`);
  });

  test("a host that is none does no harm", async () => {
    socket.write(`POST ${look} HTTP/1.1\r\nhost: a b\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`);
    await expect.poll(answers).toHaveLength(1);
    expect(received).toContain(`"url":"http://localhost${look}"`);
  });

  test("a client that expects to be told to go on is told so", async () => {
    socket.write(head(json.length, "expect: 100-continue"));
    await expect.poll(answers).toEqual(["HTTP/1.1 100"]);
    socket.write(json);
    await expect.poll(answers).toEqual(["HTTP/1.1 100", "HTTP/1.1 200"]);
  });
});

describe.each(["http2", "streams"] as const)("over HTTP/2 (%s)", (door) => {
  test("a refused upload does not hold up its connection", async () => {
    server = await serve(door, echoOptions as TransportOptions);
    const session = connectHttp2(server.url);
    const post = { ":method": "POST", ":path": look, "content-type": "application/json" };
    const upload = session.request({ ...post, authorization: "bad" });
    upload.on("error", () => {});
    upload.write(Buffer.alloc(1_000_000));
    const [refused] = (await once(upload, "response")) as [Record<string, unknown>];
    expect(refused[":status"]).toBe(401);
    const other = session.request(post);
    other.end(json);
    const [answered] = (await once(other, "response")) as [Record<string, unknown>];
    expect(answered[":status"]).toBe(200);
    await expect.poll(() => upload.closed).toBe(true);
    session.destroy();
  });

  test("a client that expects to be told to go on is told so", async () => {
    server = await serve(door, echoOptions as TransportOptions);
    const session = connectHttp2(server.url);
    const stream = session.request({
      ":method": "POST",
      ":path": look,
      "content-type": "application/json",
      expect: "100-continue",
    });
    await once(stream, "continue");
    stream.end(json);
    const [answered] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(answered[":status"]).toBe(200);
    session.destroy();
  });
});

describe.each(doors)("over %s", (door) => {
  test.each(everyWay)("an answer of megabytes arrives whole: $protocol $codec", async (way) => {
    const finished: CallInfo[] = [];
    server = await serve(door, { ...echoOptions, onFinish: (call) => finished.push(call) } as TransportOptions);
    const client = clientFor(door, server.port);
    const answer = (await client.send(callOf(way, { padding: 3_000_000 }))) as WireAnswer;
    expect(answer.body.length).toBeGreaterThan(3_000_000);
    expect(told(way, answer)).toMatchObject({ status: 200, code: undefined });
    expect(finished[0]?.bytesOut).toBe(answer.body.length);
    client.close();
  });

  test.each(everyWay.filter(({ protocol }) => protocol !== "get"))(
    "a request of megabytes is read whole: $protocol $codec",
    async (way) => {
      server = await serve(door, echoOptions as TransportOptions);
      const client = clientFor(door, server.port);
      const data = Buffer.alloc(2_000_000, "x");
      const answer = (await client.send(callOf(way, { data }))) as WireAnswer;
      expect(told(way, answer)).toMatchObject({ status: 200, code: undefined });
      expect(answer.body.length).toBeGreaterThan(2_000_000);
      client.close();
    },
  );

  test("clients that leave at any moment leave nothing behind", async () => {
    const finished: CallInfo[] = [];
    server = await serve(door, { ...echoOptions, onFinish: (call) => finished.push(call) } as TransportOptions);
    for (const moment of ["head", "body", "end", "later"] as const) {
      for (const way of everyWay) {
        const client = clientFor(door, server.port);
        const leaves = moment === "later" ? sleep(50) : moment;
        expect(await client.send({ ...callOf(way, { text: "until aborted" }), leaves })).toBe("left");
        client.close();
      }
    }
    const client = clientFor(door, server.port);
    const last = everyWay[0] as (typeof everyWay)[number];
    expect(await client.send(callOf(last, {}))).toMatchObject({ status: 200 });
    client.close();
    await expect.poll(() => finished.length).toBeGreaterThan(everyWay.length);
    expect(finished.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
