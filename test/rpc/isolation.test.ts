import {
  type DescField,
  type DescMessage,
  type DescMethod,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERVICES } from "../../src/rpc/routes.ts";
import { callJson, type JsonAnswer } from "../support/call.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

/** They take callers away for good, and then there is nothing more to see; their own tests cover them. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "DeleteOrganization",
  "LeaveOrganization",
  "DeleteUser",
  "SetSuspended",
  "DeletePersonalAccessToken",
  "RevokeUserSessions",
]);

const METHODS = SERVICES.flatMap((service) => service.methods).filter(
  ({ methodKind, name }) => methodKind === "unary" && !LEFT_OUT.has(name),
);

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const UNKNOWN_ID = "01890000-0000-7000-8000-000000000000";

/** An organization with people who call. */
interface Tenant {
  readonly organizationId: string;
  /** Stands in every text that its people send. */
  readonly mark: string;
  readonly tokens: readonly string[];
  /** Ids that its people were told, or that are themselves. */
  readonly known: Set<string>;
}

/** A source of choices that fast-check can repeat. */
type Choose = (below: number) => number;

describe.each(ENGINES)("three organizations on %s", (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  async function createTenant(mark: string): Promise<Tenant> {
    const organizationId = await server.createOrganization(`${mark} organization`);
    const admin = await server.createUser(organizationId, "admin", `admin@${mark}.example`);
    const member = await server.createUser(organizationId, "member", `member@${mark}.example`);
    const readOnly = await server.createToken(admin, { readOnly: true });
    const known = new Set([organizationId, ...[admin, member].flatMap((u) => [u.userId, u.accountId, u.tokenId])]);
    const tenant = { organizationId, mark, tokens: [admin.token, member.token, readOnly], known };
    await seed(tenant);
    return tenant;
  }

  /** Something of every noun, so that there is something to leak from the first call on. */
  async function seed(tenant: Tenant): Promise<void> {
    const { organizationId, mark, tokens } = tenant;
    const call = async (method: string, request: JsonObject, service?: string) => {
      const answer = await callJson(server, method, request, { token: tokens[0], ...(service && { service }) });
      expect(answer.status).toBe(200);
      for (const id of idsOf(answer)) tenant.known.add(id);
      return answer.body;
    };
    const { ssoConfiguration } = await call("CreateSSOConfiguration", {
      organizationId,
      clientId: mark,
      clientSecret: `${mark} secret`,
      issuerUrl: `https://${mark}.example`,
      displayName: mark,
    });
    await call("CreateSCIMConfiguration", { organizationId, ssoConfigurationId: ssoConfiguration.id, name: mark });
    await call("CreateDomainVerification", { organizationId, domain: `${mark}.example` });
    await call("CreateGroup", { organizationId, name: mark, description: mark }, "gitpod.v1.GroupService");
    await call("UpdateAnnouncementBanner", { organizationId, message: mark, enabled: true });
    await call("CreateCustomDomain", {
      organizationId,
      domainName: `custom.${mark}.example`,
      provider: "CUSTOM_DOMAIN_PROVIDER_AWS",
    });
  }

  it("never see anything of each other", { timeout: 240_000 }, async () => {
    let round = 0;
    let good = 0;
    let reaching = 0;
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (stream) => {
        const choose: Choose = (below) => (stream.next().value as number) % below;
        round++;
        const tenants: Tenant[] = [];
        for (const name of ["red", "green", "blue"]) tenants.push(await createTenant(`${name}mark${round}`));
        for (let step = 0; step < 60; step++) {
          const tenant = tenants[choose(tenants.length)] as Tenant;
          const method = METHODS[choose(METHODS.length)] as DescMethod;
          const request = randomMessage(method.input, choose, tenant, tenants);
          const token = tenant.tokens[choose(tenant.tokens.length)];
          const answer = await callJson(server, method.name, request, { token, service: method.parent.typeName });
          if (answer.status === 200) good++;
          const sent = JSON.stringify(request);
          if (tenants.some((each) => each !== tenant && [...each.known].some((id) => sent.includes(id)))) reaching++;
          expectOwn(answer, request, tenant, tenants, `${method.name} ${JSON.stringify(request)}`);
        }
      }),
      { numRuns: 6 },
    );
    // The walk is worth something only when calls get through and others reach for what is not theirs.
    expect(good).toBeGreaterThan(50);
    expect(reaching).toBeGreaterThan(50);
  });
});

