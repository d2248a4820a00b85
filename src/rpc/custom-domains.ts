import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type CustomDomainSchema,
  type OrganizationService,
  CustomDomainProvider as Provider,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { CustomDomain, CustomDomainProvider } from "../domain/custom-domains.ts";
import type { Domain } from "../domain/domain.ts";
import type { ToContext } from "./call.ts";
import { id, timestamp } from "./messages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  "createCustomDomain" | "getCustomDomain" | "updateCustomDomain" | "deleteCustomDomain"
>;

/** Custom domains over rpc: message in, one domain call, message out. */
export function customDomainMethods({ customDomains }: Domain, toContext: ToContext): Methods {
  return {
    async createCustomDomain({ organizationId, provider, ...input }, call) {
      const created = await customDomains.create(toContext(call), id(organizationId), {
        ...input,
        provider: fromWire(provider),
      });
      return { customDomain: toMessage(created) };
    },

    async getCustomDomain(request, call) {
      return { customDomain: toMessage(await customDomains.get(toContext(call), id(request.organizationId))) };
    },

    async updateCustomDomain({ organizationId, provider, ...changes }, call) {
      const updated = await customDomains.update(toContext(call), id(organizationId), {
        ...changes,
        provider: provider === undefined ? undefined : fromWire(provider),
      });
      return { customDomain: toMessage(updated) };
    },

    async deleteCustomDomain(request, call) {
      await customDomains.delete(toContext(call), id(request.organizationId));
      return {};
    },
  };
}

const TO_WIRE: Readonly<Record<CustomDomainProvider, Provider>> = {
  unspecified: Provider.UNSPECIFIED,
  aws: Provider.AWS,
  gcp: Provider.GCP,
};

/** The schema refuses any other number. */
function fromWire(provider: Provider): CustomDomainProvider {
  if (provider === Provider.AWS) return "aws";
  return provider === Provider.GCP ? "gcp" : "unspecified";
}

function toMessage(domain: CustomDomain): MessageInitShape<typeof CustomDomainSchema> {
  return {
    id: domain.id,
    organizationId: domain.organizationId,
    domainName: domain.domainName,
    provider: TO_WIRE[domain.provider],
    // Older clients know AWS alone, by the older name.
    awsAccountId: domain.provider === "gcp" ? "" : domain.cloudAccountId,
    cloudAccountId: domain.cloudAccountId,
    createdAt: timestamp(domain.createdAt),
    updatedAt: timestamp(domain.updatedAt),
  };
}
