/**
 * The guide's example, as written.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "docs/transport.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "transport-guide-"));
const ports: Record<string, number> = {};
let server: ChildProcess;
let log = "";

beforeAll(async () => {
  writeFileSync(join(folder, "greet.proto"), block("proto"));
  writeFileSync(join(folder, "buf.gen.yaml"), block("yaml"));
  writeFileSync(join(folder, "server.ts"), block("ts"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  install();
  const [generate, start] = block("sh").trim().split("\n");
  expect([generate, start]).toEqual(["npx buf generate", "node server.ts"]);
  execFileSync(join(folder, "node_modules/.bin/buf"), ["generate"], { cwd: folder, env: withTools() });
  server = spawn(process.execPath, ["server.ts"], { cwd: folder, env: { ...withTools(), PORT: "0", GRPC_PORT: "0" } });
  server.stderr?.on("data", (chunk) => {
    log += chunk;
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    server.once("exit", () => reject(new Error(log)));
    server.stdout?.on("data", (chunk) => {
      output += chunk;
      for (const [, name = "", port] of output.matchAll(/(http[12]) \{[^}]*port: (\d+)/g)) {
        ports[name] = Number(port);
      }
      if (Object.keys(ports).length === 2) {
        resolve();
      }
    });
  });
});

afterAll(() => {
  server.kill();
  rmSync(folder, { recursive: true });
});

test("the call of the guide gets the answer of the guide", async () => {
  const [, url = "", headers = "", body = ""] = /curl (\S+) (.*) -d '(.*)'/.exec(block("sh", 1)) ?? [];
  const fields = Array.from(headers.matchAll(/-H '([^:]+): ([^']+)'/g), ([, name = "", value = ""]) => [name, value]);
  const here = url.replace("8080", String(ports.http1));
  const response = await fetch(here, { method: "POST", headers: fields as [string, string][], body });
  expect(await response.text()).toBe(block("json").trim());
  const prefixed = here.replace("/greet", "/api/greet");
  expect((await fetch(prefixed, { method: "POST", headers: fields as [string, string][], body })).status).toBe(200);
  await expect
    .poll(() => log)
    .toContain('{"procedure":"greet.v1.GreetService/Greet","protocol":"connect","result":"ok"');
});

test("the gate and the method refuse", async () => {
  const call = (authorization: string) =>
    fetch(`http://localhost:${ports.http1}/greet.v1.GreetService/Greet`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: "{}",
    });
  expect(await (await call("none")).json()).toMatchObject({ code: "unauthenticated" });
  expect(await (await call("Bearer secret")).json()).toMatchObject({ code: "invalid_argument" });
});

test("gRPC on the other port, unary and as a stream", async () => {
  expect(await grpc("Greet", Buffer.from([10, 3, ...Buffer.from("Ada")]))).toContain("Hello, Ada!");
  expect(await grpc("Count", Buffer.from([8, 3]))).toBe(
    "\0\0\0\0\u0002\b\u0001\0\0\0\0\u0002\b\u0002\0\0\0\0\u0002\b\u0003",
  );
});

async function grpc(method: string, message: Buffer): Promise<string> {
  const session = connect(`http://localhost:${ports.http2}`);
  const stream = session.request({
    ":method": "POST",
    ":path": `/greet.v1.GreetService/${method}`,
    "content-type": "application/grpc",
    authorization: "Bearer secret",
  });
  stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
  let text = "";
  for await (const chunk of stream) {
    text += chunk.toString("latin1");
  }
  session.close();
  return text;
}

/** The nth block of code in a language. */
function block(language: string, index = 0): string {
  const blocks = Array.from(guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)).filter(([, name]) => name === language);
  return blocks[index]?.[2] ?? "";
}

/** What `npm install` would put into the folder: this package under its name, and what it depends on. */
function install(): void {
  const modules = join(folder, "node_modules");
  const self = join(modules, "organization-service");
  mkdirSync(self, { recursive: true });
  for (const name of ["@bufbuild", "@connectrpc", ".bin"]) {
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  const source = pathToFileURL(join(root, "src/transport/index.ts")).href;
  writeFileSync(join(self, "package.json"), '{"type":"module","exports":{"./transport":"./transport.js"}}');
  writeFileSync(join(self, "transport.js"), `export * from ${JSON.stringify(source)};\n`);
}

function withTools(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}` };
}
