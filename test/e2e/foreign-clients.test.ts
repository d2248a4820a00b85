/** Clients that are neither ours nor Connect's: the grpc-web package in a browser, and grpc-js. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, type DescMethod, fromBinary, type Message, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import * as grpc from "@grpc/grpc-js";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../scripts/bundle.ts";
import { errorDetail, fieldViolations, isReason, Reason } from "../../src/client/node.ts";
import { EventService, OrganizationService, type WatchEventsResponse } from "../../src/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { type Site, serveSite } from "../support/site.ts";
import type { Calls, Ended, Setup } from "./grpc-web-page.ts";

const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";
const REQUEST_ID = /^[\w-]{16,}$/;
const { createSSOConfiguration, getSSOConfiguration, listSSOConfigurations } = OrganizationService.method;

let folder: string;
let site: Site;
let server: TestServer;
let admin: TestUser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "organization-service-page-"));
  site = await serveSite(() => folder);
  server = await startTestServer("sqlite", { env: { CORS_ALLOWED_ORIGINS: site.origin } });
  admin = await server.createUser(await server.createOrganization());
});
afterAll(async () => {
  site.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const fieldsOf = (displayName: string) => ({
  organizationId: admin.organizationId,
  displayName,
  issuerUrl: "https://idp.example.com",
  clientId: "c",
  clientSecret: "s",
});

/** What the trailers of a failed call say, read by the rules of gRPC. */
function readTrailers(code: number, detailsBin: string | undefined): ConnectError | undefined {
  return findTrailerError(new Headers({ "grpc-status": String(code), "grpc-status-details-bin": detailsBin ?? "" }));
}

describe("grpc-web, in a browser on another origin", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    const { code } = await bundle(join(import.meta.dirname, "grpc-web-page.ts"));
    writeFileSync(join(folder, "page.js"), code);
    writeFileSync(join(folder, "index.html"), `<!doctype html><script type="module" src="page.js"></script>`);
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`${site.origin}/page/index.html`);
  });
  afterAll(() => browser?.close());

  /** Makes a call in the page. */
  function call<Name extends keyof Calls>(name: Name, argument?: unknown, setup: Partial<Setup> = {}): Promise<Ended> {
    return page.evaluate(
      ([name, setup, argument]) => {
        const { calls } = globalThis as unknown as { calls: Record<string, (...args: unknown[]) => Promise<Ended>> };
        return (calls[name] as (...args: unknown[]) => Promise<Ended>)(setup, argument);
      },
      [name, { url: server.url, token: admin.token, ...setup }, argument] as const,
    );
  }

  it("writes and reads", async () => {
    expect(await call("create", fieldsOf("by grpc-web"))).toMatchObject({ code: 0 });
    expect(await call("list", admin.organizationId)).toEqual({ code: 0, names: ["by grpc-web"] });
    await server.logged();
    const line = server.log.map((line) => JSON.parse(line)).findLast((line) => line.method === "POST");
    expect(line).toMatchObject({
      protocol: "grpc-web",
      procedure: "gitpod.v1.OrganizationService/ListSSOConfigurations",
    });
  });

  it("gets the code, the message and the details of an error", async () => {
    const { code, message, metadata = {} } = await call("get", UNKNOWN_ID);
    expect({ code, message }).toEqual({
      code: grpc.status.NOT_FOUND,
      message: expect.stringContaining("SSO configuration not found"),
    });
    const error = readTrailers(code, metadata["grpc-status-details-bin"]);
    expect(isReason(error, Reason.NOT_FOUND)).toBe(true);
    expect(errorDetail(error)?.requestId).toMatch(REQUEST_ID);
  });

  it("gets the fields that broke a rule", async () => {
    const { code, metadata = {} } = await call("get", "none");
    const violations = fieldViolations(readTrailers(code, metadata["grpc-status-details-bin"]));
    expect(violations).toMatchObject([{ field: "sso_configuration_id", rule: "string.uuid" }]);
  });

  it("is told that its token is not good", async () => {
    expect(await call("list", admin.organizationId, { token: "none" })).toMatchObject({
      code: grpc.status.UNAUTHENTICATED,
    });
  });

  it("has its deadline kept", async () => {
    expect(await call("wait", undefined, { deadline: 500 })).toMatchObject({ code: grpc.status.DEADLINE_EXCEEDED });
  });

  it("reads a stream", async () => {
    expect(await call("watch")).toEqual({ code: 0, names: ["gitpod.v1.WatchEventsResponse"] });
  });

  it("is told why there is no stream", async () => {
    const { code, metadata = {} } = await call("watch", undefined, { token: "none" });
    expect(isReason(readTrailers(code, metadata["grpc-status-details-bin"]), Reason.CREDENTIAL_INVALID)).toBe(true);
  });
});

