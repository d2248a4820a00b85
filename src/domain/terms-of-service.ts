import { notFound, ServiceError } from "../lib/errors.ts";
import { newId } from "../lib/ids.ts";
import type {
  MemberOrder,
  Page,
  PageRequest,
  Records,
  TermsAcceptanceRecord,
  TermsVersionRecord,
} from "../storage/storage.ts";
import { recordChange } from "./audit.ts";
import type { Environment } from "./environment.ts";
import {
  type Context,
  credentialMissing,
  type OperatorCaller,
  type Principals,
  requireOrganization,
  requirePerson,
  type UserCaller,
} from "./principals.ts";
import type { User } from "./users.ts";

export type TermsVersion = TermsVersionRecord;
export type TermsAcceptance = TermsAcceptanceRecord;

/** The terms of an organization, as one caller sees them. */
export interface TermsOfService {
  readonly organizationId: string;
  readonly enabled: boolean;
  readonly currentVersion: TermsVersion | undefined;
  /** The caller's acceptance of the current version. */
  readonly currentUserAcceptance: TermsAcceptance | undefined;
}

/** What an update changes: undefined leaves it. */
export interface TermsChanges {
  /** A text that differs from the current one is published as a new version. */
  readonly markdown?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** A member, and whether they have accepted the version in question. */
export interface MemberAcceptance {
  readonly member: User;
  readonly accepted: boolean;
  /** The newest version that the member has accepted, whichever that is. */
  readonly newest: TermsAcceptance | undefined;
}

/** Which members a list of acceptances keeps. */
export interface AcceptanceFilter {
  /** Undefined keeps both. */
  readonly accepted?: boolean | undefined;
  readonly search?: string | undefined;
}

/** A list of acceptances to be downloaded by whoever holds its ticket. */
export interface AcceptanceExport extends AcceptanceFilter {
  readonly organizationId: string;
  readonly version: number;
  /** Who asked for it. */
  readonly caller: UserCaller | OperatorCaller;
  readonly expiresAt: number;
}

/** How long the link of an export works, in milliseconds. */
const EXPORT_MS = 5 * 60_000;
const EXPORT_PURPOSE = "terms_of_service/acceptances_export";
const EXPORT_PAGE = 100;
/** Where the server answers an export. */
export const EXPORT_PATH = "/downloads/terms-of-service-acceptances.csv";
const BY_NAME: MemberOrder = { by: "name", descending: false };

/** Terms of service: a text in versions that never change, and who has accepted which. */
export function createTermsOfService(environment: Environment, principals: Pick<Principals, "recheck">) {
  const { storage, clock, keyring, settings } = environment;

  async function seenBy(records: Records, { caller }: Context, organizationId: string): Promise<TermsOfService> {
    const terms = await records.termsOfService.get(organizationId);
    const currentVersion = await records.termsOfService.currentVersion(organizationId);
    const currentUserAcceptance =
      currentVersion && caller.kind === "user"
        ? await records.termsOfService.getAcceptance(caller.userId, currentVersion.version)
        : undefined;
    return { organizationId, enabled: terms?.enabled ?? false, currentVersion, currentUserAcceptance };
  }

  async function requireVersion(organizationId: string, version: number): Promise<TermsVersion> {
    const found = await storage.read.termsOfService.getVersion(organizationId, version);
    if (found) return found;
    const exists = await storage.read.organizations.get(organizationId);
    throw notFound(exists ? "version of the terms of service" : "organization");
  }

  async function pageOf(
    { organizationId, id: versionId, version }: TermsVersion,
    { accepted, search }: AcceptanceFilter,
    page: PageRequest,
  ): Promise<Page<MemberAcceptance>> {
    const terms = accepted === undefined ? undefined : { versionId, accepted };
    const filter = { search, terms, statuses: ["active", "suspended"] as const };
    const members = await storage.read.users.list(organizationId, filter, BY_NAME, page);
    return { items: await withAcceptances(members.items, version), next: members.next };
  }

  async function stillMay(caller: UserCaller | OperatorCaller): Promise<boolean> {
    const now = await principals.recheck(caller).catch((error: unknown) => {
      if (error instanceof ServiceError) return undefined;
      throw error;
    });
    return now?.kind === "operator" || now?.role === "admin";
  }

  async function withAcceptances(members: readonly User[], version: number): Promise<MemberAcceptance[]> {
    const newest = await storage.read.termsOfService.newestAcceptances(members.map((member) => member.id));
    const byUser = new Map(newest.map((acceptance) => [acceptance.userId, acceptance]));
    return Promise.all(
      members.map(async (member) => {
        const acceptance = byUser.get(member.id);
        return { member, newest: acceptance, accepted: await hasAccepted(acceptance, version) };
      }),
    );
  }

  /** A newer acceptance says nothing about an older version: each counts for the exact text that it names. */
  async function hasAccepted(newest: TermsAcceptance | undefined, version: number): Promise<boolean> {
    if (!newest || newest.version < version) return false;
    if (newest.version === version) return true;
    return (await storage.read.termsOfService.getAcceptance(newest.userId, version)) !== undefined;
  }

  return {
    /** @throws ServiceError `not_found` (organization). */
    async get(context: Context, organization: string): Promise<TermsOfService> {
      const organizationId = requireOrganization(context.caller, organization);
      if (!(await storage.read.organizations.get(organizationId))) throw notFound("organization");
      return seenBy(storage.read, context, organizationId);
    },

    /**
     * Publishes a changed text, turns the terms on or off, or both. What changes nothing leaves no audit entry.
     * @throws ServiceError `not_found` (organization), `person_required` (the operator publishes no text),
     *   `policy_violation` (terms without a text cannot be turned on).
     */
    async update(context: Context, organization: string, changes: TermsChanges): Promise<TermsOfService> {
      const organizationId = requireOrganization(context.caller, organization);
      return storage.write(async (records) => {
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        const before = await seenBy(records, context, organizationId);
        const markdown = changes.markdown ?? before.currentVersion?.markdown ?? "";
        const enabled = changes.enabled ?? before.enabled;
        const publishes = markdown !== (before.currentVersion?.markdown ?? "");
        if (!publishes && enabled === before.enabled) return before;
        if (enabled && markdown === "") {
          throw new ServiceError("policy_violation", "terms without a text cannot be turned on: give markdown too", {
            metadata: { policy: "terms_of_service" },
          });
        }
        if (publishes) {
          await records.termsOfService.insertVersion({
            id: newId(),
            organizationId,
            version: (before.currentVersion?.version ?? 0) + 1,
            markdown,
            createdByUserId: requirePerson(context.caller).userId,
            createdAt: clock.now(),
          });
        }
        await records.termsOfService.put({ organizationId, enabled });
        const after = await seenBy(records, context, organizationId);
        await recordChange(environment, records, context, {
          organizationId,
          subjectType: "organization",
          subjectId: organizationId,
          operation: "update",
          before: view(before),
          after: view(after),
        });
        return after;
      });
    },

    /**
     * Records that the caller accepts the current version. The first acceptance counts.
     * @throws ServiceError `person_required`, `not_found` (organization, version), `terms_version_outdated`.
     */
    async accept(context: Context, organization: string, versionId: string): Promise<TermsAcceptance> {
      const { userId } = requirePerson(context.caller);
      const organizationId = requireOrganization(context.caller, organization);
      return storage.write(async (records) => {
        // Nobody publishes a newer version before this acceptance is committed, nor accepts twice at once.
        if (!(await records.organizations.lock(organizationId))) throw notFound("organization");
        const current = await records.termsOfService.currentVersion(organizationId);
        if (!current) throw notFound("version of the terms of service");
        if (current.id !== versionId) {
          throw new ServiceError(
            "terms_version_outdated",
            `only the current version can be accepted: read the terms again (it is version ${current.version})`,
          );
        }
        const earlier = await records.termsOfService.getAcceptance(userId, current.version);
        if (earlier) return earlier;
        const { id, version } = current;
        const acceptance = { organizationId, userId, version, versionId: id, acceptedAt: clock.now() };
        await records.termsOfService.insertAcceptance(acceptance);
        await recordChange(environment, records, context, {
          organizationId,
          subjectType: "user",
          subjectId: userId,
          operation: "update",
          after: { termsOfServiceVersion: version },
        });
        return acceptance;
      });
    },

    /**
     * Every version that was ever published, the newest first.
     * @throws ServiceError `not_found` (organization).
     */
    async listVersions(context: Context, organization: string, page: PageRequest): Promise<Page<TermsVersion>> {
      const organizationId = requireOrganization(context.caller, organization);
      if (!(await storage.read.organizations.get(organizationId))) throw notFound("organization");
      return storage.read.termsOfService.listVersions(organizationId, page);
    },

    /**
     * Members by name, each with whether they have accepted the version.
     * @throws ServiceError `not_found` (organization, version).
     */
    async listAcceptances(
      context: Context,
      organization: string,
      version: number,
      filter: AcceptanceFilter,
      page: PageRequest,
    ): Promise<Page<MemberAcceptance>> {
      const organizationId = requireOrganization(context.caller, organization);
      return pageOf(await requireVersion(organizationId, version), filter, page);
    },

    /**
     * A link that downloads the list: its ticket is sealed, so that nobody can change or read it, and good for a few
     * minutes, as long as whoever asked for it still may.
     * @throws ServiceError `not_found` (organization, version).
     */
    async createExportLink(
      context: Context,
      organization: string,
      version: number,
      filter: AcceptanceFilter,
    ): Promise<string> {
      const { caller } = context;
      const organizationId = requireOrganization(caller, organization);
      await requireVersion(organizationId, version);
      if (caller.kind !== "user" && caller.kind !== "operator") throw credentialMissing();
      const expiresAt = clock.now() + EXPORT_MS;
      const ticket: AcceptanceExport = { organizationId, version, ...filter, caller, expiresAt };
      const sealed = await keyring.seal(JSON.stringify(ticket), EXPORT_PURPOSE);
      return `${settings.publicUrl}${EXPORT_PATH}?ticket=${sealed}`;
    },

    /**
     * What a ticket opens, page by page; undefined for a ticket that is not ours or too old, or whose maker is no longer
     * an admin, or nobody any more.
     */
    async openExport(ticket: string): Promise<AsyncIterable<readonly MemberAcceptance[]> | undefined> {
      const text = await keyring.open(ticket, EXPORT_PURPOSE).catch(() => undefined);
      if (text === undefined) return undefined;
      const { organizationId, version, caller, expiresAt, ...filter } = JSON.parse(text) as AcceptanceExport;
      if (expiresAt <= clock.now() || !(await stillMay(caller))) return undefined;
      const exported = await storage.read.termsOfService.getVersion(organizationId, version);
      return exported && pages((after) => pageOf(exported, filter, { limit: EXPORT_PAGE, after }));
    },
  };
}

export type TermsOfServices = ReturnType<typeof createTermsOfService>;

async function* pages<T>(load: (after: string | undefined) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  let after: string | undefined;
  do {
    const page = await load(after);
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}

function view(terms: TermsOfService): Record<string, unknown> {
  return { termsOfServiceEnabled: terms.enabled, termsOfServiceVersion: terms.currentVersion?.version ?? 0 };
}
