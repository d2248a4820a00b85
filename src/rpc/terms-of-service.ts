import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type OrganizationService,
  type TermsOfServiceAcceptanceFilter,
  type TermsOfServiceAcceptanceSchema,
  TermsOfServiceAcceptanceStatus,
  type TermsOfServiceSchema,
  type TermsOfServiceVersionSchema,
} from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { AcceptanceFilter, TermsAcceptance, TermsOfService, TermsVersion } from "../domain/terms-of-service.ts";
import { invalidField } from "../lib/errors.ts";
import type { ToContext } from "./call.ts";
import { memberMessage } from "./members.ts";
import { id, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";

type Methods = Pick<
  ServiceImpl<typeof OrganizationService>,
  | "getTermsOfService"
  | "updateTermsOfService"
  | "acceptTermsOfService"
  | "listTermsOfServiceVersions"
  | "listTermsOfServiceAcceptances"
  | "getTermsOfServiceAcceptancesExport"
>;

/** Terms of service over rpc: message in, one domain call, message out. */
export function termsOfServiceMethods({ termsOfService }: Domain, toContext: ToContext): Methods {
  return {
    async getTermsOfService(request, call) {
      return { termsOfService: toMessage(await termsOfService.get(toContext(call), id(request.organizationId))) };
    },

    async updateTermsOfService({ organizationId, markdown, enabled }, call) {
      const changes = { markdown, enabled };
      return { termsOfService: toMessage(await termsOfService.update(toContext(call), id(organizationId), changes)) };
    },

    async acceptTermsOfService(request, call) {
      const accepted = await termsOfService.accept(toContext(call), id(request.organizationId), id(request.versionId));
      return { acceptance: acceptanceMessage(accepted) };
    },

    async listTermsOfServiceVersions(request, call) {
      const organizationId = id(request.organizationId);
      const pages = paging(["ListTermsOfServiceVersions", organizationId], request.pagination);
      const page = await termsOfService.listVersions(toContext(call), organizationId, pages.request);
      return { pagination: pages.response(page), versions: page.items.map(versionMessage) };
    },

    async listTermsOfServiceAcceptances({ version, ...request }, call) {
      const organizationId = id(request.organizationId);
      const filter = toFilter(request.filter);
      const pages = paging(["ListTermsOfServiceAcceptances", organizationId, version, filter], request.pagination);
      const page = await termsOfService.listAcceptances(
        toContext(call),
        organizationId,
        version,
        filter,
        pages.request,
      );
      return {
        pagination: pages.response(page),
        acceptances: page.items.map(({ member, accepted, newest }) => ({
          member: memberMessage(member),
          status: accepted ? TermsOfServiceAcceptanceStatus.ACCEPTED : TermsOfServiceAcceptanceStatus.PENDING,
          ...(newest && { acceptedVersion: newest.version, acceptedAt: timestamp(newest.acceptedAt) }),
        })),
      };
    },

    async getTermsOfServiceAcceptancesExport({ organizationId, version, filter }, call) {
      const context = toContext(call);
      return {
        downloadUrl: await termsOfService.createExportLink(context, id(organizationId), version, toFilter(filter)),
      };
    },
  };
}

function toFilter(filter: TermsOfServiceAcceptanceFilter | undefined): AcceptanceFilter {
  const wanted = new Set(filter?.statuses.map(isAccepted));
  return {
    ...(filter?.search && { search: filter.search }),
    ...(wanted.size === 1 && { accepted: wanted.has(true) }),
  };
}

function isAccepted(status: TermsOfServiceAcceptanceStatus): boolean {
  if (status === TermsOfServiceAcceptanceStatus.ACCEPTED) return true;
  if (status === TermsOfServiceAcceptanceStatus.PENDING) return false;
  throw invalidField(
    "filter.statuses",
    "enum.in",
    "TERMS_OF_SERVICE_ACCEPTANCE_STATUS_ACCEPTED and TERMS_OF_SERVICE_ACCEPTANCE_STATUS_PENDING are accepted",
  );
}

function toMessage(terms: TermsOfService): MessageInitShape<typeof TermsOfServiceSchema> {
  return {
    organizationId: terms.organizationId,
    enabled: terms.enabled,
    ...(terms.currentVersion && { currentVersion: versionMessage(terms.currentVersion) }),
    ...(terms.currentUserAcceptance && { currentUserAcceptance: acceptanceMessage(terms.currentUserAcceptance) }),
  };
}

function versionMessage(version: TermsVersion): MessageInitShape<typeof TermsOfServiceVersionSchema> {
  const { id: versionId, markdown, createdByUserId } = version;
  return {
    id: versionId,
    version: version.version,
    markdown,
    createdAt: timestamp(version.createdAt),
    createdByUserId,
  };
}

function acceptanceMessage(acceptance: TermsAcceptance): MessageInitShape<typeof TermsOfServiceAcceptanceSchema> {
  const { versionId, version, acceptedAt } = acceptance;
  return { versionId, version, acceptedAt: timestamp(acceptedAt) };
}