describe("grpc-js", () => {
  let client: grpc.Client;
  beforeAll(() => {
    client = new grpc.Client(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure());
  });
  afterAll(() => client.close());

  const metadata = () => {
    const credential = new grpc.Metadata();
    credential.set("authorization", `Bearer ${admin.token}`);
    return credential;
  };
  const serializersOf = ({ parent, name, input, output }: DescMethod) =>
    [
      `/${parent.typeName}/${name}`,
      (message: Message) => Buffer.from(toBinary(input, message)),
      (bytes: Buffer) => fromBinary(output, bytes) as Message,
    ] as const;

  function call(method: DescMethod, fields: object, options: grpc.CallOptions = {}): Promise<Message> {
    const request = create(method.input, fields as MessageInitShape<typeof method.input>);
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(...serializersOf(method), request, metadata(), options, (error, response) =>
        error ? reject(error) : resolve(response as Message),
      );
    });
  }

  async function refusal(answer: Promise<Message>) {
    const error = (await answer.then(
      () => Promise.reject(new Error("the call was not refused")),
      (error: unknown) => error,
    )) as grpc.ServiceError;
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    return { ...error, read: readTrailers(error.code, (bytes as Buffer | undefined)?.toString("base64")) };
  }

  it("writes and reads", async () => {
    await call(createSSOConfiguration, fieldsOf("by grpc-js"));
    const { organizationId } = admin;
    expect(await call(listSSOConfigurations, { organizationId })).toMatchObject({
      ssoConfigurations: expect.arrayContaining([expect.objectContaining({ displayName: "by grpc-js" })]),
    });
  });

  it("gets the code, the message and the details of an error", async () => {
    const { code, details, read } = await refusal(call(getSSOConfiguration, { ssoConfigurationId: UNKNOWN_ID }));
    expect({ code, details }).toEqual({
      code: grpc.status.NOT_FOUND,
      details: expect.stringContaining("SSO configuration not found"),
    });
    expect(isReason(read, Reason.NOT_FOUND)).toBe(true);
    expect(errorDetail(read)?.requestId).toMatch(REQUEST_ID);
  });

  it("gets the fields that broke a rule", async () => {
    const { read } = await refusal(call(getSSOConfiguration, { ssoConfigurationId: "none" }));
    expect(fieldViolations(read)).toMatchObject([{ field: "sso_configuration_id", rule: "string.uuid" }]);
  });

  it("has its deadline kept", async () => {
    const stream = watch({ deadline: Date.now() + 1500 });
    const { code } = await ended(stream);
    expect(code).toBe(grpc.status.DEADLINE_EXCEEDED);
  });

  it("reads a stream, and gives it up", async () => {
    const stream = watch();
    const events: WatchEventsResponse[] = [];
    stream.on("data", async (event: WatchEventsResponse) => {
      events.push(event);
      if (events.length === 1) await call(createSSOConfiguration, fieldsOf("watched"));
      else stream.cancel();
    });
    expect((await ended(stream)).code).toBe(grpc.status.CANCELLED);
    expect(events[1]?.resourceId).toMatch(/^[0-9a-f-]{36}$/);
  });

  function watch(options: grpc.CallOptions = {}) {
    const { watchEvents } = EventService.method;
    return client.makeServerStreamRequest(
      ...serializersOf(watchEvents),
      create(watchEvents.input),
      metadata(),
      options,
    );
  }

  /** Reads a stream to its end. */
  function ended(stream: grpc.ClientReadableStream<Message>): Promise<grpc.ServiceError> {
    return new Promise((resolve) => stream.on("error", (error) => resolve(error as grpc.ServiceError)).resume());
  }
});
