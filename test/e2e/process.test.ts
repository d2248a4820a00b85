import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import https from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { selfSigned } from "../http/certificate.ts";
import { dial, readAll, waitForBytes } from "../http/sockets.ts";
import { callJson } from "../support/call.ts";
import { type Command, run, Workshop } from "../support/process.ts";
import { createDatabase, ENGINES, type EngineName, type TestDatabase } from "../support/storage.ts";

const workshop = new Workshop();
afterAll(() => workshop.close());

/** The settings that make a process store in the database. */
function settingsFor(database: TestDatabase): Record<string, string> {
  const { databaseUrl, dataDir } = database.location;
  return { DATA_DIR: dataDir, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) };
}

/** The parts of the call that the first start shows. */
async function shownCall(server: Command) {
  await server.printed(/-d '.*'\n/);
  const { stdout } = server;
  const url = /curl (\S+) \\$/m.exec(stdout)?.[1];
  const headers = [...stdout.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]);
  const body = /-d '([^']+)'/.exec(stdout)?.[1];
  const token = /Bearer (osk_\S+)'/.exec(stdout)?.[1] as string;
  return { url: url as string, headers: Object.fromEntries(headers), body: body as string, token };
}

/** What the first start gave out: whoever holds it can call. */
async function firstCaller(server: Command): Promise<{ token: string; organizationId: string }> {
  const { token, body } = await shownCall(server);
  return { token, organizationId: JSON.parse(body).organizationId };
}

const sso = { clientId: "client", clientSecret: "secret", issuerUrl: "https://idp.example.com" };

describe("without any setting", () => {
  it("starts with a call to paste, keeps it to standard output, and says it once", async () => {
    const cwd = workshop.folder();
    const first = workshop.serve({}, { cwd });
    const url = await first.url();
    const call = await shownCall(first);
    expect(call.url).toBe(`${url}/api/gitpod.v1.OrganizationService/ListSSOConfigurations`);
    const response = await fetch(call.url, { method: "POST", headers: call.headers, body: call.body });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ pagination: {} });
    expect(await first.stop()).toMatchObject({ code: 0 });
    expect(first.stdout).not.toMatch(/"level":|listens on/);
    expect(first.stderr).not.toContain(call.token);

    expect(readdirSync(cwd)).toEqual(["data"]);
    expect(statSync(join(cwd, "data")).mode & 0o077).toBe(0);
    expect(statSync(join(cwd, "data", "encryption.key")).mode & 0o777).toBe(0o600);

    const second = workshop.serve({}, { cwd });
    const again = { url: await second.url() };
    expect((await callJson(again, "ListSSOConfigurations", call.body, { token: call.token })).status).toBe(200);
    expect(await second.stop()).toMatchObject({ code: 0, stdout: "" });
  });

  it("listens on the loopback interface alone, on the port that a flag names over the environment", async () => {
    const server = workshop.serve({ PORT: "1", DATA_DIR: workshop.folder() }, { args: ["--port", "0"] });
    const url = await server.url();
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    const [line] = await server.said(/^.*"msg":"listening".*$/m);
    expect(JSON.parse(line)).toMatchObject({ address: { address: "127.0.0.1" }, settings: { PORT: "0" } });
    await server.stop();
  });
});

describe("with BOOTSTRAP=none", () => {
  it("gives an empty store nothing", async () => {
    const env = { BOOTSTRAP: "none", DATA_DIR: workshop.folder() };
    const server = workshop.serve(env);
    await server.url();
    expect(await server.stop()).toMatchObject({ code: 0, stdout: "" });
    expect(await run(["organization", "list", "--json"], env)).toMatchObject({ code: 0, stdout: "[]\n" });
  });
});

