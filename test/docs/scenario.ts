/** Runs the examples of the reference, in one language, in their order, against one server. */
import { setTimeout as sleep } from "node:timers/promises";
import { exampleCode, type Language } from "../../src/docs/examples/examples.ts";
import { EXAMPLES, type Example, VARIABLES, variablesIn } from "../../src/docs/examples/scenario.ts";
import { declarationOf, methodAt } from "../../src/docs/schema.ts";
import { proofRecordName, proofRecordValue } from "../../src/domain/domain-verifications.ts";
import { newId } from "../../src/lib/ids.ts";
import { callJson } from "../support/call.ts";
import { startDnsServer, type TestDns } from "../support/dns-server.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { createTestExchangeToken, openTestSession } from "../support/sessions.ts";

type Variables = Record<string, string>;

/** What a program has done. */
export interface Ran {
  readonly stdout: string;
  /** What it failed with; empty when it did not. */
  readonly failure: string;
}

/** Runs examples of one language. */
export interface Runner {
  readonly language: Language;
  /** Runs a program, as written, with nothing but these environment variables of its own. */
  run(example: Example, code: string, env: Variables): Promise<Ran>;
  /** Finds the values of the variables that an example gives, in what it has printed. */
  values(example: Example, stdout: string): Variables;
  close(): Promise<void>;
}

/** An example that did not do what it should. */
export interface Failure {
  readonly method: string;
  readonly problem: string;
}

/** Runs every example; each makes its one call, which ends as the scenario says. Returns those that did not. */
export async function runExamples(runner: Runner): Promise<Failure[]> {
  const world = await openWorld();
  const failures: Failure[] = [];
  try {
    for (const example of EXAMPLES) {
      const problem = await runOne(world, runner, example).catch((error: Error) => error.message);
      if (problem !== undefined) failures.push({ method: example.method, problem });
    }
    return failures;
  } finally {
    await runner.close();
    await world.close();
  }
}

/** A server with the people of the scenario. */
interface World {
  readonly server: TestServer;
  readonly dns: TestDns;
  readonly admin: TestUser;
  readonly newcomer: TestUser;
  readonly variables: Variables;
  close(): Promise<void>;
}

async function openWorld(): Promise<World> {
  const dns = await startDnsServer();
  const server = await startTestServer("sqlite", { env: { DNS_SERVERS: dns.address } });
  const admin = await server.createUser(await server.createOrganization("Acme"));
  const newcomer = await server.createUser(
    await server.createOrganization("Elsewhere"),
    "admin",
    "zoe@elsewhere.example",
  );
  return {
    server,
    dns,
    admin,
    newcomer,
    variables: { ORGANIZATION_SERVICE_URL: server.url },
    async close() {
      await server.close();
      await dns.stop();
    },
  };
}

async function runOne(world: World, runner: Runner, example: Example): Promise<string | undefined> {
  const { server, variables } = world;
  const method = methodAt(example.method);
  const done = new AbortController();
  await prepare(world, example, done.signal);
  const token = (example.caller === "newcomer" ? world.newcomer : world.admin).token;
  const env = neededBy(example, { ...variables, TOKEN: token });
  const from = server.log.length;
  const { stdout, failure } = await runner.run(example, exampleCode(method, runner.language), env);
  done.abort();
  const expected = example.fails ?? "ok";
  const code = await codeOf(server, example.method, from, declarationOf(method).streaming ? undefined : expected);
  if (code !== expected) return `the call ended with ${code}: ${failure || stdout}`;
  // curl does not fail by itself: the error is what it prints.
  if (expected === "ok" && failure !== "") return failure;
  if (expected !== "ok" && failure === "" && !stdout.includes(expected)) return `it does not say ${expected}`;
  if (declarationOf(method).streaming && !/GROUP|resourceType|resource_type/.test(stdout)) return `no event: ${stdout}`;
  Object.assign(variables, runner.values(example, stdout));
  return undefined;
}

/** The variables of the scenario that the example may see: a program that needs another one fails. */
function neededBy(example: Example, variables: Variables): Variables {
  const names = ["ORGANIZATION_SERVICE_URL", ...variablesIn(example.request)];
  if (declarationOf(methodAt(example.method)).caller !== "anyone") names.push("TOKEN");
  return Object.fromEntries(
    names.map((name) => {
      const value = variables[name];
      if (value === undefined)
        throw new Error(`${name} was given by no example${name in VARIABLES ? " and no test" : ""}`);
      return [name, value];
    }),
  );
}

/** How the one call of the example ended, by the server's log; a stream ends as its caller wants. */
async function codeOf(server: TestServer, procedure: string, from: number, wanted: string | undefined) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const calls = server.log
      .slice(from)
      .map((line) => JSON.parse(line))
      .filter((line) => line.procedure === procedure);
    if (calls.length > 1) return `${calls.length} calls`;
    if (calls.length === 1) return wanted === undefined ? "ok" : (calls[0].code as string);
    await sleep(50);
  }
  return "no call";
}

/** What happens outside of the API before an example can be run. */
async function prepare(world: World, { method }: Example, done: AbortSignal): Promise<void> {
  const { server, dns, admin, variables } = world;
  switch (method.split("/")[1]) {
    case "VerifyDomain": {
      const proof = { domain: "acme.example", verificationToken: variables.VERIFICATION_TOKEN ?? "" };
      await dns.set(proofRecordName(proof), { kind: "txt", records: [[proofRecordValue(proof)]] });
      break;
    }
    case "ListSCIMRequests":
      await provision(world);
      break;
    case "ListSCIMHolds":
      await addHold(world, 1);
      await addHold(world, 2);
      break;
    case "ListSessions":
      await openTestSession(server, admin);
      break;
    case "ExchangeToken":
      variables.EXCHANGE_TOKEN = await createTestExchangeToken(server, await openTestSession(server, admin));
      break;
    case "WatchEvents":
      void keepChanging(world, done);
      break;
    default:
  }
}

/** A directory makes a user. */
async function provision({ server, variables }: World): Promise<void> {
  const response = await fetch(`${server.url}/scim/v2/${variables.SCIM_CONFIGURATION_ID}/Users`, {
    method: "POST",
    headers: { authorization: `Bearer ${variables.SCIM_TOKEN}`, "content-type": "application/scim+json" },
    body: JSON.stringify({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: "ada@acme.example",
      displayName: "Ada",
      active: true,
    }),
  });
  if (response.status !== 201) throw new Error(`no user was provisioned: ${await response.text()}`);
}

async function addHold({ server, admin, variables }: World, heldRequests: number): Promise<void> {
  await server.storage.write((records) =>
    records.scimHolds.insert({
      id: newId(),
      organizationId: admin.organizationId,
      scimConfigurationId: variables.SCIM_CONFIGURATION_ID ?? "",
      state: "pending",
      deprovisioned: 5,
      activeUsers: 8,
      heldRequests,
      lastUserId: "",
      decidedBy: "",
      decidedAt: undefined,
      expiresAt: undefined,
      createdAt: server.clock.now(),
    }),
  );
}

/** Groups come and go, so that there is something to watch. */
async function keepChanging({ server, admin }: World, done: AbortSignal): Promise<void> {
  const options = { token: admin.token, service: "gitpod.v1.GroupService" };
  const { organizationId } = admin;
  for (let count = 0; !done.aborted; count++) {
    await callJson(server, "CreateGroup", { organizationId, name: `Group ${count}` }, options);
    await sleep(100);
  }
}
