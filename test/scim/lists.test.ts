import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory, GROUP_SCHEMA, patchOp, type ScimClient, user } from "./client.ts";

describe.each(ENGINES)("lists over SCIM on %s", (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  async function filled(names: readonly string[]): Promise<{ scim: ScimClient; ids: string[] }> {
    const scim = await addDirectory(server);
    const ids: string[] = [];
    for (const name of names) {
      const { body } = await scim.post("/Users", user(name, { externalId: `x-${name}`, title: name.toUpperCase() }));
      ids.push(body.id);
    }
    return { scim, ids };
  }

  const idsOf = ({ body }: { body: { Resources: readonly { id: string }[] } }) => body.Resources.map(({ id }) => id);

  it("pages by startIndex in the order of creation, with exact totals", async () => {
    const { scim, ids } = await filled(["e", "d", "c", "b", "a"]);
    const first = await scim.get("/Users?startIndex=1&count=2");
    expect(first.body).toMatchObject({ totalResults: 5, startIndex: 1, itemsPerPage: 2 });
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(idsOf(await scim.get("/Users?startIndex=5&count=2"))).toEqual(ids.slice(4));
    expect((await scim.get("/Users?startIndex=9")).body).toMatchObject({
      totalResults: 5,
      itemsPerPage: 0,
      Resources: [],
    });
    expect((await scim.get("/Users?count=0")).body).toMatchObject({ totalResults: 5, itemsPerPage: 0, Resources: [] });
    const found = await scim.get(`/Users?count=1&filter=${encodeURIComponent('title sw "a" or title sw "e"')}`);
    expect(found.body).toMatchObject({ totalResults: 2, itemsPerPage: 1 });
    expect(idsOf(found)).toEqual(ids.slice(0, 1));
  });

  it("does not move offset pages when somebody who was a member before is adopted", async () => {
    const scim = await addDirectory(server);
    const known = await server.createUser(scim.organizationId, "member", "old@adopt.example");
    const now = server.clock.now();
    await server.storage.write((records) =>
      records.domainVerifications.insert({
        id: `${scim.organizationId}-d`,
        organizationId: scim.organizationId,
        domain: "adopt.example",
        state: "verified",
        verificationToken: "t",
        verifiedAt: now,
        lastCheckedAt: now,
        failures: 0,
        createdAt: now,
      }),
    );
    const { body: first } = await scim.post("/Users", user("first"));
    await scim.post("/Users", user("old@adopt.example"));
    expect(idsOf(await scim.get("/Users"))).toEqual([first.id, known.userId]);
  });

  it("sorts, and walks what is sorted by cursor", async () => {
    const { scim } = await filled(["b", "c", "a"]);
    const sorted = await scim.get("/Users?sortBy=userName&sortOrder=descending");
    expect(sorted.body.Resources.map(({ userName }: { userName: string }) => userName)).toEqual(["c", "b", "a"]);
    for (const sortBy of ["userName", "meta.created", "active", "title", "nickName"]) {
      const names: string[] = [];
      for (let cursor: string | undefined = ""; cursor !== undefined; ) {
        const page = await scim.get(`/Users?sortBy=${sortBy}&count=1&cursor=${cursor}`);
        expect(page.status).toBe(200);
        names.push(...page.body.Resources.map(({ userName }: { userName: string }) => userName));
        cursor = page.body.nextCursor;
      }
      expect([sortBy, names.sort()]).toEqual([sortBy, ["a", "b", "c"]]);
    }
  });

  it("walks by cursor and misses nobody who stayed, whatever comes and goes meanwhile", async () => {
    const { scim, ids } = await filled(Array.from({ length: 12 }, (_, i) => `w${i}`));
    const seen: string[] = [];
    let step = 0;
    const gone = new Set<string>();
    for (let cursor: string | undefined = ""; cursor !== undefined; step++) {
      const page = await scim.get(`/Users?count=3&cursor=${cursor}`);
      seen.push(...idsOf(page));
      cursor = page.body.nextCursor;
      // Somebody who was seen, somebody who was not, and somebody new.
      for (const index of [step * 3, step * 3 + 4]) {
        const id = ids[index];
        if (id !== undefined && !gone.has(id)) {
          gone.add(id);
          await scim.delete(`/Users/${id}`);
        }
      }
      if (step < 3) await scim.post("/Users", user(`n${step}`));
    }
    const stayed = ids.filter((id) => !gone.has(id));
    expect(seen).toEqual(expect.arrayContaining(stayed));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("refuses the cursor of another list, and one that is too old", async () => {
    const { scim } = await filled(["a", "b"]);
    const { nextCursor } = (await scim.get("/Users?count=1&cursor=")).body;
    const other = await scim.get(`/Users?count=1&sortBy=userName&cursor=${nextCursor}`);
    expect(other.body).toMatchObject({ status: "400", scimType: "invalidCursor" });
    server.clock.advance(25 * 3_600_000);
    const old = await scim.get(`/Users?count=1&cursor=${nextCursor}`);
    expect(old.body).toMatchObject({ status: "400", scimType: "expiredCursor" });
  });

  it.each([
    [["0.x", undefined]],
    [["9.1", undefined]],
    [["0.999999999999999999", undefined]],
    [["0.1", 5]],
    [["0.1", "x"]],
    [[1, undefined]],
  ])("refuses a forged cursor: %j", async ([id, sortValue]) => {
    const { scim } = await filled(["a", "b"]);
    const { nextCursor } = (await scim.get("/Users?count=1&cursor=")).body;
    const [list, now] = JSON.parse(Buffer.from(nextCursor, "base64url").toString());
    const parts = [list, now, id, ...(sortValue === undefined ? [] : [sortValue])];
    const cursor = Buffer.from(JSON.stringify(parts)).toString("base64url");
    const answer = await scim.get(`/Users?count=1&cursor=${cursor}`);
    expect(answer.body).toMatchObject({ status: "400", scimType: "invalidCursor" });
  });

  it("searches users and groups together, by position and by cursor", async () => {
    const { scim, ids } = await filled(["a", "b"]);
    const { body: group } = await scim.post("/Groups", { schemas: [GROUP_SCHEMA], displayName: "G" });
    const all = [...ids, group.id];
    const search = (body: object) => scim.post("/.search", body);
    expect(idsOf(await search({}))).toEqual(all);
    expect((await search({ startIndex: 2, count: 1 })).body).toMatchObject({ totalResults: 3, startIndex: 2 });
    expect(idsOf(await search({ startIndex: 2, count: 5 }))).toEqual(all.slice(1));
    expect(idsOf(await search({ filter: 'displayName eq "g"' }))).toEqual([group.id]);
    const seen: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page = await search({ count: 1, cursor });
      expect(page.body.totalResults).toBe(3);
      seen.push(...idsOf(page));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(all);
    expect(idsOf(await scim.post("/Users/.search", { filter: 'userName eq "B"', attributes: ["userName"] }))).toEqual([
      ids[1],
    ]);
  });

  it("loses no member when fifty patches of one group come at once through two replicas", async () => {
    const names = Array.from({ length: 50 }, (_, i) => `m${i}`);
    const { scim, ids } = await filled(names);
    const replicas = [scim, scim.at(await server.replica())];
    const { body: group } = await scim.post("/Groups", {
      schemas: [GROUP_SCHEMA],
      displayName: "Everybody",
      members: ids.slice(0, 10).map((value) => ({ value })),
    });
    // Ten go while forty come.
    const patches = ids.map((id, i) => {
      const operation =
        i < 10
          ? { op: "remove", path: `members[value eq "${id}"]` }
          : { op: "add", path: "members", value: [{ value: id }] };
      return replicas[i % 2]?.patch(`/Groups/${group.id}`, patchOp(operation));
    });
    expect((await Promise.all(patches)).map((answer) => answer?.status)).toEqual(ids.map(() => 204));
    const read = await scim.get(`/Groups/${group.id}`);
    const members = read.body.members.map(({ value }: { value: string }) => value);
    expect(members.sort()).toEqual(ids.slice(10).sort());
    expect(read.body.meta.version).toBe('W/"51"');
    expect((await server.storage.read.groups.get(scim.organizationId, group.id))?.memberCount).toBe(40);
  });

  it("makes a user once when two requests make it at the same moment", async () => {
    const scim = await addDirectory(server);
    const replicas = [scim, scim.at(await server.replica())];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => replicas[i % 2]?.post("/Users", user(i % 2 ? "same" : "SAME"))),
    );
    expect(answers.map((answer) => answer?.status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect((await scim.get("/Users")).body.totalResults).toBe(1);
  });
});
