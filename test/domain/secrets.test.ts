import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSecrets } from "../../src/domain/secrets.ts";
import { createKeyring } from "../../src/lib/keyring.ts";
import { SEALED_COLUMNS } from "../../src/storage/storage.ts";
import { createConfiguration, startUrl } from "../auth/world.ts";
import { Browser } from "../support/browser.ts";
import { callJson } from "../support/call.ts";
import { type Dumper, openDumper } from "../support/dump.ts";
import { type LyingProvider, startLyingProvider } from "../support/lying-provider.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { openTestSession } from "../support/sessions.ts";
import { ENGINES } from "../support/storage.ts";

/** A sealed value with the place it was found in. */
interface Found {
  readonly column: string;
  readonly sealed: string;
  readonly kid: string;
  readonly purpose: string;
}

describe.each(ENGINES)("what is sealed, on %s", (engine) => {
  const [oldKey, newKey] = [0, 1].map(() => randomBytes(32).toString("base64")) as [string, string];
  let server: TestServer;
  let idp: LyingProvider;
  let dumper: Dumper;

  beforeAll(async () => {
    server = await startTestServer(engine, { key: oldKey });
    idp = await startLyingProvider();
    dumper = await openDumper(server.database);
    await populate();
  });
  afterAll(async () => {
    await dumper.close();
    await idp.close();
    await server.close();
  });

  /** Leads the service to seal whatever it seals. */
  async function populate(): Promise<void> {
    const organizationId = await server.createOrganization();
    const admin = await server.createUser(organizationId);
    const { id } = await createConfiguration(server, organizationId, idp.issuer);
    await new Browser().visit(startUrl(server, id));
    await new Browser().visit(startUrl(server, id), { stopAt: (url) => url.includes("/callback/") });
    const startTest = async () => {
      const service = "organization.v1.SignInService";
      const request = { ssoConfigurationId: id };
      return (await callJson(server, "StartTestSignIn", request, { service, token: admin.token })).body.url;
    };
    await new Browser().visit(await startTest());
    await startTest();
    const { headers } = await openTestSession(server, admin);
    const service = "gitpod.v1.IdentityService";
    const { status } = await callJson(server, "GetIDToken", { audience: ["a"] }, { service, headers });
    expect(status).toBe(200);
  }

  /** Every text of the database that is sealed, whichever column it is in. */
  async function findSealed(): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (const [table, rows] of Object.entries(await dumper.dump())) {
      for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
        const header = typeof value === "string" && /^(eyJ[\w-]+)\.[\w-]*\.[\w-]+\.[\w-]*\.[\w-]+$/.exec(value)?.[1];
        if (!header) continue;
        const { kid, pur } = JSON.parse(Buffer.from(header, "base64url").toString());
        found.push({ column: `${table}.${column}`, sealed: value as string, kid, purpose: pur });
      }
    }
    return found;
  }

  const columnsOf = (found: readonly Found[]) => [...new Set(found.map(({ column }) => column))].sort();

  it("stands in the columns that are listed, and in no other", async () => {
    expect(columnsOf(await findSealed())).toEqual([...SEALED_COLUMNS].sort());
  });

  it("is sealed anew with the current key, for the same purpose, wherever it stands", async () => {
    const before = await findSealed();
    const { storage } = server;
    const secrets = createSecrets({ storage, keyring: createKeyring([newKey, oldKey]) });
    expect(await secrets.reseal()).toEqual({ total: before.length, resealed: before.length });
    const after = await findSealed();
    const places = (found: readonly Found[]) => found.map(({ column, purpose }) => `${column} ${purpose}`).sort();
    expect(places(after)).toEqual(places(before));
    const [old, current] = [createKeyring([oldKey]), createKeyring([newKey])];
    for (const { sealed, purpose } of after) {
      expect(current.isCurrent(sealed)).toBe(true);
      expect(await current.open(sealed, purpose)).not.toBe("");
      await expect(old.open(sealed, purpose)).rejects.toThrow("add the key that sealed this value");
    }
    expect(await secrets.reseal()).toEqual({ total: before.length, resealed: 0 });
  });
});
