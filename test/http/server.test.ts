import { once } from "node:events";
import { request, type ServerResponse } from "node:http";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createMetrics } from "../../src/http/metrics.ts";
import type { NodeResponse } from "../../src/http/node-http.ts";
import { requestRecord } from "../../src/http/record.ts";
import { createServer, type Door, pathPrefixes, type ServerOptions } from "../../src/http/server.ts";
import { dial, dialHttp2, fetchHttp1, fetchHttp2, hold, listen, open, readAll } from "./sockets.ts";

/** The log of one server: raw text for what must not be in it, lines to look at, and a way to wait for them. */
function captureLog() {
  const lines: Record<string, unknown>[] = [];
  let text = "";
  let wake = (): void => {};
  const write = (line: string): void => {
    text += line;
    lines.push(JSON.parse(line));
    wake();
  };
  const written = async (count: number): Promise<Record<string, unknown>[]> => {
    while (lines.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return lines;
  };
  return { log: pino({ level: "debug", base: null }, { write }), written, text: () => text };
}

async function serve(doors: Door[], options: Partial<ServerOptions> = {}, limits = {}) {
  const captured = captureLog();
  let id = 0;
  const server = createServer({ doors, log: captured.log, requestIds: () => `id-${++id}`, trustProxy: 0, ...options });
  const { port } = await listen({ ...server, limits });
  return { port, ...captured };
}

/** Both kinds of response have a `write` of their own shape. */
function write(res: NodeResponse, chunk: string | Uint8Array): void {
  (res as ServerResponse).write(chunk);
}

const plain: Door = {
  name: "plain",
  match: pathPrefixes("/plain/"),
  handle: (_req, res) => void res.end("plain answer"),
};

describe("dispatch", () => {
  it("asks the doors in order", async () => {
    const first: Door = { name: "first", match: (path) => path === "/a", handle: (_req, res) => void res.end("first") };
    const second: Door = { name: "second", match: () => true, handle: (_req, res) => void res.end("second") };
    const { port } = await serve([first, second]);
    expect(await fetchHttp1(port, "/a?x=1")).toMatchObject({ body: "first" });
    expect(await fetchHttp1(port, "/b")).toMatchObject({ body: "second" });
    expect(await fetchHttp2(await dialHttp2(`http://127.0.0.1:${port}`), "/a?x=1")).toMatchObject({ body: "first" });
  });

  it.each([
    ["/scim/v2/", "/scim/v2/Users", true],
    ["/scim/v2/", "/scim/v2", false],
    ["/scim/v2/", "/scim/v20/", false],
    ["/healthz", "/healthz", true],
    ["/healthz", "/healthz/", false],
  ])("matches by prefix %s: %s %s", (prefix, path, expected) => {
    expect(pathPrefixes("/other", prefix)(path)).toBe(expected);
  });

  it("answers 404 to an unknown path, and points to known ones", async () => {
    const { port, written } = await serve([plain], { signposts: ["/docs", "/healthz"] });
    const answer = await fetchHttp1(port, "/nowhere");
    expect(answer).toMatchObject({ status: 404, headers: { "content-type": "application/json" } });
    expect(JSON.parse(answer.body)).toEqual({
      code: "unimplemented",
      message: "nothing is served at this path; there is /docs, /healthz",
      requestId: "id-1",
    });
    expect(await written(1)).toMatchObject([{ status: 404, door: "none", path: "/nowhere" }]);
  });

  it("takes a request target in absolute form", async () => {
    const door: Door = {
      name: "any",
      match: (path) => path === "/a",
      handle: (req, res) => void res.end(req.url ?? ""),
    };
    const { port } = await serve([door]);
    expect(await fetchHttp1(port, "http://other.example/a?b")).toMatchObject({ status: 200, body: "/a?b" });
    expect(await fetchHttp1(port, "http://other.example")).toMatchObject({ status: 404 });
  });

  it("answers OPTIONS * for the server as a whole", async () => {
    const { port } = await serve([plain]);
    expect(await fetchHttp1(port, "*", { method: "OPTIONS" })).toMatchObject({ status: 204, body: "" });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(await fetchHttp2(session, "*", { ":method": "OPTIONS" })).toMatchObject({ status: 204, body: "" });
  });

  it("answers HEAD without a body", async () => {
    const { port, written } = await serve([plain]);
    expect(await fetchHttp1(port, "/plain/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(await fetchHttp2(session, "/plain/", { ":method": "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await fetchHttp2(session, "/nowhere", { ":method": "HEAD" })).toMatchObject({ status: 404, body: "" });
    expect(await written(3)).toMatchObject([{ bytes: 0 }, { bytes: 0 }, { bytes: 0 }]);
  });
});

describe("the request id", () => {
  it("is on every answer, with the header that forbids guessing content types", async () => {
    const { port } = await serve([plain]);
    const common = { "x-request-id": expect.stringMatching(/^id-\d$/), "x-content-type-options": "nosniff" };
    expect(await fetchHttp1(port, "/plain/")).toMatchObject({ status: 200, headers: common });
    expect(await fetchHttp1(port, "/nowhere")).toMatchObject({ status: 404, headers: common });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(await fetchHttp2(session, "/plain/")).toMatchObject({ status: 200, headers: common });
  });

  it("is taken from a proxy that is trusted, if it is well-formed", async () => {
    const { port } = await serve([plain], { trustProxy: 1 });
    const send = async (id: string) =>
      (await fetchHttp1(port, "/plain/", { headers: { "x-request-id": id } })).headers["x-request-id"];
    expect(await send("0198c0de-abcd_1:2/3")).toBe("0198c0de-abcd_1:2/3");
    expect(await send("")).toBe("id-1");
    expect(await send("with space")).toBe("id-2");
    expect(await send("x".repeat(129))).toBe("id-3");
  });

  it("is not taken from anybody else", async () => {
    const { port } = await serve([plain]);
    const answer = await fetchHttp1(port, "/plain/", { headers: { "x-request-id": "mine" } });
    expect(answer.headers["x-request-id"]).toBe("id-1");
  });
});

describe("the log line", () => {
  it("is one per request, with what the door knows", async () => {
    const door: Door = {
      name: "rpc",
      match: () => true,
      handle: (req, res) => {
        Object.assign(requestRecord(req).fields, { procedure: "a.B/C", code: "ok", callerId: "user-1" });
        res.end("12345");
      },
    };
    let time = 0;
    const { port, written } = await serve([door], { now: () => (time += 2.5) });
    await fetchHttp1(port, "/a.B/C", { method: "POST" }, "body");
    await fetchHttp2(await dialHttp2(`http://127.0.0.1:${port}`), "/a.B/C");
    const common = { procedure: "a.B/C", code: "ok", callerId: "user-1", status: 200, door: "rpc", durationMs: 2.5 };
    const lines = await written(2);
    expect(lines).toEqual([
      {
        ...common,
        level: 30,
        time: expect.any(Number),
        requestId: "id-1",
        method: "POST",
        path: "/a.B/C",
        bytes: 5,
        clientAddress: "127.0.0.1",
        msg: "request",
      },
      {
        ...common,
        level: 30,
        time: expect.any(Number),
        requestId: "id-2",
        method: "GET",
        path: "/a.B/C",
        bytes: 5,
        clientAddress: "127.0.0.1",
        msg: "request",
      },
    ]);
  });

  it("counts the bytes of answers in pieces", async () => {
    const door: Door = {
      name: "pieces",
      match: () => true,
      handle: (_req, res) => {
        write(res, "é");
        write(res, new Uint8Array(3));
        res.end("00ff", "hex");
      },
    };
    const { port, written } = await serve([door]);
    await fetchHttp1(port, "/");
    await fetchHttp2(await dialHttp2(`http://127.0.0.1:${port}`), "/");
    expect(await written(2)).toMatchObject([{ bytes: 7 }, { bytes: 7 }]);
  });

  it("holds neither query nor header values", async () => {
    const { port, written, text } = await serve([plain]);
    const headers = { authorization: "Bearer sesame-1", cookie: "session=sesame-2", "x-other": "sesame-3" };
    await fetchHttp1(port, "/plain/a?code=sesame-4#sesame-5", { headers });
    await fetchHttp2(await dialHttp2(`http://127.0.0.1:${port}`), "/nowhere?token=sesame-6", headers);
    await written(2);
    expect(text()).not.toContain("sesame");
    expect(text()).toContain('"path":"/plain/a"');
  });

  it("holds the pattern that a door gives for a path with something secret in it", async () => {
    const door: Door = {
      ...plain,
      handle: (req, res) => {
        requestRecord(req).loggedPath = "/plain/{invite}";
        res.end();
      },
    };
    const { port, written, text } = await serve([door]);
    await fetchHttp1(port, "/plain/sesame");
    expect(await written(1)).toMatchObject([{ path: "/plain/{invite}" }]);
    expect(text()).not.toContain("sesame");
  });

  it("holds no more than the beginning of a long path", async () => {
    const { port, written } = await serve([plain]);
    await fetchHttp1(port, `/plain/${"x".repeat(5_000)}`);
    const [line] = await written(1);
    expect(line!.path).toHaveLength(513);
  });

  it("is at debug level for quiet doors, unless they refuse", async () => {
    const quiet: Door = {
      ...plain,
      quiet: true,
      handle: (req, res) => {
        res.statusCode = req.url === "/plain/bad" ? 503 : 200;
        res.end();
      },
    };
    const { port, written } = await serve([quiet]);
    await fetchHttp1(port, "/plain/good");
    await fetchHttp1(port, "/plain/bad");
    expect(await written(2)).toMatchObject([{ level: 20 }, { level: 30 }]);
  });

  it("tells when the caller went away before the answer", async () => {
    const held = hold();
    const { port, written } = await serve([{ ...plain, handle: held.handler }]);
    const req = request({ port, host: "127.0.0.1", path: "/plain/" });
    req.on("error", () => {});
    req.end();
    await held.arrived(1);
    req.destroy();
    await written(1);
    const stream = open(await dialHttp2(`http://127.0.0.1:${port}`), { ":path": "/plain/" });
    await held.arrived(2);
    stream.close(8);
    expect(await written(2)).toMatchObject([
      { status: 499, aborted: true },
      { status: 499, aborted: true },
    ]);
  });
});

describe("a door that fails", () => {
  const cause = new Error("the disk is gone");
  const failure = new Error("could not read secret-table", { cause });

  it.each([
    [
      "throws",
      () => {
        throw failure;
      },
    ],
    [
      "rejects",
      async () => {
        throw failure;
      },
    ],
  ])("and %s is a 500 that says no more than the request id; the log has it whole", async (_how, handle) => {
    const { port, written, text } = await serve([{ ...plain, handle }]);
    const answer = await fetchHttp1(port, "/plain/");
    expect(answer).toMatchObject({
      status: 500,
      headers: { "content-type": "application/json", "x-request-id": "id-1" },
    });
    expect(JSON.parse(answer.body)).toEqual({
      code: "internal",
      message: "internal error; the log has it under request id id-1",
      requestId: "id-1",
    });
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    expect(await fetchHttp2(session, "/plain/")).toMatchObject({ status: 500 });
    expect(await written(2)).toMatchObject([{ level: 50, status: 500, requestId: "id-1" }, { level: 50 }]);
    expect(text()).toContain("could not read secret-table");
    expect(text()).toContain("the disk is gone");
  });

  it("leaves no header of the answer that it did not give", async () => {
    const { port } = await serve([
      {
        ...plain,
        handle: (_req, res) => {
          res.setHeader("content-encoding", "gzip");
          res.setHeader("set-cookie", "a=b");
          throw failure;
        },
      },
    ]);
    const { headers } = await fetchHttp1(port, "/plain/");
    expect(headers).not.toHaveProperty("content-encoding");
    expect(headers).not.toHaveProperty("set-cookie");
  });

  it("in the middle of its answer is cut off", async () => {
    const { port, written } = await serve([
      {
        ...plain,
        handle: async (_req, res) => {
          write(res, "half of");
          throw failure;
        },
      },
    ]);
    const socket = await dial(port);
    const text = readAll(socket);
    socket.write("GET /plain/ HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(await text).not.toMatch(/0\r\n\r\n$/);
    const stream = (await dialHttp2(`http://127.0.0.1:${port}`)).request({ ":path": "/plain/" });
    await expect(once(stream, "close")).rejects.toThrow("NGHTTP2_INTERNAL_ERROR");
    expect(await written(2)).toMatchObject([{ level: 50 }, { level: 50 }]);
  });

  it("after its caller had gone is logged all the same", async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const held = hold();
    const { port, written } = await serve([
      {
        ...plain,
        handle: (req, res) => {
          held.handler(req, res);
          return promise;
        },
      },
    ]);
    const req = request({ port, host: "127.0.0.1", path: "/plain/" });
    req.on("error", () => {});
    req.end();
    await held.arrived(1);
    req.destroy();
    await written(1);
    reject(failure);
    expect(await written(2)).toMatchObject([
      { status: 499 },
      { level: 50, requestId: "id-1", msg: "request failed after its caller had gone" },
    ]);
  });

  it("and writes after the end harms nobody", async () => {
    const { port, written } = await serve([
      {
        ...plain,
        handle: (_req, res) => {
          res.end("answer");
          write(res, "more");
        },
      },
    ]);
    expect(await fetchHttp1(port, "/plain/")).toMatchObject({ status: 200, body: "answer" });
    expect(await written(1)).toMatchObject([{ status: 200 }]);
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":path": "/plain/" });
    stream.on("error", () => {});
    stream.resume();
    if (!stream.closed) await new Promise((resolve) => stream.on("close", resolve));
    expect(await fetchHttp1(port, "/nowhere")).toMatchObject({ status: 404 });
  });
});

