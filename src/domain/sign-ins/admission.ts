import { newId } from "../../lib/ids.ts";
import type { AccountRecord, Records, UserRecord } from "../../storage/storage.ts";
import { recordChange } from "../audit.ts";
import { domainOfEmail } from "../email-domains.ts";
import type { Environment } from "../environment.ts";
import { userView } from "../memberships.ts";
import type { Context } from "../principals.ts";
import { acceptsOnlyProvisioned } from "../provisioned-only.ts";
import { findProvisionedAccount, isProvisionedFor } from "../provisioning/provisioned-accounts.ts";
import type { SsoConfiguration } from "../sso-configurations.ts";
import { insertUser } from "../users.ts";
import type { Profile } from "./decision.ts";
import { type RefusalReason, SignInRefusal } from "./reasons.ts";

/** What a sign-in would do about account and membership. */
export interface Admission {
  /** The account that is found; undefined for a person who is new here. */
  readonly accountId: string | undefined;
  /** Whether the account is known by this very issuer and subject. */
  readonly identityId: string | undefined;
  /** The membership that goes on; undefined when one begins. */
  readonly user: UserRecord | undefined;
}

type Configuration = Pick<SsoConfiguration, "id" | "organizationId">;

/**
 * Whom a sign-in lets in, without changing anything.
 * @throws SignInRefusal of the step `membership`, or `invite_invalid`.
 */
export async function findAdmission(
  records: Records,
  configuration: Configuration,
  profile: Profile,
  inviteId: string | undefined,
): Promise<Admission> {
  const { organizationId } = configuration;
  const invited = inviteId !== undefined && (await isInvited(records, organizationId, inviteId));
  const found = await findAccount(records, configuration, profile);
  const former = found && (await records.users.getOfAccount(organizationId, found.accountId));
  if (former?.status === "suspended") refuse("member_suspended", "the membership is suspended");
  if (former?.status === "left" && !invited) refuse("membership_ended", "the person has left the organization");
  const user = former?.status === "active" ? former : undefined;
  if (!user && (await acceptsOnlyProvisioned(records, organizationId))) {
    refuse("provisioning_required", "the organization takes only people whom its directory provisions");
  }
  return { accountId: found?.accountId, identityId: found?.identityId, user };
}

/**
 * Carries an admission out within the transaction of the sign-in: account, identity and membership are there afterwards, and
 * say what the identity provider says; of whom a directory provisions, they say what the directory says.
 * @throws SignInRefusal as {@link findAdmission}.
 */
export async function admit(
  environment: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  configuration: Configuration,
  profile: Profile,
  inviteId: string | undefined,
): Promise<UserRecord> {
  const admission = await findAdmission(records, configuration, profile, inviteId);
  const person = await personOf(records, admission.user, profile);
  const account = await requireAccount(environment, records, configuration, person, admission.accountId);
  await noteIdentity(environment, records, account.id, profile, admission.identityId);
  if (admission.user) return refreshUser(environment, records, context, admission.user, person);
  const { name, email, emailVerified, avatarUrl } = person;
  const member = { id: account.id, name, email, emailVerified, avatarUrl };
  const { organizationId } = configuration;
  return insertUser(environment, records, context, member, { organizationId, role: "member", loginProvider: "custom" });
}

/** An account that a sign-in belongs to, and the identity, when the account is known by it. */
interface FoundAccount {
  readonly accountId: string;
  readonly identityId?: string;
}

/**
 * The account of a person. Issuer and subject decide; only when nobody has them, the directory's own id of the person, and
 * then the email, by the linking rule.
 */
async function findAccount(
  records: Records,
  configuration: Configuration,
  profile: Profile,
): Promise<FoundAccount | undefined> {
  const identity = await records.identities.find(profile.issuer, profile.subject);
  if (identity) return { accountId: identity.accountId, identityId: identity.id };
  const provisioned = await findProvisionedAccount(records, configuration, profile.directoryIds);
  if (provisioned !== undefined) return { accountId: provisioned };
  return findAccountByEmail(records, configuration, profile);
}

/**
 * The linking rule: an email finds an account only inside the organization that the sign-in is for, only when the
 * organization has proven the email's domain, and only when somebody vouches for the email. An account that came in from
 * elsewhere is not found by an email that nobody here vouches for: its owner may have chosen the email in order to be found.
 */
