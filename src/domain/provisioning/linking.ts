import type { Records, UserRecord } from "../../storage/storage.ts";
import { domainOfEmail } from "../email-domains.ts";
import { isLinkable } from "../sign-ins/admission.ts";
import type { ScimUserColumns } from "./columns.ts";
import type { ProvisionedPerson } from "./person.ts";
import type { Work } from "./session.ts";

/** Whom a create is about, when the person is known already. */
export interface KnownPerson {
  readonly accountId: string;
  /** The membership to adopt; undefined when there is none any more. */
  readonly user: UserRecord | undefined;
}

/**
 * The person whom a new SCIM user stands for: whoever this configuration kept under the same userName or externalId before,
 * or else, by the linking rule, the one member with the email, when the organization has verified its domain. A member whom
 * a directory keeps already is nobody else's.
 */
export async function findKnownPerson(
  work: Work,
  columns: ScimUserColumns,
  person: ProvisionedPerson,
): Promise<KnownPerson | undefined> {
  return (await findFormer(work, columns)) ?? (await findByEmail(work, person.email));
}

/** Equal names with different ids are different people: names are given again. */
async function findFormer(
  { records, configuration }: Work,
  { userNameFolded, externalId }: ScimUserColumns,
): Promise<KnownPerson | undefined> {
  const { id, organizationId } = configuration;
  for (const former of await records.scimFormerUsers.find(id, userNameFolded, externalId)) {
    if (former.externalId !== externalId && former.externalId !== undefined && externalId !== undefined) continue;
    const user = await records.users.getOfAccount(organizationId, former.accountId);
    if (!user || user.status === "left") return { accountId: former.accountId, user: undefined };
    const taken = await records.scimUsers.filterProvisioned(organizationId, [user.id]);
    if (taken.length === 0) return { accountId: former.accountId, user };
  }
  return undefined;
}

async function findByEmail({ records, configuration }: Work, email: string): Promise<KnownPerson | undefined> {
  const { organizationId } = configuration;
  const domain = domainOfEmail(email);
  if (domain === undefined) return undefined;
  if (!(await isVerified(records, organizationId, domain))) return undefined;
  const order = { by: "joined", descending: true } as const;
  const { items } = await records.users.list(organizationId, { email }, order, { limit: 20 });
  const ids = items.map(({ id }) => id);
  const taken = new Set(await records.scimUsers.filterProvisioned(organizationId, ids));
  const linkable: UserRecord[] = [];
  for (const user of items) if (!taken.has(user.id) && (await isLinkable(records, user))) linkable.push(user);
  const present = linkable.filter(({ status }) => status !== "left");
  if (present.length > 0) return only(present, (user) => ({ accountId: user.accountId, user }));
  // Somebody who has left and is back under another user is no longer to be found here.
  const takenAccounts = new Set(items.filter(({ id }) => taken.has(id)).map(({ accountId }) => accountId));
  const left = linkable.filter(({ accountId }) => !takenAccounts.has(accountId));
  return only(left, ({ accountId }) => ({ accountId, user: undefined }));
}

/** What a transaction has asked already: those who are created together nearly always share a domain. */
const asked = new WeakMap<Records, Map<string, Promise<boolean>>>();

function isVerified(records: Records, organizationId: string, domain: string): Promise<boolean> {
  const known = asked.get(records) ?? new Map<string, Promise<boolean>>();
  asked.set(records, known);
  const key = JSON.stringify([organizationId, domain]);
  const answer =
    known.get(key) ??
    records.domainVerifications.filterVerified(organizationId, [domain]).then(({ length }) => length > 0);
  known.set(key, answer);
  return answer;
}

/** Of several people nobody is guessed. */
function only(users: readonly UserRecord[], toPerson: (user: UserRecord) => KnownPerson): KnownPerson | undefined {
  const [first] = users;
  const accounts = new Set(users.map(({ accountId }) => accountId));
  return first && accounts.size === 1 ? toPerson(first) : undefined;
}
