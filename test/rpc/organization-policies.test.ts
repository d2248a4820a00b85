import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OrganizationPoliciesSchema } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { acceptsOnlyProvisioned } from "../../src/domain/provisioned-only.ts";
import { callJson } from "../support/call.ts";
import { startTestServer, type TestServer, type TestUser } from "../support/server.ts";
import { ENGINES } from "../support/storage.ts";

const UUID = "01890000-0000-7000-8000-00000000000a";

/** Every policy with a value of its own, as an update sends it and a read shows it. */
const EVERYTHING = {
  maximumEnvironmentTimeout: "3600s",
  membersRequireProjects: true,
  membersCreateProjects: true,
  allowedEditorIds: ["vscode", "intellij"],
  defaultEditorId: "vscode",
  allowLocalRunners: true,
  maximumRunningEnvironmentsPerUser: "9007199254740993",
  maximumEnvironmentsPerUser: "10",
  defaultEnvironmentImage: "registry.example.com/base:1",
  portSharingDisabled: true,
  deleteArchivedEnvironmentsAfter: "604800s",
  agentPolicy: {
    mcpDisabled: true,
    commandDenyList: ["rm", "curl"],
    scmToolsDisabled: true,
    scmToolsAllowedGroupId: UUID,
    conversationSharingPolicy: "CONVERSATION_SHARING_POLICY_ORGANIZATION",
    maxSubagentsPerEnvironment: 7,
    allowedAgentIds: ["one", "two"],
    allowedCodexModels: ["CODEX_OPEN_AI_MODEL_GPT_5_5"],
    allowedCodexReasoningEfforts: ["CODEX_REASONING_EFFORT_LOW", "CODEX_REASONING_EFFORT_HIGH"],
    allowedCodexServiceTiers: ["CODEX_SERVICE_TIER_FAST"],
    goalModeDisabled: true,
    codexModelPolicy: {
      modelStates: {
        CODEX_OPEN_AI_MODEL_GPT_5_5: "CODEX_MODEL_POLICY_STATE_DISABLED",
        CODEX_OPEN_AI_MODEL_GPT_5_4: "CODEX_MODEL_POLICY_STATE_ALLOWED",
      },
    },
  },
  maximumEnvironmentLifetime: "15552000s",
  requireCustomDomainAccess: true,
  editorVersionRestrictions: { vscode: { allowedVersions: ["1.99", "1.100"] }, intellij: {} },
  securityAgentPolicy: {
    crowdstrike: {
      enabled: true,
      image: "falcon:7",
      cidSecretId: UUID,
      tags: "a,b",
      additionalOptions: { apd: "true" },
    },
    customAgents: [
      {
        id: "mine",
        enabled: true,
        name: "Agent",
        description: "Watches",
        startCommand: "/opt/agent",
        envMappings: [{ name: "TOKEN", secretName: "agent-token" }],
      },
    ],
  },
  restrictAccountCreationToScim: true,
  vetoExecPolicy: { enabled: true, executables: ["/usr/bin/nc"], action: "KERNEL_CONTROLS_ACTION_BLOCK" },
  maximumEnvironmentLifetimeStrict: true,
  maxPortAdmissionLevel: "ADMISSION_LEVEL_ORGANIZATION",
  webBrowserDisabled: true,
  disableFromScratch: true,
  vetoFilePolicy: {
    enabled: true,
    paths: {
      entries: [
        {
          path: "/etc/shadow",
          surface: "VETO_FILE_SURFACE_CONTENT_READ",
          effect: "KERNEL_CONTROLS_ACTION_AUDIT",
          trackChanges: true,
        },
      ],
      defaultSurface: "VETO_FILE_SURFACE_ACCESS",
      defaultEffect: "KERNEL_CONTROLS_ACTION_BLOCK",
    },
    blockDevices: { enabled: true, action: "KERNEL_CONTROLS_ACTION_BLOCK" },
  },
  securityPolicyId: UUID,
  archiveEnvironmentsAfter: "172800s",
};

type Policies = Record<string, unknown> & { agentPolicy: Record<string, unknown> };

