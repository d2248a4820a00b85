import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type DomainVerificationSchema,
  DomainVerificationState,
  type OrganizationService,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { DomainVerification } from "../domain/domain-verifications.ts";
import type { ToContext } from "./call.ts";
import { id, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  | "createDomainVerification"
  | "getDomainVerification"
  | "listDomainVerifications"
  | "verifyDomain"
  | "deleteDomainVerification"
>;

/** Domain verifications over rpc: message in, one domain call, message out. */
export function domainVerificationMethods({ domainVerifications }: Domain, toContext: ToContext): Methods {
  return {
    async createDomainVerification(request, call) {
      const created = await domainVerifications.create(toContext(call), id(request.organizationId), request.domain);
      return { domainVerification: toMessage(created) };
    },

    async getDomainVerification(request, call) {
      const found = await domainVerifications.get(toContext(call), id(request.domainVerificationId));
      return { domainVerification: toMessage(found) };
    },

    async listDomainVerifications(request, call) {
      const organizationId = id(request.organizationId);
      const pages = paging(["ListDomainVerifications", organizationId], request.pagination);
      const page = await domainVerifications.list(toContext(call), organizationId, pages.request);
      return { pagination: pages.response(page), domainVerifications: page.items.map(toMessage) };
    },

    async verifyDomain(request, call) {
      const verified = await domainVerifications.verify(toContext(call), id(request.domainVerificationId));
      return { domainVerification: toMessage(verified) };
    },

    async deleteDomainVerification(request, call) {
      await domainVerifications.delete(toContext(call), id(request.domainVerificationId));
      return {};
    },
  };
}

function toMessage(verification: DomainVerification): MessageInitShape<typeof DomainVerificationSchema> {
  return {
    id: verification.id,
    organizationId: verification.organizationId,
    domain: verification.domain,
    state: verification.state === "verified" ? DomainVerificationState.VERIFIED : DomainVerificationState.PENDING,
    ...(verification.verifiedAt !== undefined && { verifiedAt: timestamp(verification.verifiedAt) }),
    verificationToken: verification.verificationToken,
    createdAt: timestamp(verification.createdAt),
  };
}
