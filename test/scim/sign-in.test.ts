import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createConfiguration, lastReason, OPERATOR, proveDomain, startUrl } from "../auth/world.ts";
import { Browser } from "../support/browser.ts";
import { startIdentityProvider, type TestIdentityProvider } from "../support/identity-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory, patchOp, type ScimClient, user } from "./client.ts";

describe.each(ENGINES)("sign-in of people whom a directory provisions, on %s", (engine) => {
  let server: TestServer;
  let idp: TestIdentityProvider;
  let scim: ScimClient;
  let configurationId: string;
  beforeAll(async () => {
    server = await startTestServer(engine);
    idp = await startIdentityProvider({ sub: "x", email: "x@example.com", email_verified: false, name: "X" });
  });
  afterAll(async () => {
    await idp.close();
    await server.close();
  });
  beforeEach(async () => {
    const organizationId = await server.createOrganization();
    configurationId = (await createConfiguration(server, organizationId, idp.issuer)).id;
    scim = await addDirectory(server, { organizationId, ssoConfigurationId: configurationId });
    const redirect_uris = [`${server.url}/auth/oidc/callback/${configurationId}`];
    idp.putClient({ client_id: "client", client_secret: "secret", redirect_uris });
    idp.person = {
      sub: `sub-${configurationId}`,
      email: "ada@example.com",
      email_verified: false,
      name: "Ada",
    };
  });

  const signIn = () => new Browser().visit(startUrl(server, configurationId));
  const sessionsOf = async (id: string) =>
    (await server.storage.read.sessions.list(scim.organizationId, id, { limit: 10 })).items.length;
  const countMembers = () => server.storage.read.users.countMembers(scim.organizationId);

  it("finds the user by externalId, although nobody vouches for the email, and knows the person from then on", async () => {
    const { body } = await scim.post("/Users", user("ada", { externalId: idp.person.sub }));
    await signIn();
    expect(await lastReason(server, scim.organizationId)).toBe("signed_in");
    expect([await sessionsOf(body.id), await countMembers()]).toEqual([1, 1]);
    await scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "externalId", value: "changed" }));
    await signIn();
    expect([await sessionsOf(body.id), await countMembers()]).toEqual([2, 1]);
  });

  it("finds the user by the email, when the organization has verified its domain and the directory is linked", async () => {
    const { body } = await scim.post("/Users", user("ada@example.com"));
    await proveDomain(server, scim.organizationId, "example.com");
    await signIn();
    expect([await sessionsOf(body.id), await countMembers()]).toEqual([1, 1]);
  });

  it("does not find the user by an email whose domain is not verified, nor through a directory that is not linked", async () => {
    const { body } = await scim.post("/Users", user("ada@example.com"));
    const unlinked = await addDirectory(server, { organizationId: scim.organizationId });
    const other = await unlinked.post("/Users", user("other", { externalId: idp.person.sub }));
    await signIn();
    expect([await sessionsOf(body.id), await sessionsOf(other.body.id), await countMembers()]).toEqual([0, 0, 3]);
  });

  it("leaves name and email as the directory says, and takes the picture that it does not provision", async () => {
    const { body } = await scim.post(
      "/Users",
      user("ada", {
        externalId: idp.person.sub,
        displayName: "Ada of the directory",
        emails: [{ value: "countess@example.com", primary: true }],
      }),
    );
    idp.person = { ...idp.person, name: "Ada of the provider", picture: "https://idp.example.com/ada.png" };
    const ofDirectory = { name: "Ada of the directory", email: "countess@example.com" };
    const readUser = () => server.storage.read.users.get(scim.organizationId, body.id);
    await signIn();
    expect(await lastReason(server, scim.organizationId)).toBe("signed_in");
    const avatarUrl = idp.person.picture;
    expect(await readUser()).toMatchObject({ ...ofDirectory, emailVerified: true, avatarUrl });
    const accountId = (await readUser())?.accountId ?? "";
    expect(await server.storage.read.accounts.get(accountId)).toMatchObject({ ...ofDirectory, avatarUrl });

    await scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "displayName", value: "Ada, renamed" }));
    await signIn();
    expect(await readUser()).toMatchObject({ ...ofDirectory, name: "Ada, renamed", avatarUrl });
    expect(await sessionsOf(body.id)).toBe(2);
  });

  it("says what the provider says again of who is a member, but in no directory any more", async () => {
    const { body } = await scim.post("/Users", user("ada", { externalId: idp.person.sub, displayName: "Ada there" }));
    await signIn();
    const name = async () => (await server.storage.read.users.get(scim.organizationId, body.id))?.name;
    expect(await name()).toBe("Ada there");
    await server.app.domain.scimConfigurations.delete(OPERATOR, scim.configurationId);
    await signIn();
    expect(await name()).toBe("Ada");
  });

  it("ends the sessions of who is suspended, and refuses them until they are restored", async () => {
    const { body } = await scim.post("/Users", user("ada", { externalId: idp.person.sub }));
    await signIn();
    const active = (value: boolean) =>
      scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", path: "active", value }));
    await active(false);
    expect(await sessionsOf(body.id)).toBe(0);
    await signIn();
    expect(await lastReason(server, scim.organizationId)).toBe("member_suspended");
    await active(true);
    await signIn();
    expect(await sessionsOf(body.id)).toBe(1);
  });

  it("refuses who was deleted, until the directory creates them again", async () => {
    const { body } = await scim.post("/Users", user("ada", { externalId: idp.person.sub }));
    await signIn();
    await scim.delete(`/Users/${body.id}`);
    await signIn();
    expect(await lastReason(server, scim.organizationId)).toBe("membership_ended");
    const again = await scim.post("/Users", user("ada", { externalId: idp.person.sub }));
    await signIn();
    expect([await sessionsOf(again.body.id), await sessionsOf(body.id)]).toEqual([1, 0]);
  });
});