/** The answer holds nothing of another tenant; what is new in a good one belongs to the caller's from now on. */
function expectOwn(answer: JsonAnswer, request: JsonObject, tenant: Tenant, tenants: readonly Tenant[], call: string) {
  const text = JSON.stringify([answer.body, [...answer.headers]]);
  const others = tenants.filter((each) => each !== tenant);
  expect(answer.status, call).toBeLessThan(500 + Number(answer.body?.code === "unimplemented") * 2);
  expect(
    others.filter((other) => text.includes(other.mark)).map((other) => other.mark),
    `${call} → ${text}`,
  ).toEqual([]);
  const sent = new Set(JSON.stringify(request).match(UUID));
  const told = idsOf(answer).filter((id) => !tenant.known.has(id));
  const leaked = told.filter((id) => others.some((other) => other.known.has(id)));
  expect(
    // Nobody learns an id from its own request being repeated, but a good answer about it would tell that it exists.
    leaked.filter((id) => answer.status === 200 || !sent.has(id)),
    `${call} → ${text}`,
  ).toEqual([]);
  if (answer.status === 200) for (const id of told) tenant.known.add(id);
}

function idsOf({ body }: JsonAnswer): string[] {
  return [...new Set(JSON.stringify(body ?? {}).match(UUID) ?? [])];
}

/** Ids of what is kept here. Others, such as `cloud_account_id`, are texts that are stored and repeated as they came. */
const RESOURCE_ID =
  /^(id|invite_id|(organization|user|(sso|scim)_configuration|domain_verification|group|membership|session|version|personal_access_token|audit_log_entry|resource|actor|subject|creator|exclude_group|test_sign_in|scim_request|scim_hold)_ids?)$/;

/** Invites are secrets that anybody may use who holds them: they are not drawn from other organizations. */
const OWN_ONLY = /invite/;

function randomMessage(
  desc: DescMessage,
  choose: Choose,
  tenant: Tenant,
  tenants: readonly Tenant[],
  depth = 0,
): JsonObject {
  const message: JsonObject = {};
  const chosen = new Map<string, DescField>();
  for (const oneof of desc.oneofs) {
    const field = oneof.fields[choose(oneof.fields.length)];
    if (field) chosen.set(oneof.name, field);
  }
  for (const field of desc.fields) {
    if (field.oneof && chosen.get(field.oneof.name) !== field) continue;
    // Ids nearly always, since without them most calls stop at the first rule; other fields now and then.
    if (choose(10) >= (/_ids?$|^subject$|^name$|^domain/.test(field.name) ? 9 : 4)) continue;
    const one = () => randomValue(field, choose, tenant, tenants, depth);
    if (field.fieldKind === "list") message[field.jsonName] = [one()];
    else if (field.fieldKind === "map") message[field.jsonName] = { [tenant.mark]: one() };
    else message[field.jsonName] = one();
  }
  return message;
}

function randomValue(
  field: DescField,
  choose: Choose,
  tenant: Tenant,
  tenants: readonly Tenant[],
  depth: number,
): JsonValue {
  const { message, enum: enumeration } = field;
  if (enumeration) return enumeration.values[choose(enumeration.values.length)]?.name ?? 0;
  if (message?.typeName === "google.protobuf.Duration") return "86400s";
  if (message?.typeName === "google.protobuf.Timestamp") return "2026-01-01T00:00:00Z";
  if (message?.typeName === "google.protobuf.Struct") return { mark: tenant.mark };
  if (message) return depth > 2 ? {} : randomMessage(message, choose, tenant, tenants, depth + 1);
  if (field.scalar === ScalarType.BOOL) return choose(2) === 1;
  if (field.scalar !== ScalarType.STRING) return choose(3);
  if (RESOURCE_ID.test(field.name)) return randomId(field, choose, tenant, tenants);
  if (/email/.test(field.name)) return `someone@${tenant.mark}.example`;
  if (/domain/.test(field.name)) return `d${choose(5)}.${tenant.mark}.example`;
  if (/url|return_to/.test(field.name)) return `https://${tenant.mark}.example`;
  if (field.name === "token") return "";
  return `${tenant.mark} ${choose(5)}`;
}

function randomId(field: DescField, choose: Choose, tenant: Tenant, tenants: readonly Tenant[]): string {
  const from = OWN_ONLY.test(field.name) ? tenant : (tenants[choose(tenants.length)] as Tenant);
  if (field.name === "organization_id") return choose(3) === 0 ? from.organizationId : tenant.organizationId;
  const ids = [...from.known, UNKNOWN_ID];
  return ids[choose(ids.length)] as string;
}
