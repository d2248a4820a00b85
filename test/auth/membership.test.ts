import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SsoConfiguration } from "../../src/domain/sso-configurations.ts";
import { newId, newSecretId } from "../../src/lib/ids.ts";
import type { UserRecord } from "../../src/storage/storage.ts";
import { Browser } from "../support/browser.ts";
import { type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { createConfiguration, lastReason, OPERATOR, proveDomain, startUrl } from "./world.ts";

describe.each(ENGINES)("whom a sign-in lets in, on %s", (engine) => {
  let server: TestServer;
  let idp: LyingProvider;
  let organizationId: string;
  let configuration: SsoConfiguration;
  /** A person that nobody has seen yet. */
  let sub: string;
  beforeAll(async () => {
    server = await startTestServer(engine, { env: { SIGN_IN_RATE: "100000" } });
    idp = await startLyingProvider();
  });
  afterAll(async () => {
    await idp.close();
    await server.close();
  });
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    configuration = await createConfiguration(server, organizationId, idp.issuer);
    sub = newId();
    idp.person = { sub, email: "ada@example.com", email_verified: true, name: "Ada" };
  });

  const signIn = (query = "", of = configuration) => new Browser().visit(startUrl(server, of.id, query));

  async function expectReason(reason: string, query = ""): Promise<void> {
    await signIn(query);
    expect(await lastReason(server, organizationId)).toBe(reason);
  }

  async function users(of = organizationId): Promise<readonly UserRecord[]> {
    const order = { by: "joined", descending: false } as const;
    return (await server.storage.read.users.list(of, {}, order, { limit: 10 })).items;
  }

  async function createInvite(of = organizationId): Promise<string> {
    return (await server.app.domain.invites.create(OPERATOR, of)).id;
  }

  async function linkScim(changes: { enabled?: boolean; allowUnverifiedEmailAccountLinking?: boolean }): Promise<void> {
    const now = server.clock.now();
    await server.storage.write((records) =>
      records.scimConfigurations.insert({
        id: newId(),
        organizationId,
        name: "directory",
        enabled: true,
        ssoConfigurationId: configuration.id,
        allowUnverifiedEmailAccountLinking: false,
        tokenHash: newId(),
        tokenExpiresAt: now + 1e9,
        tokenLifetime: 1e6,
        tokenLastUsedAt: undefined,
        createdAt: now,
        updatedAt: now,
        ...changes,
      }),
    );
  }

  async function admitOnlyProvisioned(): Promise<void> {
    const document = { restrictAccountCreationToScim: true };
    await server.storage.write((records) => records.organizationPolicies.put({ organizationId, document }));
  }

  describe("by the linking rule", () => {
    it("finds a member by a verified email of a proven domain", async () => {
      const member = await server.createUser(organizationId, "admin", "Ada@Example.com");
      await proveDomain(server, organizationId, "example.com");
      await expectReason("signed_in");
      const [user, ...others] = await users();
      expect(others).toEqual([]);
      expect(user).toMatchObject({ id: member.userId, role: "admin", emailVerified: true });
      expect(await server.storage.read.identities.listOfAccount(member.accountId)).toHaveLength(1);
    });

    it("does not when the domain is not proven, or proven by another organization alone", async () => {
      await server.createUser(organizationId, "admin", "ada@example.com");
      await proveDomain(server, await server.createOrganization(), "example.com");
      await expectReason("signed_in");
      expect(await users()).toHaveLength(2);
    });

    it("does not when nobody vouches for the email", async () => {
      await server.createUser(organizationId, "admin", "ada@example.com");
      await proveDomain(server, organizationId, "example.com");
      await linkScim({});
      for (const vouch of [false, "false", undefined, 1]) {
        idp.person = { ...idp.person, sub: newId(), email_verified: vouch };
        await expectReason("signed_in");
      }
      expect(await users()).toHaveLength(5);
    });

    it("does when the directory needs no proof, and not when that directory is switched off", async () => {
      await server.createUser(organizationId, "admin", "ada@example.com");
      await proveDomain(server, organizationId, "example.com");
      idp.person = { ...idp.person, email_verified: false };
      await linkScim({ enabled: false, allowUnverifiedEmailAccountLinking: true });
      await expectReason("signed_in");
      expect(await users()).toHaveLength(2);
      await linkScim({ allowUnverifiedEmailAccountLinking: true });
      idp.person = { sub: newId(), email: "grace@example.com", email_verified: false };
      const grace = await server.createUser(organizationId, "member", "grace@example.com");
      await expectReason("signed_in");
      expect((await users()).filter(({ email }) => email === "grace@example.com").map(({ id }) => id)).toEqual([
        grace.userId,
      ]);
    });

    it("never finds a member of another organization", async () => {
      const elsewhere = await server.createOrganization();
      const other = await server.createUser(elsewhere, "admin", "ada@example.com");
      await proveDomain(server, organizationId, "example.com");
      await expectReason("signed_in");
      expect((await users())[0]?.accountId).not.toBe(other.accountId);
      expect(await server.storage.read.identities.listOfAccount(other.accountId)).toEqual([]);
    });

    it("does not find somebody who came from elsewhere with an email that nobody here vouches for", async () => {
      const theirs = await server.createOrganization();
      const attack = await createConfiguration(server, theirs, idp.issuer);
      await proveDomain(server, organizationId, "example.com");
      const victim = idp.person;
      idp.person = { sub: newId(), email: "ada@example.com", email_verified: true };
      await signIn("", attack);
      const [attacker] = await users(theirs);
      const caller = {
        kind: "user",
        userId: attacker?.id ?? "",
        accountId: attacker?.accountId ?? "",
        organizationId: theirs,
      } as const;
      const context = {
        ...OPERATOR,
        caller: { ...caller, role: "member", readOnly: false, credential: "session", credentialId: newId() },
      } as const;
      await server.app.domain.members.join(context, { inviteId: await createInvite() });
      idp.person = victim;
      await expectReason("signed_in");
      expect((await users()).map(({ accountId }) => accountId === attacker?.accountId)).toEqual([true, false]);
    });

    it("keeps everybody when the client id changes what the provider calls them", async () => {
      await proveDomain(server, organizationId, "example.com");
      await expectReason("signed_in");
      const [before] = await users();
      idp.person = { ...idp.person, sub: newId() };
      await expectReason("signed_in");
      expect((await users()).map(({ id }) => id)).toEqual([before?.id]);
      expect(await server.storage.read.identities.listOfAccount(before?.accountId ?? "")).toHaveLength(2);
    });

    it("refuses to guess between two members with the same email", async () => {
      await server.createUser(organizationId, "admin", "ada@example.com");
      await server.createUser(organizationId, "member", "ADA@example.com");
      await proveDomain(server, organizationId, "example.com");
      await expectReason("account_ambiguous");
    });
  });

  it("keeps one account for one person in two organizations, and lets only the first write on it", async () => {
    await expectReason("signed_in");
    const elsewhere = await server.createOrganization();
    const other = await createConfiguration(server, elsewhere, idp.issuer);
    idp.person = { ...idp.person, name: "Somebody else", email: "eve@example.org" };
    await signIn("", other);
    const [here] = await users();
    const [there] = await users(elsewhere);
    expect(there).toMatchObject({ accountId: here?.accountId, name: "Somebody else" });
    expect(here?.name).toBe("Ada");
    expect(await server.storage.read.accounts.get(here?.accountId ?? "")).toMatchObject({
      name: "Ada",
      organizationId,
    });
  });

  it("refuses the suspended", async () => {
    await expectReason("signed_in");
    const [user] = await users();
    await server.app.domain.users.setSuspended(OPERATOR, user?.id ?? "", true);
    await expectReason("member_suspended");
    await server.app.domain.users.setSuspended(OPERATOR, user?.id ?? "", false);
    await expectReason("signed_in");
  });

  it("ends the sessions of the suspended and of those who leave", async () => {
    const browser = new Browser();
    const open = async () => (await browser.visit(`${server.url}/auth/signed-in`)).body.includes("You are signed in");
    await browser.visit(startUrl(server, configuration.id));
    expect(await open()).toBe(true);
    const [user] = await users();
    await server.app.domain.users.setSuspended(OPERATOR, user?.id ?? "", true);
    expect(await open()).toBe(false);
    await server.app.domain.users.setSuspended(OPERATOR, user?.id ?? "", false);
    expect(await open()).toBe(false);
    await browser.visit(startUrl(server, configuration.id));
    expect(await open()).toBe(true);
    await server.app.domain.users.leave(OPERATOR, user?.id ?? "");
    expect(await open()).toBe(false);
  });

  it("refuses who has left, until they come by an invite of this organization", async () => {
    await expectReason("signed_in");
    const [user] = await users();
    await server.app.domain.users.leave(OPERATOR, user?.id ?? "");
    await expectReason("membership_ended");
    await expectReason("invite_invalid", `&invite=${newSecretId()}`);
    await expectReason("invite_invalid", `&invite=${await createInvite(await server.createOrganization())}`);
    await expectReason("signed_in", `&invite=${await createInvite()}`);
    const active = (await users()).filter(({ status }) => status === "active");
    expect(active.map(({ accountId }) => accountId)).toEqual([user?.accountId]);
    expect(active[0]?.id).not.toBe(user?.id);
  });

  it("never logs an invite", async () => {
    const invite = await createInvite();
    await expectReason("signed_in", `&invite=${invite}`);
    await signIn(`&invite=${newSecretId()}`);
    expect(await server.logged()).not.toContain(invite);
    expect(JSON.stringify(await server.database.execute("select * from audit_entries"))).not.toContain(invite);
  });

  it("admits only people of the directory where the policy says so and a directory is on", async () => {
    await admitOnlyProvisioned();
    await expectReason("signed_in");
    await linkScim({});
    await expectReason("signed_in");
    idp.person = { ...idp.person, sub: newId() };
    await expectReason("provisioning_required");
    await expectReason("provisioning_required", `&invite=${await createInvite()}`);
    expect(await users()).toHaveLength(1);
  });
});
