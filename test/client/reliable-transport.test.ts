import { Code, ConnectError, createClient, createRouterTransport, type Transport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { EventService } from "../../gen/client/gitpod/v1/event_service_pb.ts";
import { OrganizationService } from "../../gen/client/gitpod/v1/organization_service_pb.ts";
import { createReliableTransport, type ReliabilityOptions } from "../../src/client/reliable-transport.ts";
import { type Runtime, systemRuntime } from "../../src/client/runtime.ts";
import { collect } from "../support/collect.ts";

const START = Date.UTC(2030, 0, 1);

/** A server that fails as it is told, once per failure, and then answers; with a clock that only waiting moves. */
function setUp(failures: ConnectError[], options: ReliabilityOptions = {}, random = 0.5) {
  const waits: number[] = [];
  const timeouts: (number | undefined)[] = [];
  let time = START;
  const runtime: Runtime = {
    now: () => time,
    random: () => random,
    sleep: async (ms) => {
      waits.push(ms);
      time += ms;
    },
  };
  const answer = async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    return {};
  };
  const server = createRouterTransport(({ service }) => {
    service(OrganizationService, {
      getSSOConfiguration: answer,
      updateSSOConfiguration: answer,
      createSSOConfiguration: answer,
    });
    service(EventService, {
      // biome-ignore lint/correctness/useYield: a stream that fails before its first message
      async *watchEvents() {
        await answer();
      },
    });
  });
  const recorded: Transport = {
    unary: (method, signal, timeoutMs, ...rest) => {
      timeouts.push(timeoutMs);
      return server.unary(method, signal, timeoutMs, ...rest);
    },
    stream: (method, signal, timeoutMs, ...rest) => {
      timeouts.push(timeoutMs);
      return server.stream(method, signal, timeoutMs, ...rest);
    },
  };
  const transport = createReliableTransport(recorded, options, runtime);
  const client = createClient(OrganizationService, transport);
  return { client, events: createClient(EventService, transport), waits, timeouts };
}

const unavailable = (headers: Record<string, string> = {}) => new ConnectError("away", Code.Unavailable, headers);
const exhausted = (headers: Record<string, string> = {}) =>
  new ConnectError("too much", Code.ResourceExhausted, headers);
const repeated = <T>(times: number, make: () => T) => Array.from({ length: times }, make);

describe("a call that failed in passing", () => {
  it.each(["getSSOConfiguration", "updateSSOConfiguration"] as const)("is repeated: %s", async (method) => {
    const { client, waits } = setUp([unavailable(), unavailable()]);
    await expect(client[method]({})).resolves.toBeDefined();
    expect(waits).toEqual([100, 200]);
  });

  it("is not repeated when it may have done something that it would do again", async () => {
    const { client, timeouts } = setUp([unavailable()]);
    await expect(client.createSSOConfiguration({})).rejects.toMatchObject({ code: Code.Unavailable });
    expect(timeouts).toHaveLength(1);
  });

  it("fails with its last error when attempts run out", async () => {
    const { client, timeouts } = setUp(repeated(9, unavailable));
    await expect(client.getSSOConfiguration({})).rejects.toMatchObject({ code: Code.Unavailable });
    expect(timeouts).toHaveLength(3);
  });

  it("is tried as often as the options say, after waits that double up to their limit", async () => {
    const { client, waits } = setUp(
      repeated(9, unavailable),
      { retry: { attempts: 6, backoffMs: 100, maxBackoffMs: 400 } },
      0.25,
    );
    await expect(client.getSSOConfiguration({})).rejects.toMatchObject({ code: Code.Unavailable });
    expect(waits).toEqual([25, 50, 100, 100, 100]);
  });

  it("is not repeated when the options say so", async () => {
    const { client, timeouts } = setUp([unavailable()], { retry: false });
    await expect(client.getSSOConfiguration({})).rejects.toMatchObject({ code: Code.Unavailable });
    expect(timeouts).toHaveLength(1);
  });

  it("is not repeated when the server says that it would fail again", async () => {
    const { client, waits } = setUp([unavailable({ "x-should-retry": "false" })]);
    await expect(client.getSSOConfiguration({})).rejects.toMatchObject({ code: Code.Unavailable });
    expect(waits).toEqual([]);
  });

  it.each([
    ["seconds", "3", 3000],
    ["a date", new Date(START + 4000).toUTCString(), 4000],
    ["a date that has passed", new Date(START - 4000).toUTCString(), 100],
    ["less than its own wait", "0", 100],
    ["nothing that is understood", "soon", 100],
  ])("waits as long as the server asks for: %s", async (_, value, wait) => {
    const { client, waits } = setUp([unavailable({ "retry-after": value })]);
    await client.getSSOConfiguration({});
    expect(waits).toEqual([wait]);
  });

  it.each([
    [{ "retry-after": "2" }, [2000]],
    [{}, []],
    [{ "retry-after": "2", "x-should-retry": "false" }, []],
  ])("of too many calls is repeated only when the server says when: %j", async (headers, expected) => {
    const { client, waits } = setUp([exhausted(headers)]);
    await client.getSSOConfiguration({}).catch(() => {});
    expect(waits).toEqual(expected);
  });
});

