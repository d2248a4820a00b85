import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError, describeConfig, readConfig, SETTINGS, type Setting } from "../src/config.ts";
import { configurationPage } from "../src/docs/configuration.ts";

const settings = Object.values(SETTINGS) as Setting<unknown>[];
const KEY = Buffer.alloc(32, 1).toString("base64");
const OTHER_KEY = Buffer.alloc(32, 2).toString("base64");

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("the settings were not refused");
}

describe("docs/configuration.md", () => {
  const page = readFileSync(new URL("../docs/configuration.md", import.meta.url), "utf8");

  it("is what the table of settings makes of it", () => {
    expect(page).toBe(configurationPage());
  });

  it("has a row for every setting, with its meaning, and none for anything else", () => {
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| .+ \| (.+) \|$/gm)];
    expect(rows.map(([, key]) => key)).toEqual(settings.map(({ key }) => key));
    for (const [index, [, , meaning]] of rows.entries()) {
      expect(meaning).toContain(settings[index]?.meaning.replaceAll("<", "&lt;").replaceAll("|", "\\|"));
      expect(meaning?.includes("(secret)")).toBe(settings[index]?.secret === true);
    }
  });
});

describe("settings", () => {
  it("have their defaults when nothing is set, or set to nothing", () => {
    const config = readConfig({});
    expect(readConfig(Object.fromEntries(settings.map(({ key }) => [key, "  "])))).toEqual(config);
    expect(config).toMatchObject({
      port: 8080,
      host: "127.0.0.1",
      publicUrl: undefined,
      dataDir: "./data",
      databaseUrl: undefined,
      encryptionKeys: undefined,
      bootstrap: "auto",
      corsAllowedOrigins: [],
      allowInsecureIssuers: false,
      trustProxy: 0,
      logLevel: "info",
    });
  });

  it.each([
    ["PORT", "0", "port", 0],
    ["PUBLIC_URL", "https://sso.example.com/base/", "publicUrl", "https://sso.example.com/base"],
    ["DATABASE_URL", "postgresql://u:p@db/x", "databaseUrl", "postgresql://u:p@db/x"],
    ["ENCRYPTION_KEY", ` ${KEY} , ${OTHER_KEY} `, "encryptionKeys", [KEY, OTHER_KEY]],
    ["BOOTSTRAP", "none", "bootstrap", "none"],
    ["ALLOW_CREATE_ORGANIZATION", "No", "allowCreateOrganization", false],
    ["ALLOW_INSECURE_ISSUERS", "1", "allowInsecureIssuers", true],
    [
      "CORS_ALLOWED_ORIGINS",
      "https://app.example.com, https://*.example.com:8443,http://localhost:3000,*",
      "corsAllowedOrigins",
      ["https://app.example.com", "https://*.example.com:8443", "http://localhost:3000", "*"],
    ],
    ["RETURN_TO_ALLOW_LIST", "https://app.example.com", "returnToAllowList", ["https://app.example.com"]],
    [
      "FETCH_ALLOW_LIST",
      "10.1.0.0/16,fd00::/8,idp.internal",
      "fetchAllowList",
      ["10.1.0.0/16", "fd00::/8", "idp.internal"],
    ],
    [
      "DNS_SERVERS",
      "192.0.2.1,192.0.2.1:5353,[2001:db8::1]:53",
      "dnsServers",
      ["192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53"],
    ],
    ["MAX_BODY_BYTES", "1024", "maxBodyBytes", 1024],
    ["LOG_LEVEL", "trace", "logLevel", "trace"],
  ])("read %s=%s", (key, text, name, value) => {
    expect(readConfig({ [key]: text })).toMatchObject({ [name]: value });
  });

  it.each([
    ["PORT", "65536", /0 to 65535/],
    ["PORT", "-1", /0 to 65535/],
    ["PORT", "80a", /0 to 65535/],
    ["PORT", "1e3", /0 to 65535/],
    ["PUBLIC_URL", "sso.example.com", /https:\/\/sso\.example\.com/],
    ["PUBLIC_URL", "https://sso.example.com?x=1", /without query/],
    ["PUBLIC_URL", "ftp://sso.example.com", /http or https/],
    ["DATABASE_POOL", "0", /1 to 1000/],
    ["BOOTSTRAP", "AUTO", /auto, none/],
    ["ALLOW_CREATE_ORGANIZATION", "maybe", /true and false/],
    ["CORS_ALLOWED_ORIGINS", "https://app.example.com/path", /origin/],
    ["CORS_ALLOWED_ORIGINS", "https://a.example.com, null", /origin/],
    ["CORS_ALLOWED_ORIGINS", "https://*", /origin/],
    ["RETURN_TO_ALLOW_LIST", "*", /origin/],
    ["FETCH_ALLOW_LIST", "10.0.0.0/33", /10\.0\.0\.0\/33/],
    ["DNS_SERVERS", "ns.example.com", /name server/],
    ["TLS_CERT_FILE", "/nowhere/cert.pem", /cannot be read/],
    ["TRUST_PROXY", "true", /0 to 10/],
    ["MAX_BODY_BYTES", "1", /1024 to/],
    ["LOG_LEVEL", "verbose", /silent, fatal/],
  ])("refuse %s=%s", (key, text, says) => {
    const message = refusal({ [key]: text });
    expect(message).toMatch(says);
    expect(message.startsWith(`${key}=${text}: `)).toBe(true);
  });

  it.each([
    ["DATABASE_URL", "mysql://root:hunter2@db"],
    ["ENCRYPTION_KEY", "hunter2"],
    ["ENCRYPTION_KEY", `${KEY},hunter2`],
    ["ENCRYPTION_KEY", ","],
  ])("refuse %s without repeating it", (key, text) => {
    const message = refusal({ [key]: text });
    expect(message.startsWith(`${key}: `)).toBe(true);
    expect(message).not.toMatch(/hunter2|root/);
    expect(message).not.toContain(KEY);
  });

  it("are all named when several cannot be used", () => {
    expect(refusal({ PORT: "x", LOG_LEVEL: "x", HOST: "fine" }).split("\n")).toHaveLength(2);
  });

  it("ask for both files of TLS or neither", () => {
    expect(refusal({ TLS_CERT_FILE: import.meta.filename })).toMatch(/give both or neither/);
  });
});

describe("the settings that are shown", () => {
  it("have a value each, and no secret's", () => {
    const env = { DATABASE_URL: "postgres://u:hunter2@db/x", ENCRYPTION_KEY: KEY, METRICS_TOKEN: "hunter2", PORT: "1" };
    const shown = describeConfig(readConfig(env));
    expect(Object.keys(shown)).toEqual(settings.map(({ key }) => key));
    expect(shown).toMatchObject({
      DATABASE_URL: "[redacted]",
      ENCRYPTION_KEY: "[redacted]",
      METRICS_TOKEN: "[redacted]",
      PORT: "1",
    });
    expect(JSON.stringify(shown)).not.toContain("hunter2");
    expect(JSON.stringify(shown)).not.toContain(KEY);
  });

  it("say where a value comes from that nobody set", () => {
    expect(describeConfig(readConfig({}))).toMatchObject({
      DATABASE_URL: "SQLite",
      ENCRYPTION_KEY: "a file in DATA_DIR, made on first start",
      PUBLIC_URL: "http://localhost:<port>",
    });
  });
});
