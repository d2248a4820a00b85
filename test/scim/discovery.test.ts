import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { USER } from "../../src/domain/provisioning/attributes.ts";
import { userColumns } from "../../src/domain/provisioning/columns.ts";
import { createResource } from "../../src/domain/provisioning/resource.ts";
import { newId } from "../../src/lib/ids.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";
import { addDirectory, ENTERPRISE_SCHEMA, GROUP_SCHEMA, patchOp, type ScimClient, user } from "./client.ts";

interface AttributeDocument {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly mutability: "readOnly" | "readWrite" | "immutable" | "writeOnly";
  readonly returned: "always" | "never" | "default" | "request";
  readonly uniqueness: "none" | "server" | "global";
  readonly required: boolean;
  readonly caseExact?: boolean;
  readonly subAttributes?: readonly AttributeDocument[];
}

/** An attribute of a schema as it is advertised, and where it stands in a resource. */
interface Advertised {
  readonly endpoint: string;
  readonly urn: string;
  readonly extension: boolean;
  readonly attribute: AttributeDocument;
  /** As it is named in a filter and in a PATCH. */
  readonly path: string;
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
    const padded = (size: number) => JSON.stringify(operations(1)).padEnd(size);
    expect((await scim.post("/Bulk", padded(config.bulk.maxPayloadSize))).status).toBe(200);
    expect((await scim.post("/Bulk", padded(config.bulk.maxPayloadSize + 1))).status).toBe(413);
  });

  it("is kept: sizes of pages and the life of cursors", async () => {
    const directory = await addDirectory(server);
    const { body: config } = await directory.get("/ServiceProviderConfig");
    const { defaultPageSize, maxPageSize, cursorTimeout, defaultPaginationMethod } = config.pagination;
    expect(config.filter).toEqual({ supported: true, maxResults: maxPageSize });
    await fill(directory, maxPageSize + 1);
    const sizeOf = async (query: string) => (await directory.get(`/Users?attributes=id${query}`)).body.itemsPerPage;
    expect(await sizeOf("")).toBe(defaultPageSize);
    expect(await sizeOf("&cursor")).toBe(defaultPageSize);
    expect(await sizeOf(`&count=${maxPageSize + 1}`)).toBe(maxPageSize);
    expect(await sizeOf(`&count=${maxPageSize + 1}&cursor`)).toBe(maxPageSize);
    expect(await sizeOf(`&count=${maxPageSize + 1}&filter=userName%20pr`)).toBe(config.filter.maxResults);

    expect(defaultPaginationMethod).toBe("index");
    const { body: byDefault } = await directory.get("/Users");
    expect(byDefault).toMatchObject({ startIndex: 1 });
    expect(byDefault).not.toHaveProperty("nextCursor");
    const { body: first } = await directory.get("/Users?cursor&count=1");
    const next = () => directory.get(`/Users?count=1&cursor=${first.nextCursor}`);
    server.clock.advance((cursorTimeout - 60) * 1000);
    expect((await next()).status).toBe(200);
    server.clock.advance(120 * 1000);
    expect((await next()).body).toMatchObject({ status: "400", scimType: "expiredCursor" });
  });

  /** Adds users behind the service's back, where thousands of requests would say no more. */
  async function fill({ organizationId, configurationId: scimConfigurationId }: ScimClient, count: number) {
    await server.storage.write(async (records) => {
      const times = { createdAt: 1, updatedAt: 1 };
      const insert = async (n: number) => {
        const person = { name: `N${n}`, email: "", avatarUrl: "", organizationId, ...times };
        const account = { id: newId(), ...person };
        await records.accounts.insert(account);
        const id = newId();
        await records.users.insert({
          ...person,
          id,
          accountId: account.id,
          role: "member",
          status: "active",
          suspendedByAdmin: false,
          suspendedByScim: false,
          emailVerified: false,
          loginProvider: "custom",
          originUserId: undefined,
        });
        const columns = userColumns(createResource(USER, user(`n${n}`)).resource);
        await records.scimUsers.insert({
          id,
          organizationId,
          scimConfigurationId,
          ...columns,
          version: 1,
          ...times,
        });
      };
      await Promise.all(Array.from({ length: count }, (_, n) => insert(n)));
    });
  }

  /** A value of an attribute, in which every text is this one. Without the parts that only the service writes. */
  const value = (attribute: AttributeDocument, text: string): unknown => {
    if (attribute.type === "boolean") return true;
    if (attribute.type !== "complex") return text;
    const parts = (attribute.subAttributes ?? []).filter(({ mutability }) => mutability !== "readOnly");
    const whole = Object.fromEntries(parts.map((part) => [part.name, value(part, text)]));
    return attribute.multiValued ? [whole] : whole;
  };

  /** A value that can stand in a member: the id of a user. */
  const sample = async ({ attribute }: Advertised, text: string): Promise<unknown> => {
    if (attribute.name !== "members") return value(attribute, text);
    return [{ value: (await scim.post("/Users", user(`member ${text}`))).body.id, type: "User" }];
  };

  async function advertised(): Promise<readonly Advertised[]> {
    const { body: types } = await scim.get("/ResourceTypes");
    const all: Advertised[] = [];
    for (const { endpoint, schema, schemaExtensions = [] } of types.Resources) {
      for (const urn of [schema, ...schemaExtensions.map((each: { schema: string }) => each.schema)]) {
        const { body } = await scim.get(`/Schemas/${urn}`);
        const extension = urn !== schema;
        for (const attribute of body.attributes as readonly AttributeDocument[]) {
          all.push({
            endpoint,
            urn,
            extension,
            attribute,
            path: extension ? `${urn}:${attribute.name}` : attribute.name,
          });
        }
      }
    }
    return all;
  }

  let made = 0;
  /** Only what a resource must have. */
  const bare = (endpoint: string): Record<string, unknown> =>
    endpoint === "/Users" ? user(`bare ${made++}`) : { schemas: [GROUP_SCHEMA], displayName: `Bare ${made++}` };
  const withValue = ({ endpoint, urn, extension, attribute }: Advertised, sent: unknown) => ({
    ...bare(endpoint),
    ...(extension ? { [urn]: { [attribute.name]: sent } } : { [attribute.name]: sent }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: resources of every shape
  const shown = ({ urn, extension, attribute }: Advertised, body: any) =>
    (extension ? body[urn] : body)?.[attribute.name];
  const SHOW = "?excludedAttributes=meta";

  it("names every attribute of the resources, and no other", async () => {
    const names = (await advertised()).map(({ endpoint, path }) => `${endpoint} ${path}`);
    expect(names).toHaveLength(new Set(names).size);
    expect(names).toEqual(expect.arrayContaining([`/Users ${ENTERPRISE_SCHEMA}:manager`, "/Groups members"]));
    expect(names.filter((name) => name.startsWith("/Groups"))).toEqual(["/Groups displayName", "/Groups members"]);
    const never = user("unadvertised", { password: "x", nickname2: "y" });
    const { body } = await scim.post("/Users", never);
    const known = new Set(names.map((name) => name.split(" ")[1]));
    const common = ["schemas", "id", "externalId", "meta"];
    expect(Object.keys(body).filter((key) => !known.has(key) && !common.includes(key))).toEqual([]);
  });

  it("is kept: mutability", async () => {
    for (const one of await advertised()) {
      const { endpoint, attribute, path } = one;
      const sent = await sample(one, `Mutable ${path}`);
      const created = await scim.post(endpoint, withValue(one, sent));
      expect([path, created.status]).toEqual([path, 201]);
      const readOnly = attribute.mutability === "readOnly";
      if (readOnly) expect([path, shown(one, created.body)]).toEqual([path, undefined]);
      else expect([path, shown(one, created.body)]).toMatchObject([path, sent]);
      const other = await sample(one, `Changed ${path}`);
      const url = `${endpoint}/${created.body.id}${SHOW}`;
      const patched = await scim.patch(url, patchOp({ op: "replace", path, value: other }));
      expect([path, patched.status, patched.body.scimType]).toEqual([
        path,
        ...(readOnly ? [400, "mutability"] : [200, undefined]),
      ]);
      if (!readOnly) expect([path, shown(one, patched.body)]).toMatchObject([path, other]);
      for (const part of attribute.subAttributes ?? []) await keepsMutability(one, part, url, other);
      await scim.delete(`${endpoint}/${created.body.id}`);
    }
  });

  /** Parts that the service alone writes, or that stay as they were made, are refused in a path. */
  async function keepsMutability({ attribute, path }: Advertised, part: AttributeDocument, url: string, sent: unknown) {
    if (part.mutability === "readWrite" && attribute.mutability === "readWrite") return;
    const [element] = [sent].flat() as Record<string, string>[];
    const chosen = attribute.multiValued ? `[value eq ${JSON.stringify(element?.value ?? "x")}]` : "";
    const where = `${path}${chosen}.${part.name}`;
    const answer = await scim.patch(url, patchOp({ op: "replace", path: where, value: "Another" }));
    expect([where, answer.status, answer.body?.scimType]).toEqual([where, 400, "mutability"]);
  }

  it("is kept: required", async () => {
    for (const one of await advertised()) {
      const { endpoint, attribute, path } = one;
      const { [attribute.name]: _, ...without } = bare(endpoint);
      const created = await scim.post(endpoint, attribute.required ? without : bare(endpoint));
      expect([path, created.status]).toEqual([path, attribute.required ? 400 : 201]);
      const { body } = await scim.post(endpoint, bare(endpoint));
      const url = `${endpoint}/${body.id}${SHOW}`;
      const replaced = await scim.put(url, attribute.required ? without : bare(endpoint));
      expect([path, replaced.status]).toEqual([path, attribute.required ? 400 : 200]);
      const removed = await scim.patch(url, patchOp({ op: "remove", path }));
      // Nobody is let in or out by the absence of a value.
      const refused = attribute.required || attribute.mutability === "readOnly" || attribute.name === "active";
      expect([path, removed.status, removed.body.scimType]).toEqual([
        path,
        ...(refused ? [400, "mutability"] : [200, undefined]),
      ]);
    }
  });

  it("is kept: uniqueness", async () => {
    for (const one of await advertised()) {
      const { endpoint, attribute, path } = one;
      if (attribute.mutability === "readOnly") continue;
      const sent = await sample(one, `Unique ${path}`);
      const statuses = [];
      for (let n = 0; n < 2; n++) statuses.push((await scim.post(endpoint, withValue(one, sent))).status);
      expect([path, statuses]).toEqual([path, [201, attribute.uniqueness === "none" ? 201 : 409]]);
    }
  });

  it("is kept: returned", async () => {
    for (const one of await advertised()) {
      const { endpoint, attribute, path } = one;
      expect([path, attribute.returned]).toEqual([path, "default"]);
      if (attribute.mutability === "readOnly") continue;
      const { body } = await scim.post(endpoint, withValue(one, await sample(one, `Returned ${path}`)));
      const read = async (query: string) => shown(one, (await scim.get(`${endpoint}/${body.id}?${query}`)).body);
      expect([path, await read("")]).not.toContain(undefined);
      expect([path, await read(`attributes=${path}`)]).not.toContain(undefined);
      expect([path, await read(`excludedAttributes=${path}`)]).toEqual([path, undefined]);
      expect([path, await read("attributes=id")]).toEqual([path, undefined]);
    }
  });

  it("is kept: types, and whether there are several values", async () => {
    for (const one of await advertised()) {
      const { endpoint, attribute, path } = one;
      if (attribute.mutability === "readOnly") continue;
      const { body } = await scim.post(endpoint, withValue(one, await sample(one, `Typed ${path}`)));
      expect([path, Array.isArray(shown(one, body))]).toEqual([path, attribute.multiValued]);
      // What is no member is left out, so that it does not stop the others.
      if (attribute.name === "members") continue;
      // The text is for the type boolean what the list is for a single value: no value of it.
      const wrong = attribute.type === "boolean" ? "maybe" : attribute.type === "complex" ? 7 : { a: 1 };
      const refused = await scim.post(endpoint, withValue(one, wrong));
      expect([path, refused.status, refused.body.scimType]).toEqual([path, 400, "invalidValue"]);
    }
  });

  it("is kept: caseExact, of every text in every attribute", async () => {
    for (const one of await advertised()) {
      const { endpoint, attribute, path } = one;
      if (attribute.mutability === "readOnly" || attribute.name === "members") continue;
      const text = `Value of ${attribute.name}`;
      const { body } = await scim.post(endpoint, withValue(one, value(attribute, text)));
      for (const leaf of attribute.subAttributes ?? [attribute]) {
        if (leaf.mutability === "readOnly") continue;
        const name = leaf === attribute ? path : `${path}.${leaf.name}`;
        const finds = async (filter: string) => {
          const own = encodeURIComponent(`${filter} and id eq "${body.id}"`);
          const found = await scim.get(`${endpoint}?filter=${own}`);
          return found.body.Resources?.some(({ id }: { id: string }) => id === body.id);
        };
        if (leaf.type === "boolean") {
          expect([name, await finds(`${name} eq true`)]).toEqual([name, true]);
          continue;
        }
        expect([name, await finds(`${name} eq ${JSON.stringify(text)}`)]).toEqual([name, true]);
        const upper = await finds(`${name} eq ${JSON.stringify(text.toUpperCase())}`);
        expect([name, upper]).toEqual([name, leaf.caseExact === false]);
      }
    }
  });

  it("is kept: what is said of members", async () => {
    const { body: ada } = await scim.post("/Users", user("member of all", { displayName: "Ada" }));
    const group = { ...bare("/Groups"), members: [{ value: ada.id, type: "User" }] };
    const { body } = await scim.post("/Groups", group);
    expect(body.members).toEqual([
      { value: ada.id, $ref: `${scim.baseUrl}/Users/${ada.id}`, display: "Ada", type: "User" },
    ]);
    const finds = async (filter: string) =>
      (await scim.get(`/Groups?filter=${encodeURIComponent(filter)}`)).body.Resources.map(
        ({ id }: { id: string }) => id,
      );
    expect(await finds(`members.value eq "${ada.id}"`)).toEqual([body.id]);
    expect(await finds(`members.value eq "${ada.id.toUpperCase()}"`)).toEqual([]);
    expect(await finds(`members[value eq "${ada.id}" and display eq "ADA"]`)).toEqual([body.id]);
    expect(await finds(`members[value eq "${ada.id}" and type eq "user"]`)).toEqual([body.id]);
  });

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
