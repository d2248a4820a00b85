import { proofRecordName, proofRecordValue } from "../../../../src/domain/domain-verifications.ts";
import type { World } from "../world.ts";
import type { Rows } from "./row.ts";

/** A domain of the organization's own, in the name server with its proof. */
async function makeVerification(world: World): Promise<string> {
  const { organizationId } = world;
  const request = { organizationId, domain: `${organizationId}.example.com` };
  const { domainVerification } = await world.make("CreateDomainVerification", request);
  await world.dns.set(proofRecordName(domainVerification), {
    kind: "txt",
    records: [[proofRecordValue(domainVerification)]],
  });
  return domainVerification.id;
}

/** The same for each of several callers. */
const once = (world: World): Promise<string> => world.once("domain verification", () => makeVerification(world));

export const domainVerificationRows: Rows = {
  CreateDomainVerification: {
    caller: "admin",
    access: "write",
    request: ({ organizationId }) => ({ organizationId, domain: "acme.example.com" }),
  },
  GetDomainVerification: {
    caller: "admin",
    access: "read",
    request: async (world) => ({ domainVerificationId: await once(world) }),
  },
  ListDomainVerifications: {
    caller: "admin",
    access: "read",
    request: ({ organizationId }) => ({ organizationId }),
  },
  VerifyDomain: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ domainVerificationId: await once(world) }),
  },
  DeleteDomainVerification: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ domainVerificationId: await once(world) }),
  },
};
