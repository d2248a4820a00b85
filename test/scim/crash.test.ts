import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/lib/ids.ts";
import { createToken, hashToken } from "../../src/lib/tokens.ts";
import { Workshop } from "../support/process.ts";
import { createDatabase, ENGINES, type TestDatabase } from "../support/storage.ts";
import { user } from "./client.ts";

const workshop = new Workshop();
afterAll(() => workshop.close());

describe.each(ENGINES)("a full sync that is cut off by a crash, on %s", (engine) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase(engine);
  });
  afterEach(() => database.drop());

  async function addDirectory() {
    const storage = await database.open();
    const organizationId = newId();
    const token = createToken("scim");
    const id = newId();
    const now = Date.now();
    await storage.write(async (records) => {
      const times = { createdAt: now, updatedAt: now };
      await records.organizations.insert({ id: organizationId, name: "Acme", inviteDomains: [], ...times });
      await records.scimConfigurations.insert({
        id,
        organizationId,
        name: "",
        enabled: true,
        ssoConfigurationId: undefined,
        allowUnverifiedEmailAccountLinking: false,
        tokenHash: hashToken(token),
        tokenExpiresAt: now + 86_400_000,
        tokenLifetime: 86_400,
        tokenLastUsedAt: undefined,
        ...times,
      });
    });
    await storage.close();
    return { id, token };
  }

  it("loses nothing that was acknowledged, and the retry ends in the right state", async () => {
    const { id, token } = await addDirectory();
    const { databaseUrl, dataDir } = database.location;
    const env = {
      DATA_DIR: dataDir,
      BOOTSTRAP: "none",
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    };
    const names = Array.from({ length: 200 }, (_, i) => `user${i}`);
    const send = async (url: string, method: string, path: string, body?: unknown) => {
      const response = await fetch(`${url}/scim/v2/${id}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
      const answer: any = await response.json();
      return { status: response.status, body: answer };
    };

    const first = workshop.serve(env);
    const url = await first.url();
    const acknowledged = new Map<string, string>();
    let stopped: Promise<unknown> | undefined;
    const next = names.values();
    const worker = async () => {
      for (const name of next) {
        const answer = await send(url, "POST", "/Users", user(name)).catch(() => undefined);
        if (!answer) return;
        expect(answer.status).toBe(201);
        acknowledged.set(name, answer.body.id);
        // In the middle of everything, with requests on their way.
        if (acknowledged.size === 50) stopped = first.stop("SIGKILL");
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    await stopped;
    expect(acknowledged.size).toBeGreaterThanOrEqual(50);
    expect(acknowledged.size).toBeLessThan(names.length);

    const second = workshop.serve(env);
    const again = await second.url();
    for (const name of names) {
      const filter = encodeURIComponent(`userName eq "${name}"`);
      const found = await send(again, "GET", `/Users?filter=${filter}`);
      const known = acknowledged.get(name);
      if (known !== undefined) expect(found.body.Resources.map((one: { id: string }) => one.id)).toEqual([known]);
      if (found.body.totalResults === 0) {
        expect((await send(again, "POST", "/Users", user(name))).status).toBe(201);
      }
    }
    const all = await send(again, "GET", "/Users?count=1000");
    expect(all.body).toMatchObject({ totalResults: names.length, itemsPerPage: names.length });
    expect(new Set(all.body.Resources.map((one: { userName: string }) => one.userName))).toEqual(new Set(names));
    await second.stop();
  });
});