async function findAccountByEmail(
  records: Records,
  configuration: Configuration,
  profile: Profile,
): Promise<FoundAccount | undefined> {
  const { organizationId } = configuration;
  const domain = domainOfEmail(profile.email);
  if (domain === undefined) return undefined;
  if ((await records.domainVerifications.filterVerified(organizationId, [domain])).length === 0) return undefined;
  const vouched = profile.emailVerified || (await allowsUnverifiedLinking(records, configuration));
  const order = { by: "joined", descending: true } as const;
  const { items } = await records.users.list(organizationId, { email: profile.email }, order, { limit: 20 });
  const linkable: UserRecord[] = [];
  for (const user of items) {
    const found = vouched ? isLinkable(records, user) : isProvisionedFor(records, configuration, user.id);
    if (await found) linkable.push(user);
  }
  const present = linkable.filter((user) => user.status !== "left");
  const accounts = new Set((present.length > 0 ? present : linkable).map((user) => user.accountId));
  if (accounts.size > 1) refuse("account_ambiguous", "several members of the organization have this email");
  const [accountId] = accounts;
  return accountId === undefined ? undefined : { accountId };
}

/** Whether an email may lead to this member: somebody here vouches for it, or the account is of nobody else's making. */
export async function isLinkable(records: Records, user: UserRecord): Promise<boolean> {
  if (user.emailVerified) return true;
  const account = await records.accounts.get(user.accountId);
  if (account?.organizationId === user.organizationId) return true;
  return (await records.identities.listOfAccount(user.accountId)).length === 0;
}

/** Whether a directory that provisions for the configuration says that emails need no proof of their own. */
async function allowsUnverifiedLinking(records: Records, { id, organizationId }: Configuration): Promise<boolean> {
  for (const scimId of await records.scimConfigurations.listIdsLinkedTo(organizationId, id)) {
    const scim = await records.scimConfigurations.get(organizationId, scimId);
    if (scim?.enabled && scim.allowUnverifiedEmailAccountLinking) return true;
  }
  return false;
}

/** The id is never repeated. */
async function isInvited(records: Records, organizationId: string, inviteId: string): Promise<true> {
  const invite = await records.organizationInvites.find(inviteId);
  if (invite?.organizationId === organizationId) return true;
  return refuse("invite_invalid", "the invite does not exist, was replaced, or is one of another organization");
}

/** What is written down of a person. */
type Person = Pick<Profile, "name" | "email" | "emailVerified" | "avatarUrl">;

/** A directory that keeps the user is the authority on name and email; pictures it does not provision. */
async function personOf(records: Records, user: UserRecord | undefined, profile: Profile): Promise<Person> {
  if (!user || (await records.scimUsers.findConfigurationOf(user.id)) === undefined) return profile;
  const { name, email, emailVerified } = user;
  return { name, email, emailVerified, avatarUrl: profile.avatarUrl };
}

/** The found account, or a new one that the organization owns. */
async function requireAccount(
  { clock }: Pick<Environment, "clock">,
  records: Records,
  { organizationId }: Configuration,
  { name, email, avatarUrl }: Person,
  accountId: string | undefined,
): Promise<AccountRecord> {
  const now = clock.now();
  const known = accountId === undefined ? undefined : await records.accounts.get(accountId);
  if (!known) {
    const account = { id: newId(), name, email, avatarUrl, organizationId, createdAt: now, updatedAt: now };
    await records.accounts.insert(account);
    return account;
  }
  // What this organization says about a person counts elsewhere only when the account is its own.
  const changed = known.name !== name || known.email !== email || known.avatarUrl !== avatarUrl;
  if (known.organizationId !== organizationId || !changed) return known;
  const account = { ...known, name, email, avatarUrl, updatedAt: now };
  await records.accounts.update(account);
  return account;
}

async function noteIdentity(
  { clock }: Pick<Environment, "clock">,
  records: Records,
  accountId: string,
  { issuer, subject }: Profile,
  identityId: string | undefined,
): Promise<void> {
  const now = clock.now();
  if (identityId !== undefined) return records.identities.touch(identityId, now);
  await records.identities.insert({ id: newId(), accountId, issuer, subject, createdAt: now, lastUsedAt: now });
}

/** What is said about a member now. What changes nothing leaves no audit entry. */
async function refreshUser(
  environment: Pick<Environment, "clock">,
  records: Records,
  context: Context,
  before: UserRecord,
  { name, email, emailVerified, avatarUrl }: Person,
): Promise<UserRecord> {
  const changed: UserRecord = { ...before, name, email, emailVerified, avatarUrl };
  if (JSON.stringify(changed) === JSON.stringify(before)) return before;
  const after = { ...changed, updatedAt: environment.clock.now() };
  await records.users.update(after);
  const subject = { organizationId: after.organizationId, subjectType: "user", subjectId: after.id } as const;
  await recordChange(environment, records, context, {
    ...subject,
    operation: "update",
    before: { ...userView(before), emailVerified: before.emailVerified },
    after: { ...userView(after), emailVerified },
  });
  return after;
}

function refuse(reason: RefusalReason, detail: string): never {
  throw new SignInRefusal(reason, detail);
}
