import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ErrorDetailSchema } from "../../gen/organization/errors/v1/errors_pb.ts";
import { openApiDocument } from "../../src/docs/openapi/document.ts";
import { declarationOf, METHODS, pathOf, reachableFrom } from "../../src/docs/schema.ts";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { runProgram } from "./runners.ts";

interface Operation {
  readonly operationId: string;
  readonly security?: unknown[];
  readonly responses: Record<string, unknown>;
}
interface Document {
  readonly paths: Record<string, { readonly post: Operation; readonly get?: Operation }>;
  readonly components: { readonly schemas: Record<string, { properties?: Record<string, unknown>; enum?: string[] }> };
}

const document = openApiDocument("https://sso.acme.test") as unknown as Document;
const source = JSON.stringify(document);

describe("the OpenAPI document", () => {
  it("passes the recommended rules of a linter, without a warning", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
    expect(problems.map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer }))).toEqual(
      [],
    );
  });

  it("has every method, and nothing else", () => {
    expect(Object.keys(document.paths).sort()).toEqual(METHODS.map((method) => `/${pathOf(method)}`).sort());
  });

  it.each(METHODS.map((method) => [pathOf(method), method] as const))(
    "says of %s who may call it, and how",
    (path, method) => {
      const item = document.paths[`/${path}`];
      const { caller, get } = declarationOf(method);
      expect(item?.post.security).toEqual(caller === "anyone" ? [] : undefined);
      expect(item?.get !== undefined).toBe(get);
      expect("401" in (item?.post.responses ?? {})).toBe(caller !== "anyone" || path.endsWith("/ExchangeToken"));
    },
  );

  it("has every type that a call can hold, with its fields and values, and nothing else", () => {
    const types = reachableFrom([...METHODS.flatMap(({ input, output }) => [input, output]), ErrorDetailSchema]);
    const schemas = { ...document.components.schemas };
    for (const name of ["Error", "ErrorDetail", "Violations"]) delete schemas[name];
    expect(Object.keys(schemas).sort()).toEqual([...types].map(({ typeName }) => typeName).sort());
    for (const type of types) {
      const schema = schemas[type.typeName];
      if (type.kind === "enum") expect(schema?.enum).toEqual(type.values.map(({ name }) => name));
      else expect(Object.keys(schema?.properties ?? {})).toEqual(type.fields.map(({ jsonName }) => jsonName));
    }
  });
});

/** What a consumer installs; typescript is the version that the generator asks for. */
const TOOLS = { "openapi-typescript": "7.13.0", "openapi-fetch": "0.17.0", typescript: "5.9.3" };

const PROGRAM = `
import createClient from "openapi-fetch";
import type { paths } from "./api.ts";

const { URL_OF_SERVER = "", TOKEN = "", ORGANIZATION_ID: organizationId = "" } = process.env;
const client = createClient<paths>({ baseUrl: URL_OF_SERVER, headers: { authorization: \`Bearer \${TOKEN}\` } });

const created = await client.POST("/gitpod.v1.OrganizationService/CreateSSOConfiguration", {
  body: { organizationId, clientId: "client", clientSecret: "secret", issuerUrl: "https://idp.example.com" },
});
const state: "SSO_CONFIGURATION_STATE_ACTIVE" | undefined =
  created.data?.ssoConfiguration.state === "SSO_CONFIGURATION_STATE_ACTIVE" ? "SSO_CONFIGURATION_STATE_ACTIVE" : undefined;

const read = await client.GET("/gitpod.v1.OrganizationService/GetOrganization", {
  params: { query: { connect: "v1", encoding: "json", message: JSON.stringify({ organizationId }) } },
});

const refused = await client.POST("/gitpod.v1.OrganizationService/DeleteSSOConfiguration", {
  body: { ssoConfigurationId: organizationId },
});
const debug = refused.error?.details?.[0]?.debug;
const reason = debug && "reason" in debug ? debug.reason : undefined;

// @ts-expect-error a required field is missing
client.POST("/gitpod.v1.OrganizationService/GetOrganization", { body: {} }).catch(() => {});

console.log(JSON.stringify({ state, name: read.data?.organization.name, code: refused.error?.code, reason }));
`;

describe("a generated client", () => {
  let server: TestServer;
  let admin: TestUser;
  const folder = mkdtempSync(join(tmpdir(), "organization-service-openapi-"));

  beforeAll(async () => {
    server = await startTestServer("sqlite");
    admin = await server.createUser(await server.createOrganization("Acme"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true, dependencies: TOOLS }));
    execFileSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--silent"], { cwd: folder });
  }, 240_000);
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is generated from the served document, compiles, and calls the server", async () => {
    const bin = (name: string) => join(folder, "node_modules/.bin", name);
    writeFileSync(join(folder, "openapi.json"), await (await fetch(`${server.url}/openapi.json`)).text());
    execFileSync(bin("openapi-typescript"), ["openapi.json", "--output", "api.ts"], { cwd: folder, stdio: "pipe" });
    writeFileSync(join(folder, "program.ts"), PROGRAM);
    writeFileSync(join(folder, "node.d.ts"), "declare const process: { env: Record<string, string | undefined> };\n");
    const options = ["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--allowImportingTsExtensions"];
    const modern = ["--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"];
    const compiled = await runProgram(
      bin("tsc"),
      [...options, ...modern, "program.ts", "node.d.ts"],
      {},
      { cwd: folder },
    );
    expect(compiled).toEqual({ stdout: "", failure: "" });
    const env = { URL_OF_SERVER: server.url, TOKEN: admin.token, ORGANIZATION_ID: admin.organizationId };
    const { stdout, failure } = await runProgram(process.execPath, ["program.ts"], env, { cwd: folder });
    expect(failure).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      state: "SSO_CONFIGURATION_STATE_ACTIVE",
      name: "Acme",
      code: "not_found",
      reason: "REASON_NOT_FOUND",
    });
  }, 300_000);

  it("is told of broken rules as the document says", async () => {
    const { status, body } = await callJson(server, "GetOrganization", { organizationId: "x" }, { token: admin.token });
    const violations = body.details.find(({ type }: { type: string }) => type === "buf.validate.Violations");
    expect({ status, code: body.code, ...violations.debug }).toEqual({
      status: 400,
      code: "invalid_argument",
      violations: [
        { field: { elements: [{ fieldName: "organization_id" }] }, ruleId: "string.uuid", message: expect.any(String) },
      ],
    });
  });
});
