import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import {
  addDirectory,
  ENTERPRISE_SCHEMA,
  GROUP_SCHEMA,
  patchOp,
  type ScimClient,
  USER_SCHEMA,
  user,
} from "./client.ts";

interface AttributeDocument {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly required: boolean;
  readonly caseExact?: boolean;
  readonly subAttributes?: readonly AttributeDocument[];
}

describe.each(ENGINES)("what is advertised on %s", (engine) => {
  let server: TestServer;
  let scim: ScimClient;
  beforeAll(async () => {
    server = await startTestServer(engine, { env: { MAX_BODY_BYTES: "65536" } });
    scim = await addDirectory(server);
  });
  afterAll(() => server.close());

  it("is complete, by list and by id, and every URL of it works", async () => {
    for (const path of ["/Schemas", "/ResourceTypes"]) {
      const { body } = await scim.get(`${path}?unknown=1`);
      expect(body.totalResults).toBe(body.Resources.length);
      for (const document of body.Resources) {
        const read = await scim.get(document.meta.location.slice(scim.baseUrl.length));
        expect(read.body).toEqual(document);
      }
    }
    const { body } = await scim.get("/ResourceTypes");
    for (const { endpoint, schema } of body.Resources) {
      expect((await scim.get(endpoint)).status).toBe(200);
      expect((await scim.get(`/Schemas/${schema}`)).status).toBe(200);
    }
  });

  it("is kept: limits of pages and of bulk requests", async () => {
    const { body: config } = await scim.get("/ServiceProviderConfig");
    expect(config).toMatchObject({
      patch: { supported: true },
      sort: { supported: true },
      etag: { supported: true },
      changePassword: { supported: false },
      bulk: { supported: true, maxPayloadSize: 65_536 },
      pagination: { cursor: true, index: true },
    });
    const { maxOperations } = config.bulk;
    const operations = (count: number) => ({ Operations: Array(count).fill({}) });
    expect((await scim.post("/Bulk", operations(maxOperations))).status).toBe(200);
    expect((await scim.post("/Bulk", operations(maxOperations + 1))).status).toBe(413);
    expect((await scim.post("/Bulk", " ".repeat(config.bulk.maxPayloadSize + 1))).status).toBe(413);
  });

  const value = (attribute: AttributeDocument, text: string): unknown => {
    if (attribute.type === "boolean") return true;
    if (attribute.type !== "complex") return text;
    const parts = (attribute.subAttributes ?? []).filter(({ mutability }) => mutability !== "readOnly");
    const whole = Object.fromEntries(parts.map((part) => [part.name, value(part, text)]));
    return attribute.multiValued ? [whole] : whole;
  };

  it("is what the service does, attribute by attribute", async () => {
    for (const urn of [USER_SCHEMA, ENTERPRISE_SCHEMA]) {
      const { body: schema } = await scim.get(`/Schemas/${urn}`);
      for (const attribute of schema.attributes as readonly AttributeDocument[]) {
        const prefix = urn === USER_SCHEMA ? "" : `${urn}:`;
        const path = `${prefix}${attribute.name}`;
        const sent = value(attribute, `Value of ${attribute.name}`);
        const scope = (resource: Record<string, never>) => (urn === USER_SCHEMA ? resource : resource[urn]);
        const { body } = await scim.post("/Users", user(`for ${path}`));
        const patched = await scim.patch(`/Users/${body.id}`, patchOp({ op: "replace", path, value: sent }));
        if (attribute.mutability === "readOnly") {
          expect([path, patched.status, patched.body.scimType]).toEqual([path, 400, "mutability"]);
          continue;
        }
        expect([path, patched.status]).toEqual([path, 200]);
        expect(scope(patched.body)).toMatchObject({ [attribute.name]: sent });
        await isFound(attribute, path, body.id, `Value of ${attribute.name}`);
        // Nobody is let in or out by the absence of a value.
        const removed = await scim.patch(`/Users/${body.id}`, patchOp({ op: "remove", path }));
        expect([path, removed.status]).toEqual([path, attribute.required || attribute.name === "active" ? 400 : 200]);
        await scim.delete(`/Users/${body.id}`);
      }
    }
  });

  async function isFound(attribute: AttributeDocument, path: string, id: string, text: string): Promise<void> {
    const leaf = attribute.subAttributes?.find(({ name, type }) => name === "value" || type === "string");
    const found = leaf ?? attribute;
    const name = leaf ? `${path}.${leaf.name}` : path;
    const found1 = async (filter: string) => {
      const { body } = await scim.get(`/Users?filter=${encodeURIComponent(filter)}`);
      return body.Resources?.some((resource: { id: string }) => resource.id === id);
    };
    if (found.type === "boolean") {
      expect([name, await found1(`${name} eq true`)]).toEqual([name, true]);
      return;
    }
    expect([name, await found1(`${name} eq ${JSON.stringify(text)}`)]).toEqual([name, true]);
    const upper = JSON.stringify(text.toUpperCase());
    expect([name, await found1(`${name} eq ${upper}`)]).toEqual([name, found.caseExact === false]);
  }

  it("never fails with 5xx, whatever is sent", async () => {
    const { body: known } = await scim.post("/Users", user("fuzzed"));
    const { body: group } = await scim.post("/Groups", { schemas: [GROUP_SCHEMA], displayName: "Fuzzed" });
    const path = fc.oneof(
      fc.constantFrom("", "/", "/Users", "/Groups", "/Bulk", "/.search", "/Users/.search", "/Schemas", "/Me"),
      fc.constantFrom(`/Users/${known.id}`, `/Groups/${group.id}`, "/Users/%00", "/Users/%ff", "/Users/%ZZ"),
      fc.webPath(),
    );
    const key = fc.constantFrom(
      ...["schemas", "userName", "emails", "members", "value", "Operations", "op", "path", "__proto__", "constructor"],
      ...[
        "filter",
        "count",
        "cursor",
        "startIndex",
        "sortBy",
        "active",
        "name",
        "method",
        "data",
        "bulkId",
        "displayName",
      ],
    );
    const leaf = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom(
        "add",
        "replace",
        "remove",
        "members",
        "emails",
        "\u0000",
        "\ud800",
        'emails[type eq "work"]',
        "PATCH",
      ),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.array(tie("json"), { maxLength: 4 }),
        fc.dictionary(key, tie("json"), { maxKeys: 5 }),
      ),
    }));
    const query = fc.record(
      { filter: fc.string({ unit: "binary" }), count: leaf, cursor: leaf, sortBy: key, attributes: key },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
        path,
        query,
        json,
        async (method, where, asked, body) => {
          const entries = Object.entries(asked).map(([name, one]): [string, string] => [
            name,
            String(one).toWellFormed(),
          ]);
          const text = `${where}?${new URLSearchParams(entries)}`;
          const hasBody = !["GET", "HEAD", "OPTIONS", "DELETE"].includes(method);
          const response = await fetch(`${scim.baseUrl}${text}`, {
            method,
            headers: { authorization: `Bearer ${scim.token}`, "content-type": "application/scim+json" },
            ...(hasBody ? { body: JSON.stringify(body) } : {}),
          });
          await response.text();
          expect([method, text, response.status < 500 || response.status === 501]).toEqual([method, text, true]);
        },
      ),
      { numRuns: 400 },
    );
  });
});
