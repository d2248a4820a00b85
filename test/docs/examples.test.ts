/** Every example of the reference, as it is shown there, against a running server. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exampleCode } from "../../src/docs/examples/examples.ts";
import { EXAMPLES } from "../../src/docs/examples/scenario.ts";
import { ANSWER, ERROR_PROGRAM } from "../../src/docs/pages/errors.ts";
import { METHODS, methodAt, pathOf } from "../../src/docs/schema.ts";
import { callJson } from "../support/call.ts";
import { startTestServer } from "../support/server.ts";
import { curlRunner, installPackage, nameOf, runProgram, sourceOf, typescriptRunner } from "./runners.ts";
import { runExamples } from "./scenario.ts";

const root = join(import.meta.dirname, "../..");

test("every method has one example, and nothing else has", () => {
  expect(EXAMPLES.map(({ method }) => method).sort()).toEqual(METHODS.map(pathOf).sort());
});

test("the examples for curl run", async () => {
  expect(await runExamples(curlRunner())).toEqual([]);
}, 300_000);

test("the examples in TypeScript run", async () => {
  expect(await runExamples(typescriptRunner())).toEqual([]);
}, 300_000);

test("the examples in TypeScript pass the strictest type check", async () => {
  const folder = mkdtempSync(join(tmpdir(), "organization-service-examples-"));
  installPackage(folder);
  for (const example of EXAMPLES) {
    writeFileSync(join(folder, `${nameOf(example)}.ts`), exampleCode(methodAt(example.method), "typescript"));
  }
  writeFileSync(join(folder, "errors.ts"), ERROR_PROGRAM);
  const paths = Object.fromEntries(
    [".", "./client"].map((entry) => [`organization-service${entry.slice(1)}`, [join(root, sourceOf(entry))]]),
  );
  const config = { extends: join(root, "tsconfig.json"), compilerOptions: { paths }, include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiled = await runProgram(join(root, "node_modules/.bin/tsc"), ["--project", folder], {});
  // What is not of the examples is compiled with the rest of the project.
  expect(compiled.stdout.split("\n").filter((line) => /^\w+\.ts/.test(line))).toEqual([]);
  rmSync(folder, { recursive: true });
}, 300_000);

test("the program about errors prints what it says, and its answer has the form that is shown", async () => {
  const server = await startTestServer("sqlite");
  const { organizationId, token } = await server.createUser(await server.createOrganization());
  const provider = { clientId: "client", clientSecret: "secret", issuerUrl: "https://idp.example.com" };
  const { body: sso } = await callJson(server, "CreateSSOConfiguration", { organizationId, ...provider }, { token });
  const ssoConfigurationId: string = sso.ssoConfiguration.id;
  const { body: scim } = await callJson(
    server,
    "CreateSCIMConfiguration",
    { organizationId, ssoConfigurationId },
    { token },
  );
  const runner = typescriptRunner();
  const env = { ORGANIZATION_SERVICE_URL: server.url, TOKEN: token, SSO_CONFIGURATION_ID: ssoConfigurationId };
  const ran = await runner.run({ method: "a.b.Errors/Program", request: {} }, ERROR_PROGRAM, env);
  expect(ran).toEqual({ stdout: scim.scimConfiguration.id, failure: "" });
  const refused = await callJson(server, "DeleteSSOConfiguration", { ssoConfigurationId }, { token });
  expect(shapeOf(refused.body)).toEqual(shapeOf(JSON.parse(ANSWER)));
  await runner.close();
  await server.close();
});

/** JSON in which every text that is told apart from others by nothing but its content is the same. */
function shapeOf(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (key, value) =>
    typeof value === "string" && !["code", "type", "reason"].includes(key) ? "…" : value,
  );
}
