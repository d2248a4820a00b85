import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyClaimsMapping, type MappedAttribute, missingClaims } from "../../src/domain/claims-mapping.ts";

const STANDARD = {
  email: "jane@example.com",
  email_verified: true,
  name: "Jane Doe",
  given_name: "Jane",
  family_name: "Doe",
  picture: "https://idp.example.com/jane.png",
  groups: ["admins", "dev"],
};

test("without a mapping, attributes are the standard claims of their names", () => {
  const mapped = applyClaimsMapping({}, STANDARD);
  for (const [attribute, value] of Object.entries(STANDARD)) {
    expect(mapped[attribute as MappedAttribute]).toEqual({ claim: attribute, mapped: false, state: "found", value });
  }
  expect(missingClaims(mapped)).toEqual([]);
});

describe("a mapped attribute", () => {
  test("is the claim that the mapping names, and not the standard one", () => {
    const mapped = applyClaimsMapping({ email: "upn" }, { email: "old@example.com", upn: "new@example.com" });
    expect(mapped.email).toEqual({ claim: "upn", mapped: true, state: "found", value: "new@example.com" });
  });

  test("is missing when its claim is, even if the standard one is there", () => {
    const mapped = applyClaimsMapping({ email: "upn" }, STANDARD);
    expect(mapped.email).toEqual({ claim: "upn", mapped: true, state: "missing" });
  });

  test("may be nested, in objects and in lists", () => {
    const claims = {
      profile: { contact: { mail: "a@example.com" } },
      emails: ["b@example.com"],
      users: [{ name: "C" }],
    };
    expect(applyClaimsMapping({ email: "profile.contact.mail" }, claims).email).toMatchObject({
      value: "a@example.com",
    });
    expect(applyClaimsMapping({ email: "emails.0" }, claims).email).toMatchObject({ value: "b@example.com" });
    expect(applyClaimsMapping({ name: "users.0.name" }, claims).name).toMatchObject({ value: "C" });
  });

  test("is the claim whose name has the dots, before the one on that path", () => {
    const claims = { "https://example.com/email": "a@example.com", "x.y": "literal", x: { y: "nested" } };
    expect(applyClaimsMapping({ email: "https://example.com/email" }, claims).email).toMatchObject({
      value: "a@example.com",
    });
    expect(applyClaimsMapping({ name: "x.y" }, claims).name).toMatchObject({ value: "literal" });
    expect(applyClaimsMapping({ name: "x.y" }, { x: { y: "nested" } }).name).toMatchObject({ value: "nested" });
  });

  test("with an empty claim counts as not mapped", () => {
    expect(applyClaimsMapping({ name: "" }, STANDARD).name).toMatchObject({
      claim: "name",
      mapped: false,
      value: "Jane Doe",
    });
  });

  test("with a key that means nothing changes nothing", () => {
    const mapping = { department: "dept", ["__proto__"]: "x", constructor: "y" };
    expect(applyClaimsMapping(mapping, STANDARD)).toEqual(applyClaimsMapping({}, STANDARD));
  });
});

describe("missing", () => {
  test.each([undefined, null, ""])("a claim that is %j", (value) => {
    expect(applyClaimsMapping({}, { name: value }).name).toEqual({ claim: "name", mapped: false, state: "missing" });
  });

  test.each([
    "toString",
    "constructor",
    "__proto__",
    "constructor.name",
    "name.length",
    "groups.length",
    "a.b.c",
    ".",
    "name.",
  ])("what nobody sent, such as %s", (path) => {
    expect(applyClaimsMapping({ given_name: path }, STANDARD).given_name).toEqual({
      claim: path,
      mapped: true,
      state: "missing",
    });
  });

  test("an inherited claim", () => {
    expect(applyClaimsMapping({}, Object.create({ name: "inherited" })).name).toMatchObject({ state: "missing" });
  });

  test("claims that userinfo is worth asking for: the mapped ones, the email and the name", () => {
    expect(missingClaims(applyClaimsMapping({}, {}))).toEqual(["email", "name"]);
    expect(
      missingClaims(applyClaimsMapping({ picture: "avatar.url", groups: "roles" }, { email: "a@b", roles: [] })),
    ).toEqual(["name", "avatar.url"]);
    expect(missingClaims(applyClaimsMapping({ email: "upn" }, { ...STANDARD, name: 7 }))).toEqual(["upn"]);
  });
});

describe("types", () => {
  const read = (attribute: MappedAttribute, value: unknown) =>
    applyClaimsMapping({}, { [attribute]: value })[attribute];

  test.each([
    [true, true],
    [false, false],
    ["true", true],
    ["false", false],
  ])("email_verified %j is %j", (value, expected) => {
    expect(read("email_verified", value)).toMatchObject({ state: "found", value: expected });
  });

  test.each(["TRUE", "1", 1, 0, [], {}, "yes"])("email_verified %j is neither true nor false", (value) => {
    expect(read("email_verified", value)).toMatchObject({
      state: "invalid",
      problem: expect.stringContaining("expected true or false"),
    });
  });

  test.each(["a@b", "Jane.O'Doe+x@sub.example.com", "jörg@bücher.example"])("email %j", (value) => {
    expect(read("email", value)).toMatchObject({ state: "found", value });
  });

  test.each([
    "jane",
    "a@b@c",
    "a b@c",
    "a@b,c@d",
    "Jane <a@b>",
    "@b",
    "a@",
    "a@b\n",
    "a\u0000@b",
    `${"a".repeat(320)}@b`,
    7,
    true,
    ["a@b"],
    { value: "a@b" },
  ])("no email %j", (value) => {
    expect(read("email", value)).toMatchObject({
      state: "invalid",
      problem: expect.stringMatching(/^the claim `email` /),
    });
  });

  test.each([7, true, ["Jane"], {}, "x".repeat(1001)])("no name %.20j", (value) => {
    for (const attribute of ["name", "given_name", "family_name"] as const) {
      expect(read(attribute, value)).toMatchObject({ state: "invalid" });
    }
  });

  test.each([
    "javascript:alert(1)",
    "data:image/png;base64,AAAA",
    "/jane.png",
    "jane",
    7,
    {},
    `https://x/${"a".repeat(2048)}`,
  ])("no picture %.40j", (value) => {
    expect(read("picture", value)).toMatchObject({ state: "invalid" });
  });

  test("groups are strings; a single one may come alone", () => {
    expect(read("groups", ["a", "b"])).toMatchObject({ value: ["a", "b"] });
    expect(read("groups", [])).toMatchObject({ value: [] });
    expect(read("groups", "admins")).toMatchObject({ value: ["admins"] });
    expect(read("groups", ["a", { id: 1 }])).toMatchObject({
      state: "invalid",
      problem: "the claim `groups` holds an object; expected strings",
    });
    expect(read("groups", { a: true })).toMatchObject({ state: "invalid" });
    expect(read("groups", [null])).toMatchObject({ problem: "the claim `groups` holds null; expected strings" });
  });
});

test("any mapping and any claims give an answer for every attribute", () => {
  const path = fc.oneof(
    fc.string(),
    fc.constantFrom("a", "a.b", "__proto__", "constructor.prototype", "a.0", "..", "length"),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys(STANDARD)), path),
      fc.dictionary(path, fc.jsonValue()),
      (mapping, claims) => {
        for (const claim of Object.values(applyClaimsMapping(mapping, claims))) {
          expect(["found", "missing", "invalid"]).toContain(claim.state);
          expect("value" in claim).toBe(claim.state === "found");
        }
      },
    ),
  );
});
