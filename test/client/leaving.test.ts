import { Code, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { EventService } from "../../gen/client/gitpod/v1/event_service_pb.ts";
import { createLeavingClient } from "../../src/client/leaving.ts";
import { collect } from "../support/collect.ts";

/** A stream of so many events, or without an end; and whether the server was told that nobody reads any more. */
function setUp(events: number) {
  const heard = Promise.withResolvers<void>();
  const transport = createRouterTransport(({ service }) => {
    service(EventService, {
      async *watchEvents(_, { signal }) {
        signal.addEventListener("abort", () => heard.resolve());
        for (let event = 0; event < events; event++) yield { resourceId: String(event) };
      },
      getAuditLog: () => ({}),
    });
  });
  return { client: createLeavingClient(EventService, transport), heard: heard.promise };
}

describe("a stream", () => {
  it("gives all that it has", async () => {
    const messages = await collect(setUp(3).client.watchEvents({}));
    expect(messages.map(({ resourceId }) => resourceId)).toEqual(["0", "1", "2"]);
  });

  it("ends when its loop is left", async () => {
    const { client, heard } = setUp(Number.POSITIVE_INFINITY);
    const seen: string[] = [];
    for await (const { resourceId } of client.watchEvents({}, { signal: new AbortController().signal })) {
      seen.push(resourceId);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(["0", "1"]);
    await heard;
  });

  it("ends when its signal is aborted", async () => {
    const { client, heard } = setUp(Number.POSITIVE_INFINITY);
    const given = new AbortController();
    const watched = (async () => {
      for await (const { resourceId } of client.watchEvents({}, { signal: given.signal })) {
        if (resourceId === "1") given.abort();
      }
    })();
    await expect(watched).rejects.toMatchObject({ code: Code.Canceled });
    await heard;
  });
});

it("other methods are as they were", async () => {
  await expect(setUp(0).client.getAuditLog({})).resolves.toMatchObject({ $typeName: "gitpod.v1.GetAuditLogResponse" });
});
