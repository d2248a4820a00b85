/** The reference has everything of the schema, and nothing else. */
import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { describe, expect, it, test } from "vitest";
import { ErrorDetailSchema, ReasonSchema } from "../../gen/organization/errors/v1/errors_pb.ts";
import { LANGUAGES } from "../../src/docs/examples/examples.ts";
import { EXAMPLES, VARIABLES, variablesIn } from "../../src/docs/examples/scenario.ts";
import { placeOf } from "../../src/docs/places.ts";
import { referenceFiles } from "../../src/docs/reference.ts";
import { declarationOf, FILES, METHODS, SERVICES } from "../../src/docs/schema.ts";
import { REASONS } from "../../src/lib/errors.ts";
import { SERVICES as SERVED } from "../../src/rpc/routes.ts";
import { loadSchema, messagesOf } from "../contract/schema.ts";

const files = await loadSchema();
const messages = files.flatMap(messagesOf);
const enums = [...files.flatMap((file) => file.enums), ...messages.flatMap((message) => message.nestedEnums)];
const methods = files.flatMap((file) => file.services.flatMap((service) => service.methods));
const isMapEntry = (message: DescMessage) => message.proto.options?.mapEntry === true;

const pages = new Map(
  [...referenceFiles("http://localhost:8080")]
    .filter(([name]) => name.endsWith(".html"))
    .map(([name, make]) => [name, make()] as const),
);
const ids = new Map([...pages].map(([name, text]) => [name, idsOf(text)] as const));

function idsOf(text: string): string[] {
  return Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id = ""]) => id);
}

/** Whether an element is at a place, such as `groups.html#CreateGroup`. */
function isShown(place: string | undefined): boolean {
  const [page = "", id = ""] = place?.split("#") ?? [];
  return ids.get(page)?.includes(id) === true;
}

function valuesOf(desc: DescEnum) {
  return desc.values;
}

describe("the reference", () => {
  it("is about the schema that is served", () => {
    expect(FILES.map((file) => file.name)).toEqual(files.map((file) => file.name).sort());
    expect(SERVICES.map((service) => service.typeName).sort()).toEqual(SERVED.map((each) => each.typeName).sort());
  });

  it.each([
    ["service", files.flatMap((file) => file.services)],
    ["method", methods],
    ["message", messages.filter((message) => !isMapEntry(message))],
    ["field", messages.filter((message) => !isMapEntry(message)).flatMap((message) => message.fields)],
    ["oneof", messages.flatMap((message) => message.oneofs)],
    ["enum", enums],
    ["enum value", enums.flatMap(valuesOf)],
    ["option", files.flatMap((file) => file.extensions)],
  ] as const)("shows every %s", (_kind, elements) => {
    expect(elements.length).toBeGreaterThan(0);
    expect(elements.filter((element) => !isShown(placeOf(element))).map(String)).toEqual([]);
  });

  it("shows nothing that the schema does not have", () => {
    const known = new Set(
      [...files.flatMap((file) => [...file.services, ...file.extensions]), ...messages, ...enums].flatMap((desc) => [
        desc.typeName,
        ...("fields" in desc ? [...desc.fields, ...desc.oneofs].map(({ name }) => `${desc.typeName}.${name}`) : []),
        ...("values" in desc ? desc.values.map(({ name }) => `${desc.typeName}.${name}`) : []),
      ]),
    );
    const qualified = [...ids.values()].flat().filter((id) => /^(gitpod|organization)\./.test(id));
    expect(qualified.filter((id) => !known.has(id))).toEqual([]);
  });

  it("shows everything once", () => {
    for (const [name, all] of ids)
      expect({ name, twice: all.filter((id, at) => all.indexOf(id) !== at) }).toEqual({ name, twice: [] });
  });

  it("leads nowhere that is not there", () => {
    const broken: string[] = [];
    for (const [name, text] of pages) {
      for (const [, url = ""] of text.matchAll(/ href="([^"]+)"/g)) {
        const [page = "", id] = url.split("#");
        const target = page === "" ? name : page;
        const exists = pages.has(target) || ["reference.css", "openapi.json"].includes(target);
        if (!exists || (id !== undefined && ids.get(target)?.includes(id) !== true)) broken.push(`${name}: ${url}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("explains every reason under its code", () => {
    const text = pages.get("errors.html") ?? "";
    expect(ReasonSchema.values.slice(1).map(({ name }) => name)).toEqual(
      Object.keys(REASONS).map((reason) => `REASON_${reason.toUpperCase()}`),
    );
    for (const [reason, code] of Object.entries(REASONS)) {
      const section = text.split(`<h3><code>${code}</code></h3>`)[1]?.split("<h3>")[0];
      expect(section).toContain(`id="${ReasonSchema.typeName}.REASON_${reason.toUpperCase()}"`);
    }
    expect(isShown(placeOf(ErrorDetailSchema))).toBe(true);
  });
});

describe("the section of a method", () => {
  it.each(METHODS.map((method) => [method.name, method] as const))("%s says what its options say", (_name, method) => {
    const [page = "", id = ""] = placeOf(method)?.split("#") ?? [];
    const section = pages.get(page)?.split(`<section class="method" id="${id}">`)[1]?.split("</section>")[0] ?? "";
    const { caller, access, audit } = declarationOf(method);
    expect(section).toContain(`<b>${caller}</b>, ${access}.`);
    expect(section).toContain(audit === "" ? "Leaves no entry." : `Leaves an entry <code>${audit}</code>.`);
    for (const language of LANGUAGES) expect(section).toContain(`<pre class="${language}"`);
  });
});

test("every variable of an example is given by an earlier one, or explained", () => {
  const given = new Set(Object.keys(VARIABLES));
  for (const { method, request, gives = {} } of EXAMPLES) {
    expect({ method, unknown: variablesIn(request).filter((name) => !given.has(name)) }).toEqual({
      method,
      unknown: [],
    });
    for (const name of Object.keys(gives)) given.add(name);
  }
});
