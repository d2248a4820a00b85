import { once } from "node:events";
import http from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

/** Sends what `curl <url> -H 'Content-Type: application/json' -H 'Authorization: Bearer …' -d '…'` sends, and nothing else. */
async function curl(url: string, token: string, data: string) {
  const request = http.request(url, {
    method: "POST",
    agent: false,
    headers: {
      "User-Agent": "curl/8.5.0",
      Accept: "*/*",
      "Content-Type": "application/json",
      Authorization: `Bearer ${token}`,
      "Content-Length": Buffer.byteLength(data),
    },
  });
  request.end(data);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let text = "";
  for await (const chunk of response) text += chunk;
  expect(response.headers["content-type"]).toBe("application/json");
  return { status: response.statusCode, body: JSON.parse(text) };
}

describe.each(ENGINES)("the documented calls, on %s", (engine) => {
  let server: TestServer;
  let admin: TestUser;
  let ssoConfigurationId: string;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    admin = await server.createUser(await server.createOrganization());
    ssoConfigurationId = (await createSso()).id;
  });

  async function call(method: string, data: string) {
    const { status, body } = await curl(`${server.url}/api/gitpod.v1.OrganizationService/${method}`, admin.token, data);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  }

  async function createSso() {
    const { ssoConfiguration } = await call(
      "CreateSSOConfiguration",
      `{
        "organizationId": "${admin.organizationId}",
        "clientId": "012345678-abcdefghijklmnopqrstuvwxyz.apps.example.com",
        "clientSecret": "GOCSPX-abcdefghijklmnopqrstuvwxyz123456",
        "issuerUrl": "https://accounts.google.com",
        "emailDomain": "acme-corp.com"
      }`,
    );
    return ssoConfiguration;
  }

  const readSso = async () =>
    (await call("GetSSOConfiguration", `{"ssoConfigurationId": "${ssoConfigurationId}"}`)).ssoConfiguration;
  const readScim = async (id: string) =>
    (await call("GetSCIMConfiguration", `{"scimConfigurationId": "${id}"}`)).scimConfiguration;
  const createScim = async (more = "") =>
    call(
      "CreateSCIMConfiguration",
      `{"organizationId": "${admin.organizationId}", "ssoConfigurationId": "${ssoConfigurationId}"${more}}`,
    );
  const lifetime = ({ createdAt, tokenExpiresAt }: { createdAt: string; tokenExpiresAt: string }) =>
    Math.round((Date.parse(tokenExpiresAt) - Date.parse(createdAt)) / 1000);

  it("GetSSOConfiguration reads one", async () => {
    expect(await readSso()).toMatchObject({
      id: ssoConfigurationId,
      organizationId: admin.organizationId,
      issuerUrl: "https://accounts.google.com",
      emailDomain: "acme-corp.com",
      emailDomains: ["acme-corp.com"],
      state: "SSO_CONFIGURATION_STATE_ACTIVE",
      providerType: "PROVIDER_TYPE_CUSTOM",
    });
  });

  it("UpdateSSOConfiguration replaces the credentials", async () => {
    const before = await readSso();
    const body = await call(
      "UpdateSSOConfiguration",
      `{"ssoConfigurationId": "${ssoConfigurationId}", "clientId": "new-client-id", "clientSecret": "new-client-secret"}`,
    );
    expect(body).toEqual({});
    expect(await readSso()).toEqual({ ...before, clientId: "new-client-id" });
    const stored = await server.storage.read.ssoConfigurations.get(admin.organizationId, ssoConfigurationId);
    const { keyring } = server.app.environment;
    const purpose = `sso_configuration/${ssoConfigurationId}/client_secret`;
    expect(await keyring.open(stored?.clientSecret as string, purpose)).toBe("new-client-secret");
  });

  it.each(["SSO_CONFIGURATION_STATE_INACTIVE", "SSO_CONFIGURATION_STATE_ACTIVE"])(
    "UpdateSSOConfiguration sets the state %s",
    async (state) => {
      const before = await readSso();
      const data = `{"ssoConfigurationId": "${ssoConfigurationId}", "state": "${state}"}`;
      expect(await call("UpdateSSOConfiguration", data)).toEqual({});
      expect(await readSso()).toEqual({ ...before, state });
    },
  );

  it("CreateSCIMConfiguration makes a token of a year", async () => {
    const { scimConfiguration, token, tokenExpiresAt } = await createScim();
    expect(token).toMatch(/^oss_/);
    expect(tokenExpiresAt).toBe(scimConfiguration.tokenExpiresAt);
    expect(lifetime(scimConfiguration)).toBe(31_536_000);
    expect(await readScim(scimConfiguration.id)).toEqual(scimConfiguration);
  });

  it("CreateSCIMConfiguration makes a token of 90 days when asked to", async () => {
    const { scimConfiguration } = await createScim(', "tokenExpiresIn": "7776000s"');
    expect(lifetime(scimConfiguration)).toBe(7_776_000);
    expect(await readScim(scimConfiguration.id)).toEqual(scimConfiguration);
  });

  it("UpdateSCIMConfiguration switches it off", async () => {
    const { scimConfiguration } = await createScim();
    expect(scimConfiguration.enabled).toBe(true);
    const data = `{"scimConfigurationId": "${scimConfiguration.id}", "enabled": false}`;
    const updated = await call("UpdateSCIMConfiguration", data);
    expect(updated.scimConfiguration).not.toHaveProperty("enabled");
    expect(updated).not.toHaveProperty("token");
    expect(await readScim(scimConfiguration.id)).toEqual(updated.scimConfiguration);
  });

  it("UpdateSCIMConfiguration links another SSO configuration", async () => {
    const { scimConfiguration } = await createScim();
    const other = (await createSso()).id;
    const data = `{"scimConfigurationId": "${scimConfiguration.id}", "ssoConfigurationId": "${other}"}`;
    const updated = await call("UpdateSCIMConfiguration", data);
    expect(updated.scimConfiguration).toMatchObject({ ssoConfigurationId: other, enabled: true });
    expect(await readScim(scimConfiguration.id)).toEqual(updated.scimConfiguration);
  });
});