describe("settings that cannot be used", () => {
  const key = Buffer.alloc(32, 7).toString("base64");

  it("are named each on a line, and end the start with 2", async () => {
    const { code, stdout, stderr } = await run(["serve"], {
      PORT: "99999",
      LOG_LEVEL: "loud",
      PUBLIC_URL: "sso.example.com",
      BOOTSTRAP: "maybe",
      ALLOW_INSECURE_ISSUERS: "perhaps",
      DATABASE_URL: "mysql://root:hunter2@db/x",
      TLS_CERT_FILE: import.meta.filename,
      DATA_DIR: workshop.folder(),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const lines = stderr.trim().split("\n");
    for (const [name, accepted] of [
      ["PORT=99999", "from 0 to 65535"],
      ["LOG_LEVEL=loud", "info, debug"],
      ["PUBLIC_URL=sso.example.com", "https://sso.example.com"],
      ["BOOTSTRAP=maybe", "auto, none"],
      ["ALLOW_INSECURE_ISSUERS=perhaps", "true and false"],
      ["DATABASE_URL", "postgres://"],
      ["TLS_CERT_FILE and TLS_KEY_FILE", "both or neither"],
    ] as const) {
      expect(lines.filter((line) => line.includes(name) && line.includes(accepted))).toHaveLength(1);
    }
    expect(stderr).not.toContain("hunter2");
  });

  it.each([
    ["ENCRYPTION_KEY", "too-short-a-secret", /32 (random )?bytes/],
    ["ENCRYPTION_KEY", `${key},not-base64-of-32-bytes`, /key 2/],
    ["CORS_ALLOWED_ORIGINS", "console.example.com", /such as https:\/\/app\.example\.com/],
    ["FETCH_ALLOW_LIST", "10.0.0.0/99", /10\.0\.0\.0\/99/],
    ["DNS_SERVERS", "not an address", /address/],
    ["RETURN_TO_ALLOW_LIST", "https://app.example.com/path", /https:\/\/app\.example\.com/],
    ["TLS_CERT_FILE", "/nowhere/cert.pem", /\/nowhere\/cert\.pem/],
    ["DATA_DIR", "/dev/null/data", /\/dev\/null\/data/],
  ])("are refused at start: %s=%s", async (name, value, says) => {
    const env = { DATA_DIR: workshop.folder(), PORT: "0", [name]: value };
    const withKey = name === "TLS_CERT_FILE" ? { ...env, TLS_KEY_FILE: "/nowhere/key.pem" } : env;
    const { code, stdout, stderr } = await run(["serve"], withKey);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(says) });
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/^\s+at /m);
    if (name === "ENCRYPTION_KEY") for (const secret of value.split(",")) expect(stderr).not.toContain(secret);
  });

  it("include files that hold no certificate", async () => {
    const folder = workshop.folder();
    const file = join(folder, "cert.pem");
    writeFileSync(file, "nonsense");
    const { code, stderr } = await run(["serve"], { DATA_DIR: folder, TLS_CERT_FILE: file, TLS_KEY_FILE: file });
    expect(code).toBe(2);
    expect(stderr).toContain("TLS_CERT_FILE");
  });

  it("include a flag that does not exist, and a secret as a flag", async () => {
    for (const flag of ["--nonsense", "--encryption-key"]) {
      const { code, stderr } = await run(["serve", flag, "x"], { DATA_DIR: workshop.folder() });
      expect(code).toBe(2);
      expect(stderr).toContain(flag);
    }
  });

  it("include a key file that others can read", async () => {
    const env = { DATA_DIR: workshop.folder() };
    expect((await run(["migrate"], env)).code).toBe(0);
    chmodSync(join(env.DATA_DIR, "encryption.key"), 0o644);
    const { code, stderr } = await run(["serve"], { ...env, PORT: "0" });
    expect(code).toBe(2);
    expect(stderr).toContain("chmod 600");
  });

  it("are told apart from a port that is taken and a database that is away", async () => {
    const server = workshop.serve({ DATA_DIR: workshop.folder() });
    const { port } = new URL(await server.url());
    const taken = await run(["serve"], { DATA_DIR: workshop.folder(), PORT: port });
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot listen") });
    await server.stop();
    const url = "postgres://user:hunter2@127.0.0.1:1/none";
    const away = await run(["serve"], { DATA_DIR: workshop.folder(), DATABASE_URL: url, PORT: "0" });
    expect(away).toMatchObject({ code: 1, stdout: "" });
    expect(away.stderr).toContain("check DATABASE_URL");
    expect(away.stderr).not.toContain("hunter2");
  });
});