it.each([
  Code.Canceled,
  Code.Unknown,
  Code.InvalidArgument,
  Code.DeadlineExceeded,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.FailedPrecondition,
  Code.Aborted,
  Code.Unimplemented,
  Code.Internal,
  Code.Unauthenticated,
])("a call that failed for good is not repeated: code %i", async (code) => {
  const { client, waits } = setUp([new ConnectError("no", code)]);
  await expect(client.getSSOConfiguration({})).rejects.toMatchObject({ code });
  expect(waits).toEqual([]);
});

describe("the deadline", () => {
  it.each([
    ["30 seconds by default", {}, undefined, 30_000],
    ["what the client was made with", { timeoutMs: 1000 }, undefined, 1000],
    ["what the call says", { timeoutMs: 1000 }, 50, 50],
    ["none when the client was made so", { timeoutMs: 0 }, undefined, 0],
    ["none when the call says so", {}, 0, 0],
  ])("is %s", async (_, options, timeoutMs, expected) => {
    const { client, timeouts } = setUp([], options);
    await client.getSSOConfiguration({}, { ...(timeoutMs !== undefined && { timeoutMs }) });
    expect(timeouts).toEqual([expected]);
  });

  it("is one for all attempts together", async () => {
    const { client, timeouts } = setUp([unavailable(), unavailable({ "retry-after": "4" })], { timeoutMs: 10_000 });
    await client.getSSOConfiguration({});
    expect(timeouts).toEqual([10_000, 9900, 5900]);
  });

  it("is never waited past", async () => {
    const { client, waits } = setUp([unavailable({ "retry-after": "10" })], { timeoutMs: 10_000 });
    await expect(client.getSSOConfiguration({})).rejects.toMatchObject({ code: Code.Unavailable });
    expect(waits).toEqual([]);
  });

  it("of a stream is its own alone, and a stream is not repeated", async () => {
    const { events, timeouts } = setUp([unavailable()]);
    await expect(collect(events.watchEvents({}))).rejects.toMatchObject({ code: Code.Unavailable });
    expect(timeouts).toEqual([undefined]);
  });
});

describe("the machine's own wait", () => {
  it("ends by itself", async () => {
    await expect(systemRuntime.sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });

  it.each(["before", "during"])("ends as soon as the call is given up: %s", async (moment) => {
    const given = new AbortController();
    if (moment === "before") given.abort();
    const waiting = systemRuntime.sleep(2 ** 30, given.signal);
    given.abort();
    await expect(waiting).rejects.toMatchObject({ code: Code.Canceled });
  });
});
