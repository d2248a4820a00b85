import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { foldText } from "../../../src/lib/fold.ts";
import { newId } from "../../../src/lib/ids.ts";
import type { MemberFilter, MemberOrder, Records, UserRecord } from "../../../src/storage/storage.ts";
import { walk } from "../cases/pages.ts";
import { addOrganization } from "../records.ts";
import type { Subject } from "../subject.ts";
import { insertGroup } from "./groups.ts";
import { insertUser } from "./users.ts";

const BY_NAME: MemberOrder = { by: "name", descending: false };

/** Names and emails in which parts are found, cut short, or folded. */
const NAMES = [
  ...["Ada Lovelace", "ada lovelace", "ADA LOVELACE", "Grace Hopper", "Anna-Lena Øster", "anna.lena", "O'Brien", "Ob"],
  ...[
    "Σίσυφος",
    "ΣΊΣΥΦΟΣ",
    "Å",
    "A\u030a",
    "İpek",
    "ipek",
    "ß",
    "Straße",
    "ﬁ",
    "山田 太郎",
    "😀 Emoji",
    "😀😀😀",
    "",
    " ",
    "%_%",
    "a%b",
  ],
  ...[
    "\\",
    "'quoted'",
    "tab\there",
    "x".repeat(300),
    `${"x".repeat(255)}yz`,
    "\uFFFD",
    "zz\u202Etop",
    "_a_",
    "007",
    "a1b2c3",
  ],
];
const EMAILS = [
  "ada@example.com",
  "ADA@EXAMPLE.COM",
  "grace.hopper@navy.example",
  "x+tag@example.com",
  "",
  "nobody",
  "ö@example.com",
];

const SEARCHES = [
  ...[
    "a",
    "A",
    "l",
    "lo",
    "LO",
    "ov",
    "ada",
    "ADA",
    "ovel",
    "love lace",
    "a l",
    "da ",
    " lo",
    "-le",
    "ø",
    "øst",
    "σ",
    "ς",
    "ΣΊΣ",
    "υφοσ",
  ],
  ...[
    "å",
    "a\u030a",
    "i",
    "İ",
    "ipe",
    "ß",
    "ss",
    "aße",
    "山",
    "山田",
    "山田 ",
    "😀",
    "😀😀",
    "😀😀😀",
    "😀 e",
    "%",
    "_",
    "%_%",
    "a%b",
    "\\",
    "'",
    "'qu",
  ],
  ...[
    "@",
    "@ex",
    "example.com",
    "hopper@navy",
    "+t",
    "tag",
    "x".repeat(3),
    "x".repeat(256),
    "yz",
    "xyz",
    "\t",
    "b\th",
    "007",
    "1b2",
    "nobody at all",
  ],
];