describe("shutdown", () => {
  it("finishes the call that is in flight, takes no other, and ends with 0", async () => {
    const server = workshop.serve({ DATA_DIR: workshop.folder() });
    const port = Number(new URL(await server.url()).port);
    const { token, organizationId } = await firstCaller(server);
    const body = JSON.stringify({ organizationId, ...sso });
    const socket = await dial(port);
    const answer = readAll(socket);
    socket.write(
      [
        "POST /api/gitpod.v1.OrganizationService/CreateSSOConfiguration HTTP/1.1",
        "Host: localhost",
        `Authorization: Bearer ${token}`,
        "Content-Type: application/json",
        "Expect: 100-continue",
        `Content-Length: ${body.length}\r\n\r\n`,
      ].join("\r\n"),
    );
    // The server has the request once it asks for the body.
    await waitForBytes(socket, "100 Continue");
    socket.write(body.slice(0, 10));
    server.child.kill("SIGTERM");
    await server.said(/"msg":"shutting down"/);
    await refusedSoon(port);
    socket.write(body.slice(10));
    expect(await answer).toMatch(/HTTP\/1\.1 200 [\s\S]*"ssoConfiguration"/);
    expect(await server.finished()).toMatchObject({ code: 0 });
  });

  it("goes by an interrupt too", async () => {
    const server = workshop.serve({ DATA_DIR: workshop.folder() });
    await server.url();
    expect(await server.stop("SIGINT")).toMatchObject({ code: 0 });
  });

  /** Resolves once nobody listens at the port any more. */
  function refusedSoon(port: number): Promise<void> {
    return new Promise((resolve) => {
      const attempt = () => {
        const socket = connect(port, "127.0.0.1", () => {
          socket.destroy();
          setImmediate(attempt);
        });
        socket.on("error", () => resolve());
      };
      attempt();
    });
  }
});