describe.each(ENGINES)("organization policies on %s", (engine) => {
  let server: TestServer;
  let organizationId: string;
  let admin: TestUser;

  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    organizationId = await server.createOrganization();
    admin = await server.createUser(organizationId);
  });

  const call = (method: string, request: object = {}, token = admin.token) =>
    callJson(server, method, { organizationId, ...request }, { token });

  async function read(token = admin.token): Promise<Policies> {
    const { status, body } = await call("GetOrganizationPolicies", {}, token);
    expect(status).toBe(200);
    return body.policies;
  }

  async function update(changes: object): Promise<Policies> {
    const { status, body } = await call("UpdateOrganizationPolicies", changes);
    expect(body).toEqual({});
    expect(status).toBe(200);
    return read();
  }

  async function audit() {
    const { items } = await server.storage.read.auditEntries.list(organizationId, {}, "oldest", { limit: 100 });
    return items.filter((entry) => entry.subjectType === "organization_policy");
  }

  const nothing = () => ({ organizationId, agentPolicy: {} });

  it("begin without any, for members to read too", async () => {
    const member = await server.createUser(organizationId, "member");
    expect(await read(member.token)).toEqual(nothing());
    expect((await call("UpdateOrganizationPolicies", { allowLocalRunners: true }, member.token)).status).toBe(403);
    expect(await read()).toEqual(nothing());
  });

  it("are stored and returned, every field of them", async () => {
    const fields = OrganizationPoliciesSchema.fields.map(({ jsonName }) => jsonName);
    expect(["organizationId", ...Object.keys(EVERYTHING)].sort()).toEqual(fields.sort());
    expect(await update(EVERYTHING)).toEqual({ organizationId, ...EVERYTHING });
  });

  it("change one by one, and the others stay", async () => {
    await update(EVERYTHING);
    const whole = { organizationId, ...EVERYTHING };
    expect(await update({ defaultEditorId: "zed" })).toEqual({ ...whole, defaultEditorId: "zed" });
    const { portSharingDisabled: _, ...open } = { ...whole, defaultEditorId: "zed" };
    expect(await update({ portSharingDisabled: false })).toEqual(open);
    expect(await update({ maximumEnvironmentTimeout: "0s" })).toEqual({ ...open, maximumEnvironmentTimeout: "0s" });
  });

  it("change within the rules for agents field by field", async () => {
    await update(EVERYTHING);
    const { mcpDisabled: _, ...agentPolicy } = EVERYTHING.agentPolicy;
    expect(await update({ agentPolicy: { mcpDisabled: false } })).toEqual({
      organizationId,
      ...EVERYTHING,
      agentPolicy,
    });
    const fewer = await update({ agentPolicy: { commandDenyList: ["nc"], maxSubagentsPerEnvironment: 0 } });
    const { maxSubagentsPerEnvironment: _max, ...rest } = agentPolicy;
    expect(fewer.agentPolicy).toEqual({ ...rest, commandDenyList: ["nc"] });
  });

  it("keep the models' states when they are absent, clear them when they are empty, replace them as a whole", async () => {
    await update(EVERYTHING);
    expect((await update({ agentPolicy: {} })).agentPolicy).toEqual(EVERYTHING.agentPolicy);
    const modelStates = { CODEX_OPEN_AI_MODEL_GPT_5_2: "CODEX_MODEL_POLICY_STATE_DISABLED" };
    const replaced = await update({ agentPolicy: { codexModelPolicy: { modelStates } } });
    expect(replaced.agentPolicy.codexModelPolicy).toEqual({ modelStates });
    expect((await update({ agentPolicy: { codexModelPolicy: {} } })).agentPolicy.codexModelPolicy).toBeUndefined();
  });

  it("change within the CrowdStrike sensor field by field", async () => {
    await update(EVERYTHING);
    const { crowdstrike, customAgents } = EVERYTHING.securityAgentPolicy;
    const after = await update({ securityAgentPolicy: { crowdstrike: { image: "falcon:8" } } });
    expect(after.securityAgentPolicy).toEqual({ crowdstrike: { ...crowdstrike, image: "falcon:8" }, customAgents });
  });

  it("replace custom agents as a whole, and give new ones an id", async () => {
    await update(EVERYTHING);
    const customAgents = [{ id: "mine", name: "Renamed" }, { name: "New" }, { name: "Newer" }];
    const after = await update({ securityAgentPolicy: { customAgents } });
    const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    const { customAgents: stored } = after.securityAgentPolicy as { customAgents: { id: string }[] };
    expect(stored).toEqual([
      { id: "mine", name: "Renamed" },
      { id: uuid, name: "New" },
      { id: uuid, name: "Newer" },
    ]);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(3);
    expect(await read()).toEqual(after);
  });

  it("refuse two custom agents with one id", async () => {
    const customAgents = [
      { id: "mine", name: "A" },
      { id: "mine", name: "B" },
    ];
    const { status, body } = await call("UpdateOrganizationPolicies", { securityAgentPolicy: { customAgents } });
    expect([status, body.code]).toEqual([400, "invalid_argument"]);
    expect(body.message).toContain("custom_agents[1].id");
    expect(await read()).toEqual(nothing());
  });

  it("leave lists and maps alone that are empty, and empty those that hold nothing", async () => {
    await update(EVERYTHING);
    const whole = { organizationId, ...EVERYTHING };
    const empty = {
      allowedEditorIds: [],
      editorVersionRestrictions: {},
      agentPolicy: { commandDenyList: [], allowedCodexModels: [] },
      securityAgentPolicy: { crowdstrike: { additionalOptions: {} }, customAgents: [] },
    };
    expect(await update(empty)).toEqual(whole);

    const after = await update({
      allowedEditorIds: [""],
      editorVersionRestrictions: { "": {} },
      agentPolicy: { commandDenyList: [""], allowedCodexModels: ["CODEX_OPEN_AI_MODEL_UNSPECIFIED"] },
      securityAgentPolicy: { crowdstrike: { additionalOptions: { "": "" } }, customAgents: [{}] },
    });
    expect(after.allowedEditorIds).toBeUndefined();
    expect(after.editorVersionRestrictions).toBeUndefined();
    expect(after.agentPolicy.commandDenyList).toBeUndefined();
    expect(after.agentPolicy.allowedCodexModels).toBeUndefined();
    const { additionalOptions: _, ...crowdstrike } = EVERYTHING.securityAgentPolicy.crowdstrike;
    expect(after.securityAgentPolicy).toEqual({ crowdstrike });
  });

  it("do not keep a safelist, which is for reading", async () => {
    const policy = { enabled: true, executables: ["nc"], safelist: ["bash"] };
    expect((await update({ vetoExecPolicy: policy })).vetoExecPolicy).toEqual({ enabled: true, executables: ["nc"] });
  });

  it("can be unset where the contract has a value for it", async () => {
    await update(EVERYTHING);
    const after = await update({
      securityPolicyId: "",
      maxPortAdmissionLevel: "ADMISSION_LEVEL_UNSPECIFIED",
      maximumEnvironmentsPerUser: "0",
      vetoFilePolicy: {},
    });
    expect(after.securityPolicyId).toBeUndefined();
    expect(after.maxPortAdmissionLevel).toBeUndefined();
    expect(after.maximumEnvironmentsPerUser).toBeUndefined();
    expect(after.vetoFilePolicy).toEqual({});
  });

  it("write down which ones changed, and nothing when none did", async () => {
    await update({ allowLocalRunners: true, agentPolicy: { mcpDisabled: true } });
    await update({ allowLocalRunners: true, agentPolicy: { mcpDisabled: true } });
    await update({});
    await update({ allowLocalRunners: false, membersCreateProjects: false });
    expect((await audit()).map(({ action, before, after }) => ({ action, before, after }))).toEqual([
      {
        action: "organization_policy.update",
        before: { allowLocalRunners: null, agentPolicy: null },
        after: { allowLocalRunners: true, agentPolicy: { mcpDisabled: true } },
      },
      {
        action: "organization_policy.update",
        before: { allowLocalRunners: true },
        after: { allowLocalRunners: null },
      },
    ]);
  });

  it.each([
    ["a timeout below half an hour", { maximumEnvironmentTimeout: "1799s" }],
    ["a deletion after more than 28 days", { deleteArchivedEnvironmentsAfter: "2419201s" }],
    ["a lifetime over 180 days", { maximumEnvironmentLifetime: "15552001s" }],
    ["archiving after half a day", { archiveEnvironmentsAfter: "129600s" }],
    ["archiving at once", { archiveEnvironmentsAfter: "0s" }],
    ["more than ten subagents", { agentPolicy: { maxSubagentsPerEnvironment: 11 } }],
    ["a security policy that is no UUID", { securityPolicyId: "x" }],
    ["a secret that is no UUID", { securityAgentPolicy: { crowdstrike: { cidSecretId: "x" } } }],
    ["an undefined admission level", { maxPortAdmissionLevel: 99 }],
    ["an undefined model", { agentPolicy: { allowedCodexModels: [1, 99] } }],
    ["an undefined state", { agentPolicy: { codexModelPolicy: { modelStates: { X: 99 } } } }],
    ["an undefined effect", { vetoFilePolicy: { paths: { entries: [{ path: "/", effect: 99 }] } } }],
    ["an unknown field", { projectCreationDefaults: {} }],
  ])("refuse %s", async (_title, changes) => {
    const { status, body } = await call("UpdateOrganizationPolicies", { allowLocalRunners: true, ...changes });
    expect([status, body.code]).toEqual([400, "invalid_argument"]);
    expect(body.details).toHaveLength(2);
    expect(await read()).toEqual(nothing());
  });

  it("name the field of an undefined value", async () => {
    const changes = { vetoFilePolicy: { paths: { entries: [{ path: "/" }, { path: "/", effect: 99 }] } } };
    const { body } = await call("UpdateOrganizationPolicies", changes);
    expect(body.message).toMatch(/^veto_file_policy\.paths\.entries\[1\]\.effect: /);
  });

  it("lose nothing of updates at once", async () => {
    const replica = await server.replica();
    const changes = [
      { allowLocalRunners: true },
      { membersRequireProjects: true },
      { agentPolicy: { mcpDisabled: true } },
      { agentPolicy: { goalModeDisabled: true } },
      { securityAgentPolicy: { crowdstrike: { enabled: true } } },
      { securityAgentPolicy: { crowdstrike: { tags: "a" } } },
    ];
    const work = changes.map((change, i) =>
      callJson(
        i % 2 ? server : replica,
        "UpdateOrganizationPolicies",
        { organizationId, ...change },
        { token: admin.token },
      ),
    );
    for (const { status } of await Promise.all(work)) expect(status).toBe(200);
    expect(await read()).toEqual({
      organizationId,
      allowLocalRunners: true,
      membersRequireProjects: true,
      agentPolicy: { mcpDisabled: true, goalModeDisabled: true },
      securityAgentPolicy: { crowdstrike: { enabled: true, tags: "a" } },
    });
  });

  describe("restriction to provisioned people", () => {
    const isRestricted = () => acceptsOnlyProvisioned(server.storage.read, organizationId);

    async function scimConfiguration() {
      const sso = await call("CreateSSOConfiguration", {
        clientId: "client",
        clientSecret: "secret",
        issuerUrl: "https://accounts.example.com",
      });
      const ssoConfigurationId = sso.body.ssoConfiguration.id;
      return (await call("CreateSCIMConfiguration", { ssoConfigurationId })).body.scimConfiguration.id;
    }

    it("means nothing without an enabled SCIM configuration", async () => {
      await update({ restrictAccountCreationToScim: true });
      expect(await isRestricted()).toBe(false);
      const scimConfigurationId = await scimConfiguration();
      expect(await isRestricted()).toBe(true);
      await call("UpdateSCIMConfiguration", { scimConfigurationId, organizationId: undefined, enabled: false });
      expect(await isRestricted()).toBe(false);
    });

    it("is off unless the policy says so", async () => {
      await scimConfiguration();
      expect(await isRestricted()).toBe(false);
      await update({ restrictAccountCreationToScim: true });
      expect(await isRestricted()).toBe(true);
      await update({ restrictAccountCreationToScim: false });
      expect(await isRestricted()).toBe(false);
    });
  });
});