/** Lists of members against the same list made in memory, out of every member. */
export function memberLists(subject: Subject): void {
  describe("lists of members", () => {
    let organizationId: string;
    let groupIds: readonly string[];
    let everybody: readonly UserRecord[];
    let groupsOf: ReadonlyMap<string, readonly string[]>;

    beforeAll(async () => {
      ({ id: organizationId } = await addOrganization(subject.storage));
      const { id: neighbour } = await addOrganization(subject.storage);
      const members: UserRecord[] = [];
      const groups = new Map<string, string[]>();
      await subject.storage.write(async (records) => {
        const ids = [(await insertGroup(records, organizationId)).id, (await insertGroup(records, organizationId)).id];
        groupIds = ids;
        for (let n = 0; n < 90; n++) {
          const member = await insertMember(records, organizationId, n);
          members.push(member);
          const own = ids.filter((_, at) => n % (at + 4) === 0);
          for (const groupId of own) await joinGroup(records, member, groupId);
          groups.set(member.id, own);
          // Somebody else's member after each: they are never to be seen.
          await insertMember(records, neighbour, n);
        }
      });
      everybody = members;
      groupsOf = groups;
    });

    const all = (filter: MemberFilter, order: MemberOrder, limit = 100) =>
      walk((page) => subject.other.read.users.list(organizationId, filter, order, page), limit);

    function expected(filter: MemberFilter, order: MemberOrder): readonly UserRecord[] {
      const kept = everybody.filter((user) => keeps(filter, user, groupsOf.get(user.id) ?? []));
      const sorted = inOrder(kept, order);
      return [...sorted.filter(({ id }) => id === order.first), ...sorted.filter(({ id }) => id !== order.first)];
    }

    const idsOf = (users: readonly UserRecord[]) => users.map(({ id }) => id);

    it("gives whole records", async () => {
      deepStrictEqual(await all({}, BY_NAME), expected({}, BY_NAME));
    });

    it.each(["name", "joined"] as const)("orders by %s, in both directions, whatever the page size", async (by) => {
      for (const descending of [false, true]) {
        for (const limit of [1, 7, 90]) {
          expect(idsOf(await all({}, { by, descending }, limit))).toEqual(idsOf(expected({}, { by, descending })));
        }
      }
    });

    it.each(SEARCHES)("finds %j where it stands, and nowhere else", async (search) => {
      const found = expected({ search }, BY_NAME);
      expect(idsOf(await all({ search }, BY_NAME, 3))).toEqual(idsOf(found));
      expect(await subject.storage.read.users.count(organizationId, { search }, 1000)).toBe(found.length);
      // Through each way of looking a member up.
      const userIds = idsOf(everybody).filter((_, at) => at % 2 === 0);
      expect(idsOf(await all({ search, userIds }, BY_NAME))).toEqual(idsOf(expected({ search, userIds }, BY_NAME)));
    });

    it("keeps what every condition keeps, in the order that was asked for", async () => {
      const anyFilter: fc.Arbitrary<MemberFilter> = fc.record(
        {
          search: fc.constantFrom(...SEARCHES, ""),
          statuses: fc.subarray(["active", "suspended", "left"] as const),
          roles: fc.subarray(["admin", "member"] as const),
          userIds: fc.uniqueArray(
            fc.oneof(
              fc.nat(89).map((n) => everybody[n]?.id ?? ""),
              fc.constant(newId()),
            ),
            { maxLength: 25 },
          ),
          excludeGroupIds: fc.subarray([...groupIds, newId()]),
          email: fc.constantFrom(...EMAILS, "Ada@Example.com", "ada@example.co"),
          loginProvider: fc.constantFrom("custom", "github", "google", "magiclink"),
        },
        { requiredKeys: [] },
      );
      const anyOrder: fc.Arbitrary<MemberOrder> = fc.record({
        by: fc.constantFrom("name", "joined"),
        descending: fc.boolean(),
        first: fc.option(fc.constantFrom(...idsOf(everybody)), { nil: undefined }),
      });
      await fc.assert(
        fc.asyncProperty(anyFilter, anyOrder, fc.constantFrom(1, 2, 5, 100), async (filter, order, limit) => {
          const wanted = idsOf(expected(filter, order));
          expect(idsOf(await all(filter, order, limit))).toEqual(wanted);
          expect(await subject.storage.read.users.count(organizationId, filter, 1000)).toBe(wanted.length);
        }),
        { numRuns: 150 },
      );
    });

    it("stops counting at the limit", async () => {
      const count = (filter: MemberFilter, limit: number) =>
        subject.storage.read.users.count(organizationId, filter, limit);
      expect([await count({}, 5), await count({}, 90), await count({}, 91)]).toEqual([5, 90, 90]);
      expect(await count({ search: "a" }, 3)).toBe(3);
      expect(await count({ statuses: ["active", "left"] }, 7)).toBe(7);
    });

    it("counts the members without those who left", async () => {
      const living = everybody.filter(({ status }) => status !== "left").length;
      expect(await subject.storage.read.users.countMembers(organizationId)).toBe(living);
      expect(await subject.storage.read.users.countMembers(newId())).toBe(0);
    });

    it("sees no member of an unknown organization", async () => {
      for (const filter of [{}, { search: "ada" }, { roles: ["admin"] }, { email: "ada@example.com" }] as const) {
        deepStrictEqual(await subject.storage.read.users.list(newId(), filter, BY_NAME, { limit: 10 }), { items: [] });
      }
    });
  });

  describe("a member who changes", () => {
    it("is found by what is new, and no longer by what was", async () => {
      const { storage } = subject;
      const { id: organizationId } = await addOrganization(storage);
      const before = await storage.write((records) => insertMember(records, organizationId, 0));
      const find = async (search: string) =>
        (await storage.read.users.list(organizationId, { search }, BY_NAME, { limit: 10 })).items.map(
          ({ name }) => name,
        );
      const changes: Partial<UserRecord>[] = [
        { name: "Grace" },
        { email: "g@navy.example" },
        { name: "Zoe", email: "zoe@example.com" },
        { status: "left", updatedAt: 9 },
        { createdAt: 12_345 },
        { name: "" },
      ];
      let user = before;
      for (const change of changes) {
        user = { ...user, ...change };
        await storage.write((records) => records.users.update(user));
        expect(await find("Ada")).toEqual(/ada/i.test(user.name + user.email) ? [user.name] : []);
        for (const search of [user.name.slice(0, 3), user.email.slice(2, 7)]) {
          expect(await find(search)).toEqual([user.name]);
        }
        const joined = { by: "joined", descending: true } as const;
        expect(
          (await walk((page) => storage.read.users.list(organizationId, { search: "e" }, joined, page), 1)).length,
        ).toBe(/(^|[^a-z0-9])e/i.test(`${user.name} ${user.email}`) ? 1 : 0);
      }
      expect(await grams(subject)).toBe(await gramsOfUsers(subject));
    });

    it("leaves nothing to be found by when the organization is deleted", async () => {
      const { storage } = subject;
      const { id: organizationId } = await addOrganization(storage);
      const before = await grams(subject);
      await storage.write(async (records) => {
        for (let n = 0; n < 5; n++) await insertMember(records, organizationId, n);
      });
      expect(await grams(subject)).toBeGreaterThan(before);
      await storage.write((records) => records.organizations.delete(organizationId));
      expect(await grams(subject)).toBe(before);
    });
  });
}