describe.each(ENGINES)("on %s", (engine: EngineName) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase(engine);
  });
  afterEach(() => database.drop());

  it("loses no acknowledged write when it is killed", async () => {
    const settings = settingsFor(database);
    const server = workshop.serve(settings);
    const url = await server.url();
    const caller = await firstCaller(server);
    const acknowledged: string[] = [];
    await Promise.all(Array.from({ length: 8 }, () => writeUntilGone(url, caller, acknowledged, server)));
    expect(await server.finished()).toMatchObject({ code: null });

    const again = workshop.serve(settings);
    const stored = await listIds(await again.url(), caller);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(await again.stop()).toMatchObject({ code: 0, stdout: "" });
  });

  /** Writes as fast as it can, and kills the server after a hundred answers, in the middle of what the others write. */
  async function writeUntilGone(
    url: string,
    { token, organizationId }: { token: string; organizationId: string },
    acknowledged: string[],
    server: Command,
  ): Promise<void> {
    for (;;) {
      try {
        const { body } = await callJson({ url }, "CreateSSOConfiguration", { organizationId, ...sso }, { token });
        acknowledged.push(body.ssoConfiguration.id);
      } catch {
        return;
      }
      if (acknowledged.length === 100) server.child.kill("SIGKILL");
    }
  }

  async function listIds(url: string, { token, organizationId }: { token: string; organizationId: string }) {
    const ids = new Set<string>();
    let page = "";
    do {
      const request = { organizationId, pagination: { pageSize: 100, token: page } };
      const { body } = await callJson({ url }, "ListSSOConfigurations", request, { token });
      for (const { id } of body.ssoConfigurations) ids.add(id);
      page = body.pagination.nextToken ?? "";
    } while (page !== "");
    return ids;
  }

  it("makes one organization, whoever of several starts at the same moment", async () => {
    const servers = Array.from({ length: 3 }, () => workshop.serve(settingsFor(database)));
    const urls = await Promise.all(servers.map((server) => server.url()));
    const organizations = await database.execute("select id from organizations");
    expect(organizations).toHaveLength(1);
    const first = await Promise.any(servers.map((server) => server.printed(/-d '.*'\n/).then(() => server)));
    const caller = await firstCaller(first);
    expect(caller.organizationId).toBe(organizations[0]?.id);
    // All of them are one service: what one writes, each other one reads, and can open.
    const request = { organizationId: caller.organizationId, ...sso };
    await callJson({ url: urls[0] as string }, "CreateSSOConfiguration", request, caller);
    for (const url of urls) expect((await listIds(url, caller)).size).toBe(1);
    const ends = await Promise.all(servers.map((server) => server.stop()));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ends.filter(({ stdout }) => stdout !== "")).toHaveLength(1);
  });

  it("refuses a database that a newer version wrote", async () => {
    const settings = settingsFor(database);
    expect((await run(["migrate"], settings)).code).toBe(0);
    await database.execute("insert into kysely_migration (name, timestamp) values ('9999-future', '2099-01-01')");
    for (const command of ["serve", "migrate"]) {
      const { code, stdout, stderr } = await run([command], { ...settings, PORT: "0" });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/newer version of organization-service: run that version, or restore a backup/);
    }
  });
});

describe("several workers", () => {
  it("share one port and one store, are counted together, and end together", async () => {
    const server = workshop.serve({ DATA_DIR: workshop.folder() }, { args: ["--workers", "2"] });
    const url = await server.url();
    const caller = await firstCaller(server);
    const request = { organizationId: caller.organizationId, ...sso };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => callJson({ url }, "CreateSSOConfiguration", request, caller)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const { body } = await callJson(
      { url },
      "ListSSOConfigurations",
      { organizationId: caller.organizationId },
      caller,
    );
    expect(body.ssoConfigurations).toHaveLength(20);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const created = metrics.split("\n").filter((line) => /CreateSSOConfiguration.*code="ok"/.test(line));
    expect(created.some((line) => line.endsWith(" 20"))).toBe(true);
    const { code, stdout } = await server.stop();
    expect(code).toBe(0);
    expect(stdout.match(/The store was empty/g)).toHaveLength(1);
  });
});

describe("TLS", () => {
  it("speaks it with the files, and reads them again on SIGHUP", async () => {
    const folder = workshop.folder();
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const install = () => {
      const certificate = selfSigned();
      writeFileSync(cert, certificate.cert);
      writeFileSync(key, certificate.key);
      return certificate.cert as string;
    };
    const first = install();
    const server = workshop.serve({ DATA_DIR: workshop.folder(), TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
    const url = await server.url();
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    expect((await shownCall(server)).url).toContain(`${url}/api/`);
    expect(await probe(url, first)).toBe(200);
    const second = install();
    server.child.kill("SIGHUP");
    await server.said(/certificate read again/);
    expect(await probe(url, second)).toBe(200);
    await expect(probe(url, first)).rejects.toThrow(/certificate/);

    writeFileSync(cert, "nonsense");
    server.child.kill("SIGHUP");
    await server.said(/certificate not read again/);
    expect(await probe(url, second)).toBe(200);
    expect(await server.stop()).toMatchObject({ code: 0 });
  });

  function probe(url: string, ca: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const request = https.get(`${url}/healthz`, { ca: [...rootCertificates, ca], agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
    });
  }
});

it("leaves nothing outside its data folder", () => {
  expect(existsSync(join(process.cwd(), "data"))).toBe(false);
});
