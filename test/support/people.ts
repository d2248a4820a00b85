import { newId } from "../../src/lib/ids.ts";
import type { Storage, UserRecord } from "../../src/storage/storage.ts";

/** Changes what is stored of a user, behind the rules' back. */
export async function changeUser(
  storage: Storage,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
  changes: Partial<UserRecord>,
): Promise<void> {
  await storage.write(async (records) => {
    const user = await records.users.lock(organizationId, userId);
    if (!user) throw new Error(`no user ${userId}`);
    await records.users.update({ ...user, ...changes });
  });
}

/** Lets an organization have proven a domain. */
export async function proveDomain(storage: Storage, organizationId: string, domain: string): Promise<void> {
  await storage.write((records) =>
    records.domainVerifications.insert({
      id: newId(),
      organizationId,
      domain,
      state: "verified",
      verificationToken: "token",
      verifiedAt: 1,
      lastCheckedAt: 1,
      failures: 0,
      createdAt: 1,
    }),
  );
}