/** Rows by which members are found. */
async function grams({ database }: Subject): Promise<number> {
  const [row] = await database.execute("select count(*) as count from member_grams");
  return Number(row?.count);
}

/** Those of them that belong to a user who exists, as the user is now. */
async function gramsOfUsers({ database }: Subject): Promise<number> {
  const [row] = await database.execute(
    `select count(*) as count from member_grams as g
      inner join users as u on u.number = g.user_number and u.created_at = g.joined_at
        and g.place = u.name_key || '\u0001' || substr(cast(1000000000000 + u.number as text), 2)
      inner join organizations as o on o.id = u.organization_id and o.number = g.organization_number`,
  );
  return Number(row?.count);
}

async function insertMember(records: Records, organizationId: string, n: number): Promise<UserRecord> {
  return insertUser(records, organizationId, {
    name: NAMES[n % NAMES.length] ?? "",
    email: EMAILS[n % EMAILS.length] ?? "",
    status: n % 5 === 0 ? "suspended" : n % 7 === 0 ? "left" : "active",
    role: n % 6 === 0 ? "admin" : "member",
    loginProvider: n % 11 === 0 ? "github" : "custom",
    // Some joined at the same moment, and none in the order of their ids.
    createdAt: 1_000 - Math.floor(n / 3),
  });
}

async function joinGroup(records: Records, user: UserRecord, groupId: string): Promise<void> {
  const { organizationId, id: userId } = user;
  await records.groupMemberships.insert({ id: newId(), organizationId, groupId, userId, createdAt: 1 });
}

// Control characters count as spaces.
const cut = (text: string, length: number) =>
  [...foldText(text).replaceAll(/[\t\r\n]/g, " ")].slice(0, length).join("");

function keeps(filter: MemberFilter, user: UserRecord, groups: readonly string[]): boolean {
  const name = cut(user.name, 256);
  const email = cut(user.email, 320);
  const search = cut(filter.search ?? "", 320);
  return (
    (search === "" || finds(search, name) || finds(search, email)) &&
    (!filter.statuses?.length || filter.statuses.includes(user.status)) &&
    (!filter.roles?.length || filter.roles.includes(user.role)) &&
    (!filter.userIds?.length || filter.userIds.includes(user.id)) &&
    !filter.excludeGroupIds?.some((id) => groups.includes(id)) &&
    (!filter.email || foldText(filter.email) === email) &&
    (filter.loginProvider === undefined || filter.loginProvider === user.loginProvider)
  );
}

/** With three characters or more anywhere, with fewer where a word begins. */
function finds(search: string, text: string): boolean {
  if ([...search].length >= 3) return text.includes(search);
  const quoted = search.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}\\p{So}])(?=[\\p{L}\\p{M}\\p{N}\\p{So}])${quoted}`, "u").test(text);
}

/** In the order of the bytes; equals in the order in which they were inserted. */
function inOrder(users: readonly UserRecord[], { by, descending }: MemberOrder): readonly UserRecord[] {
  const key = (user: UserRecord) => Buffer.from(cut(user.name, 256));
  const sorted = [...users].sort((a, b) =>
    by === "name" ? Buffer.compare(key(a), key(b)) : a.createdAt - b.createdAt,
  );
  return descending ? sorted.reverse() : sorted;
}
