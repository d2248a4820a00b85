import { invalidField, notFound } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import { type Context, requireOrganization } from "./principals.ts";

/** A JSON value, as policies are made of. */
export type PolicyValue = string | number | boolean | null | readonly PolicyValue[] | PolicyObject;
/** Part of the policies. */
export interface PolicyObject {
  readonly [name: string]: PolicyValue;
}

/**
 * The policies of an organization in the JSON form of `gitpod.v1.OrganizationPolicies`, without `organizationId`: durations
 * are texts such as `"1800s"`, 64-bit numbers are texts, enum values are names. What has no value of its own (false, an
 * empty text or list, zero, an unspecified enum) is left out, and an organization begins with nothing at all: no
 * restriction, no limit, no list, and no permission that has to be given.
 */
export type OrganizationPolicies = PolicyObject;

/** Parts that an update changes field by field; every other part is replaced as a whole. */
const SECTIONS: ReadonlySet<string> = new Set([
  "agentPolicy",
  "securityAgentPolicy",
  "securityAgentPolicy.crowdstrike",
]);

/** Maps, of which an update replaces all entries. */
const MAPS: ReadonlySet<string> = new Set([
  "editorVersionRestrictions",
  "securityAgentPolicy.crowdstrike.additionalOptions",
]);

/** 64-bit numbers, which JSON has as texts. */
const NUMBERS: ReadonlySet<string> = new Set(["maximumRunningEnvironmentsPerUser", "maximumEnvironmentsPerUser"]);

const CUSTOM_AGENTS = "securityAgentPolicy.customAgents";

/** The policies of organizations. There is always one set of them. */
export function createOrganizationPolicies(environment: Environment) {
  const { storage } = environment;
  return {
    /** @throws ServiceError `not_found` (organization). */
    async get(context: Context, organization: string): Promise<OrganizationPolicies> {
      const organizationId = requireOrganization(context.caller, organization);
      const found = await storage.read.organizationPolicies.get(organizationId);
      if (!found && !(await storage.read.organizations.get(organizationId))) throw notFound("organization");
      return (found?.document ?? {}) as OrganizationPolicies;
    },

    /**
     * Applies what is present, by these rules. A value replaces the one before. Of the rules for agents, the security
     * agents and the CrowdStrike sensor, only the fields that are present change. Lists and maps are absent when they are
     * empty, since nobody can tell the two apart on the wire: they stay. Elements that say nothing (an empty text, an
     * unspecified enum value, an agent without any field, a map's empty key) are dropped, so that a list or map of nothing
     * else empties it. An empty `codexModelPolicy` clears it. Custom agents without an id get one. `safelist` is not kept.
     * What changes nothing leaves no audit entry.
     * @throws ServiceError `not_found` (organization), `request_invalid` (two custom agents with one id).
     */
    async update(context: Context, organization: string, changes: PolicyObject): Promise<OrganizationPolicies> {
      const organizationId = requireOrganization(context.caller, organization);
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        const before = ((await records.organizationPolicies.get(organizationId))?.document ??
          {}) as OrganizationPolicies;
        const after = merge(before, changes, "");
        if (canonical(after) === canonical(before)) return before;
        await records.organizationPolicies.put({ organizationId, document: after });
        await recordChange(environment, records, context, {
          organizationId,
          subjectType: "organization_policy",
          subjectId: organizationId,
          operation: "update",
          ...difference(before, after),
        });
        return after;
      });
    },
  };
}

export type OrganizationPolicyRules = ReturnType<typeof createOrganizationPolicies>;

function merge(before: PolicyObject, changes: PolicyObject, at: string): PolicyObject {
  const after: Record<string, PolicyValue> = { ...before };
  for (const [name, change] of Object.entries(changes)) {
    const path = at === "" ? name : `${at}.${name}`;
    const value = mergeValue(before[name], change, path);
    if (value === undefined) delete after[name];
    else after[name] = value;
  }
  return after;
}

/** The new value, or undefined when nothing is left of it. */
function mergeValue(before: PolicyValue | undefined, change: PolicyValue, path: string): PolicyValue | undefined {
  if (Array.isArray(change)) {
    const kept = change.filter((element) => !isNothing(element));
    if (kept.length === 0) return undefined;
    return path === CUSTOM_AGENTS ? identified(kept as readonly PolicyObject[]) : kept;
  }
  if (!isObject(change)) return isNothing(change) || (NUMBERS.has(path) && change === "0") ? undefined : change;
  if (SECTIONS.has(path)) return merge(isObject(before) ? before : {}, change, path);
  if (MAPS.has(path)) return nonEmpty(without(change, ""));
  if (path === "agentPolicy.codexModelPolicy") return nonEmpty(change);
  if (path === "vetoExecPolicy") return without(change, "safelist");
  return change;
}

/** Custom agents with an id each. @throws ServiceError `request_invalid` when two have the same. */
function identified(agents: readonly PolicyObject[]): readonly PolicyObject[] {
  const ids = new Set<PolicyValue>();
  return agents.map((agent, index) => {
    const id = agent.id ?? newId();
    if (ids.has(id)) {
      throw invalidField(
        `security_agent_policy.custom_agents[${index}].id`,
        "repeated.unique",
        `names ${id} again: give every agent an id of its own, or none for a new one`,
      );
    }
    ids.add(id);
    return { id, ...agent };
  });
}

/** Whether a value is what its field has when nobody sets it (durations are set or not, so zero is a value there). */
function isNothing(value: PolicyValue): boolean {
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === false || value === "" || value === 0 || /^[A-Z0-9_]+_UNSPECIFIED$/.test(String(value));
}

function isObject(value: PolicyValue | undefined): value is PolicyObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function without(object: PolicyObject, key: string): PolicyObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function nonEmpty(object: PolicyObject): PolicyObject | undefined {
  return Object.keys(object).length === 0 ? undefined : object;
}

/** A text that is equal for equal documents, in whatever order their keys came. */
function canonical(value: PolicyValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

/** The policies that differ, as they were and as they are. */
function difference(before: PolicyObject, after: PolicyObject) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => canonical(before[name]) !== canonical(after[name]),
  );
  const pick = (from: PolicyObject) => Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}
