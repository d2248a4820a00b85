import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createMetrics, type Metrics } from "../../src/http/metrics.ts";
import { metricsDoor } from "../../src/http/metrics-door.ts";
import { createServer } from "../../src/http/server.ts";
import { fetchHttp1, listen } from "./sockets.ts";

const procedure = "example.v1.ExampleService/GetExample";

function create(): Metrics {
  return createMetrics({ version: "1.2.3", procedures: [procedure], processMetrics: false });
}

async function serve(metrics: Metrics, token?: string): Promise<number> {
  const log = pino({ level: "silent" });
  const doors = [metricsDoor(metrics, token)];
  const { port } = await listen(createServer({ doors, log, requestIds: () => "id", trustProxy: 0 }));
  return port;
}

describe("calls", () => {
  it("are counted by procedure, protocol and code, and timed by procedure", async () => {
    const metrics = create();
    metrics.rpcEnded(procedure, "connect", "ok", 0.002);
    metrics.rpcEnded(procedure, "connect", "ok", 0.2);
    metrics.rpcEnded(procedure, "grpc-web", "not_found", 0.002);
    const { body } = await metrics.expose();
    expect(body).toContain(`rpc_calls_total{procedure="${procedure}",protocol="connect",code="ok"} 2`);
    expect(body).toContain(`rpc_calls_total{procedure="${procedure}",protocol="grpc-web",code="not_found"} 1`);
    expect(body).toContain(`rpc_duration_seconds_count{procedure="${procedure}"} 3`);
    expect(body).toContain(`rpc_duration_seconds_bucket{le="0.0025",procedure="${procedure}"} 2`);
    expect(body).toContain(`rpc_duration_seconds_sum{procedure="${procedure}"} 0.204`);
  });

  it("of an unknown procedure, or with an unknown code, are counted as unknown", async () => {
    const metrics = create();
    metrics.rpcEnded("made.up/By-4711", "grpc", "code-4711", 0.001);
    metrics.rpcEnded(`${procedure}X`, "grpc", "ok", 0.001);
    const { body } = await metrics.expose();
    expect(body).toContain('rpc_calls_total{procedure="unknown",protocol="grpc",code="unknown"} 1');
    expect(body).toContain('rpc_calls_total{procedure="unknown",protocol="grpc",code="ok"} 1');
    expect(body).not.toMatch(/4711|GetExampleX/);
  });

  it("are counted once, however often they are scraped", async () => {
    const metrics = create();
    metrics.rpcEnded(procedure, "grpc", "ok", 0.001);
    await metrics.expose();
    await metrics.expose();
    metrics.rpcEnded(procedure, "grpc", "ok", 0.001);
    expect((await metrics.expose()).body).toContain(`protocol="grpc",code="ok"} 2`);
  });
});

describe("the process", () => {
  it("is described by its version", async () => {
    const { body } = await create().expose();
    expect(body).toContain(`build_info{version="1.2.3",node="${process.version}"} 1`);
  });

  it("is measured unless it is asked not to", async () => {
    const { body } = await createMetrics({ version: "1.2.3" }).expose();
    expect(body).toMatch(/^process_cpu_seconds_total \d/m);
    expect((await create().expose()).body).not.toContain("process_");
  });
});

describe("/metrics", () => {
  it("answers in the Prometheus text format", async () => {
    const port = await serve(create());
    expect(await fetchHttp1(port, "/metrics")).toMatchObject({
      status: 200,
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
      body: expect.stringMatching(/^# TYPE build_info gauge$/m),
    });
    expect(await fetchHttp1(port, "/metrics", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });

  it.each([
    ["none", undefined],
    ["another one", "Bearer wrong"],
    ["it under another scheme", "Basic sesame"],
    ["it in part", "Bearer sesam"],
  ])("with a token refuses callers that have %s", async (_name, authorization) => {
    const port = await serve(create(), "sesame");
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await fetchHttp1(port, "/metrics", { headers });
    expect(answer).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
    expect(answer.body).not.toContain("build_info");
  });

  it("with a token answers callers that have it", async () => {
    const port = await serve(create(), "sesame");
    const headers = { authorization: "Bearer sesame" };
    expect(await fetchHttp1(port, "/metrics", { headers })).toMatchObject({ status: 200 });
  });

  it("answers to GET and HEAD alone", async () => {
    const port = await serve(create());
    expect(await fetchHttp1(port, "/metrics", { method: "POST" })).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD, OPTIONS" },
    });
    expect(await fetchHttp1(port, "/metrics", { method: "OPTIONS" })).toMatchObject({
      status: 204,
      headers: { allow: "GET, HEAD, OPTIONS" },
    });
  });
});
