import { describe, expect, test } from "vitest";
import { checkIssuerUrl, type IssuerPolicy, type IssuerRule } from "../../src/domain/issuer-url.ts";

const STRICT: IssuerPolicy = { allowInsecureIssuers: false, allowList: [] };
const INSECURE: IssuerPolicy = { allowInsecureIssuers: true, allowList: [] };
const LISTED: IssuerPolicy = { allowInsecureIssuers: false, allowList: ["10.1.0.0/16", "fd00::/8", "localhost"] };

describe("accepted issuers", () => {
  test.each([
    "https://accounts.google.com",
    "https://idp.example.com/",
    "https://idp.example.com:8443/realms/acme",
    "https://example.okta.com/oauth2/default",
    "https://login.microsoftonline.com/9f2c4d3e-1111-2222-3333-444455556666/v2.0",
    "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
    "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf",
    "https://idp.example.com/common/v2.0",
    "https://8.8.8.8/",
    "https://[2606:4700::1]/",
    "https://idp.example.com/a%20b/c~d",
    "https://well-known.example.com/well-known/x",
  ])("%s", (issuer) => {
    expect(checkIssuerUrl(issuer, STRICT)).toEqual({ ok: true });
  });

  test.each([
    "http://localhost:8080",
    "http://idp.localhost/x",
    "http://127.0.0.1:9000",
    "http://[::1]:9000/a",
    "https://localhost:8443",
  ])("%s when insecure issuers are allowed", (issuer) => {
    expect(checkIssuerUrl(issuer, INSECURE)).toEqual({ ok: true });
    expect(checkIssuerUrl(issuer, STRICT)).toMatchObject({ ok: false });
  });

  test.each(["https://10.1.2.3/", "https://[::ffff:10.1.2.3]/", "https://[fd00::7]/", "https://localhost/"])(
    "%s when the operator listed it",
    (issuer) => {
      expect(checkIssuerUrl(issuer, LISTED)).toEqual({ ok: true });
      expect(checkIssuerUrl(issuer, STRICT)).toMatchObject({ ok: false, rule: "address" });
    },
  );
});

describe("refused issuers", () => {
  const refused: readonly (readonly [issuer: string, rule: IssuerRule])[] = [
    ["", "uri"],
    ["idp.example.com", "uri"],
    ["//idp.example.com", "uri"],
    ["https:idp.example.com", "uri"],
    ["https:///idp.example.com", "uri"],
    ["https://", "uri"],
    ["https://idp.example.com/ x", "uri"],
    [" https://idp.example.com", "uri"],
    ["https://idp.example.com\n", "uri"],
    ["https://idp.exa\tmple.com", "uri"],
    ["https:\\\\idp.example.com", "uri"],
    ["https://idp.example.com\\@evil.example", "uri"],
    ["https://bücher.example", "uri"],
    ["https://[fe80::1%25eth0]/", "uri"],
    ["https://idp.example.com:99999", "uri"],
    [`https://idp.example.com/${"a".repeat(2048)}`, "length"],
    ["http://idp.example.com", "https"],
    ["http://localhost:8080", "https"],
    ["http://127.0.0.1", "https"],
    ["ftp://idp.example.com", "https"],
    ["javascript://idp.example.com/%0aalert(1)", "https"],
    ["https://user@idp.example.com", "userinfo"],
    ["https://user:secret@idp.example.com", "userinfo"],
    ["https://@idp.example.com", "userinfo"],
    ["https://:@idp.example.com", "userinfo"],
    ["https://idp.example.com?", "query"],
    ["https://idp.example.com/?tenant=a", "query"],
    ["https://idp.example.com#", "fragment"],
    ["https://idp.example.com/#a?b", "fragment"],
    ["https://idp.example.com/.well-known/openid-configuration", "well_known"],
    ["https://idp.example.com/a/.well-known", "well_known"],
    ["https://idp.example.com/.WELL-KNOWN/x", "well_known"],
    ["https://idp.example.com/%2Ewell%2Dknown/x", "well_known"],
    ["https://idp.example.com/a%2F.well-known%2Fx", "well_known"],
    ["https://127.0.0.1/", "address"],
    ["https://127.1/", "address"],
    ["https://2130706433/", "address"],
    ["https://0x7f.1/", "address"],
    ["https://0177.0.0.1/", "address"],
    ["https://0.0.0.0/", "address"],
    ["https://10.0.0.1/", "address"],
    ["https://172.16.0.1/", "address"],
    ["https://192.168.1.1:8443/", "address"],
    ["https://169.254.169.254/", "address"],
    ["https://100.64.0.1/", "address"],
    ["https://224.0.0.1/", "address"],
    ["https://192.0.2.1/", "address"],
    ["https://[::1]/", "address"],
    ["https://[::]/", "address"],
    ["https://[fe80::1]/", "address"],
    ["https://[fd00::1]/", "address"],
    ["https://[::ffff:127.0.0.1]/", "address"],
    ["https://[64:ff9b::a00:1]/", "address"],
    ["https://[2002:7f00:1::]/", "address"],
    ["https://localhost/", "address"],
    ["https://idp.localhost./", "address"],
    ["https://login.microsoftonline.com/common/v2.0", "tenant"],
    ["https://login.microsoftonline.com/Organizations/v2.0", "tenant"],
    ["https://login.microsoftonline.com/organizations", "tenant"],
    ["https://login.microsoftonline.com/%63ommon/v2.0", "tenant"],
    ["https://login.microsoftonline.com./common/v2.0", "tenant"],
    ["https://LOGIN.microsoftonline.us/common/v2.0", "tenant"],
    ["https://sts.windows.net/common/", "tenant"],
    ["https://login.microsoftonline.com/consumers/v2.0", "tenant"],
  ];

  test.each(refused)("%j breaks %s", (issuer, rule) => {
    expect(checkIssuerUrl(issuer, STRICT)).toEqual({ ok: false, rule, message: expect.stringMatching(/^must /) });
  });

  test.each([
    ["http://idp.example.com", "https"],
    ["http://10.0.0.1", "https"],
    ["https://10.0.0.1", "address"],
    ["http://localhost.example.com", "https"],
  ] as const)("%s breaks %s also when insecure issuers are allowed", (issuer, rule) => {
    expect(checkIssuerUrl(issuer, INSECURE)).toMatchObject({ ok: false, rule });
  });

  test("this machine's names are allowed by its addresses", () => {
    const policy = { allowInsecureIssuers: false, allowList: ["127.0.0.0/8"] };
    expect(checkIssuerUrl("https://localhost/", policy)).toEqual({ ok: true });
    expect(checkIssuerUrl("https://[::1]/", policy)).toMatchObject({ ok: false, rule: "address" });
  });

  test("the allow list skips no other rule", () => {
    expect(checkIssuerUrl("http://10.1.2.3/", LISTED)).toMatchObject({ ok: false, rule: "https" });
    expect(checkIssuerUrl("http://localhost/", LISTED)).toMatchObject({ ok: false, rule: "https" });
    expect(checkIssuerUrl("https://a@10.1.2.3/", LISTED)).toMatchObject({ ok: false, rule: "userinfo" });
  });

  test("the message names the kind of the address", () => {
    expect(checkIssuerUrl("https://169.254.169.254/", STRICT)).toMatchObject({
      message: expect.stringContaining("link-local"),
    });
  });
});
