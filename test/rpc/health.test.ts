import { Code, type ConnectRouter, createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import { Health, HealthCheckResponse_ServingStatus as Status } from "../../gen/grpc/health/v1/health_pb.ts";
import { type HealthRoutesOptions, healthRoutes } from "../../src/rpc/health.ts";
import { afterTest, listen } from "../http/sockets.ts";

/** A client of the health service on a real socket, over gRPC. */
async function serve(options: Partial<HealthRoutesOptions> = {}) {
  const closing = new AbortController();
  const routes = healthRoutes({
    ready: async () => {},
    closing: closing.signal,
    services: ["example.v1.ExampleService"],
    watchMs: 5,
    ...options,
  });
  const { port } = await listen({
    handler: connectNodeAdapter({ routes: (router: ConnectRouter) => void routes(router) }),
  });
  const client = createClient(Health, createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }));
  return { client, closing };
}

/** The statuses of a watch, one at a time. */
function watch(client: Awaited<ReturnType<typeof serve>>["client"], service: string) {
  const abort = new AbortController();
  afterTest(() => abort.abort());
  const statuses = client.watch({ service }, { signal: abort.signal })[Symbol.asyncIterator]();
  const next = async (): Promise<Status | undefined> => (await statuses.next()).value?.status;
  return { next, abort };
}

const down = async (): Promise<void> => {
  throw new Error("storage is down");
};

describe("Check", () => {
  it.each(["", "example.v1.ExampleService"])("says that %j is serving while the server is ready", async (service) => {
    const { client } = await serve();
    expect(await client.check({ service })).toMatchObject({ status: Status.SERVING });
  });

  it("says that nothing is serving while storage fails", async () => {
    const { client } = await serve({ ready: down });
    expect(await client.check({ service: "" })).toMatchObject({ status: Status.NOT_SERVING });
  });

  it("says that nothing is serving from the moment the server begins to shut down", async () => {
    const { client, closing } = await serve();
    closing.abort();
    expect(await client.check({})).toMatchObject({ status: Status.NOT_SERVING });
  });

  it("does not know other services", async () => {
    const { client } = await serve();
    await expect(client.check({ service: "example.v1.Other" })).rejects.toMatchObject({ code: Code.NotFound });
  });
});

describe("List", () => {
  it("has the status of every service", async () => {
    const { client } = await serve();
    const { statuses } = await client.list({});
    expect(Object.keys(statuses).sort()).toEqual(["", "example.v1.ExampleService"]);
    expect(Object.values(statuses)).toMatchObject([{ status: Status.SERVING }, { status: Status.SERVING }]);
  });
});

describe("Watch", () => {
  it("tells the status at once and each change of it", async () => {
    let ready: () => Promise<void> = async () => {};
    const { client } = await serve({ ready: () => ready() });
    const { next } = watch(client, "");
    expect(await next()).toBe(Status.SERVING);
    ready = down;
    expect(await next()).toBe(Status.NOT_SERVING);
    ready = async () => {};
    expect(await next()).toBe(Status.SERVING);
  });

  it("says that the server is not serving, and ends, when it begins to shut down", async () => {
    const { client, closing } = await serve({ watchMs: 1_000_000 });
    const { next } = watch(client, "example.v1.ExampleService");
    expect(await next()).toBe(Status.SERVING);
    closing.abort();
    expect(await next()).toBe(Status.NOT_SERVING);
    expect(await next()).toBeUndefined();
  });

  it("keeps a watcher of an unknown service", async () => {
    const { client, closing } = await serve();
    const { next } = watch(client, "example.v1.Other");
    expect(await next()).toBe(Status.SERVICE_UNKNOWN);
    const ended = next();
    closing.abort();
    expect(await ended).toBeUndefined();
  });

  it("looks at the status once for all watchers", async () => {
    let looks = 0;
    let look = (): void => {};
    const ready = async (): Promise<void> => {
      looks += 1;
      look();
    };
    const untilLooks = async (count: number): Promise<void> => {
      while (looks < count) {
        await new Promise<void>((resolve) => {
          look = resolve;
        });
      }
    };
    const { client } = await serve({ ready });
    const watchers = Array.from({ length: 10 }, () => watch(client, ""));
    for (const { next } of watchers) expect(await next()).toBe(Status.SERVING);
    const before = looks;
    await untilLooks(before + 3);
    expect(looks).toBe(before + 3);
    for (const { abort, next } of watchers) {
      abort.abort();
      await expect(next()).rejects.toMatchObject({ code: Code.Canceled });
    }
  });
});