describe("a server without room", () => {
  it("refuses with the request id", async () => {
    const { port, written } = await serve([plain], {}, { requests: 0 });
    const answer = await fetchHttp1(port, "/plain/");
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1", "x-request-id": "id-1" } });
    expect(JSON.parse(answer.body)).toMatchObject({ code: "unavailable", requestId: "id-1" });
    expect(await written(1)).toMatchObject([{ status: 503, door: "plain" }]);
  });

  it("lets the door refuse in its own protocol", async () => {
    const door: Door = {
      ...plain,
      overloaded: (_req, res) => {
        res.setHeader("grpc-status", "14");
        res.end();
      },
    };
    const { port } = await serve([door], {}, { requests: 0 });
    expect(await fetchHttp1(port, "/plain/")).toMatchObject({ status: 200, headers: { "grpc-status": "14" } });
    expect(await fetchHttp1(port, "/nowhere")).toMatchObject({ status: 503 });
  });
});

describe("what is measured", () => {
  it("is each request, by door, method and status", async () => {
    const metrics = createMetrics({ version: "1.2.3", processMetrics: false });
    const held = hold();
    const { port, written } = await serve([{ ...plain, handle: held.handler }], { metrics });
    const first = fetchHttp1(port, "/plain/");
    await held.arrived(1);
    expect((await metrics.expose()).body).toContain("http_requests_in_flight 1");
    held.release();
    await first;
    await fetchHttp1(port, "/nowhere/secret-id");
    const session = await dialHttp2(`http://127.0.0.1:${port}`);
    await fetchHttp2(session, "/nowhere", { ":method": "MADEUP" });
    await written(3);
    const { body } = await metrics.expose();
    expect(body).toContain('http_requests_total{door="plain",method="GET",status="200"} 1');
    expect(body).toContain('http_requests_total{door="none",method="GET",status="404"} 1');
    expect(body).toContain('http_requests_total{door="none",method="other",status="404"} 1');
    expect(body).toContain('http_request_duration_seconds_count{door="none"} 2');
    expect(body).toContain("http_requests_in_flight 0");
    expect(body).not.toMatch(/MADEUP|secret-id/);
  });
});

describe("a request that did not come through the server", () => {
  it("has no record", async () => {
    const { port } = await listen({
      handler: (req, res) => {
        expect(() => requestRecord(req)).toThrow("did not come through the server");
        res.end();
      },
    });
    expect(await fetchHttp1(port, "/")).toMatchObject({ status: 200 });
  });
});
