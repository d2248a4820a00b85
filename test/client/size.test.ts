import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/buf.ts";
import { type Bundle, bundle } from "../../scripts/bundle.ts";
import { BROTLI_LIMIT } from "../../scripts/size/limit.ts";

describe("a page that calls one method", () => {
  let page: Bundle;
  let modules: string[];
  beforeAll(async () => {
    page = await bundle(join(root, "scripts/size/one-method.ts"));
    modules = page.modules.map((path) => relative(root, path));
  });

  it("is small", () => {
    expect(page.brotli).toBeLessThan(BROTLI_LIMIT);
    expect(page.brotli).toBeLessThan(page.gzip);
    expect(page.gzip).toBeLessThan(page.raw);
  });

  it("has the service that it calls, and neither the others nor validation rules", () => {
    const generated = modules.filter((path) => path.startsWith("gen/"));
    expect(generated).toContain("gen/client/gitpod/v1/organization_service_pb.ts");
    expect(generated.filter((path) => !path.startsWith("gen/client/gitpod/"))).toEqual([]);
    expect(generated.filter((path) => /(account|event|group)_service|validate/.test(path))).toEqual([]);
    expect(modules.filter((path) => /protovalidate|cel|connect-node/.test(path))).toEqual([]);
  });
});

it("a bundle with anything of Node.js is none", async () => {
  await expect(bundle(join(root, "src/client/node.ts"))).rejects.toThrow(/needs Node\.js/);
});
