import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory, type ScimClient } from "./client.ts";
import { ENTRA, ENTRA_COMPLIANT } from "./fixtures/entra.ts";
import { OKTA, OKTA_WIZARD } from "./fixtures/okta.ts";
import { GOOGLE, JUMPCLOUD, ONELOGIN, PINGONE } from "./fixtures/others.ts";
import type { Fixture, Step } from "./fixtures/step.ts";

const FIXTURES: readonly Fixture[] = [ENTRA, ENTRA_COMPLIANT, OKTA, OKTA_WIZARD, GOOGLE, JUMPCLOUD, ONELOGIN, PINGONE];

/** Plays the steps in order and answers with the ids that they have saved. */
async function play(scim: ScimClient, { contentType, userAgent, steps }: Fixture): Promise<Map<string, string>> {
  const saved = new Map<string, string>();
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => saved.get(name) ?? whole);
  for (const step of steps) {
    const headers = { "user-agent": userAgent, ...(step.body === undefined ? {} : { "content-type": contentType }) };
    const body = step.body === undefined ? undefined : fill(JSON.stringify(step.body));
    const answer = await scim.request(step.method, fill(step.path), body, headers);
    check(step, answer);
    if (step.save !== undefined) saved.set(step.save, answer.body.id);
  }
  return saved;
}

function check(step: Step, answer: Awaited<ReturnType<ScimClient["get"]>>): void {
  expect({ step: step.name, status: answer.status, text: answer.status === step.status ? "" : answer.text }).toEqual({
    step: step.name,
    status: step.status,
    text: "",
  });
  if (answer.text !== "") expect(answer.headers.get("content-type"), step.name).toBe("application/scim+json");
  if (step.status === 201) {
    expect(answer.headers.get("location"), step.name).toBe(answer.body.meta.location);
  }
  expect(answer.text, step.name).not.toContain("password");
  if (step.expect) expect(answer.body, step.name).toMatchObject(step.expect);
}

describe.each(ENGINES)("identity providers on %s", (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  it.each(FIXTURES.map((fixture) => [fixture.vendor, fixture] as const))("%s", async (_vendor, fixture) => {
    const scim = await addDirectory(server);
    const saved = await play(scim, fixture);
    const { organizationId, configurationId } = scim;
    const states = await Promise.all(
      Object.keys(fixture.end.users).map(async (name) => {
        const found = await server.storage.read.users.get(organizationId, saved.get(name) ?? "");
        return [name, found?.status] as const;
      }),
    );
    expect(Object.fromEntries(states)).toEqual(fixture.end.users);

    const { items } = await server.storage.read.groups.list(organizationId, {}, { limit: 100 });
    const groups = await Promise.all(
      items.map(async (group) => {
        const ids = await server.storage.read.scimGroups.listMemberIds(group.id);
        expect(group.memberCount).toBe(ids.length);
        const names = [...saved].filter(([, id]) => ids.includes(id)).map(([name]) => name);
        return [group.name, names.sort()] as const;
      }),
    );
    expect(Object.fromEntries(groups)).toEqual(fixture.end.groups);

    await server.app.domain.provisioning.flushRequests();
    const log = await server.storage.read.scimRequests.list(
      organizationId,
      { scimConfigurationId: configurationId },
      { limit: 1000 },
    );
    expect(log.items.length).toBe(fixture.steps.length);
    const codes = new Set(log.items.flatMap(({ normalizations }) => normalizations.map(({ code }) => code)));
    expect([...codes]).toEqual(expect.arrayContaining([...fixture.end.normalizations]));
    expect(JSON.stringify(log.items)).not.toContain("1mz050nq");
  });
});
