import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  AuditLogEntryKind,
  type EventService,
  type ListAuditLogsRequest_Filter,
  type ListAuditLogsResponse_AuditLogEntrySchema,
} from "../../gen/gitpod/v1/event_service_pb.ts";
import { Principal } from "../../gen/gitpod/v1/identity_service_pb.ts";
import { type Sort, SortOrder } from "../../gen/gitpod/v1/pagination_pb.ts";
import { ResourceType } from "../../gen/gitpod/v1/resource_pb.ts";
import type { AuditService } from "../../gen/organization/v1/audit_service_pb.ts";
import type { AuditEntry } from "../domain/audit-log.ts";
import type { Domain } from "../domain/domain.ts";
import { organizationOf } from "../domain/principals.ts";
import { invalidField } from "../lib/errors.ts";
import type { ActorPrincipal, AuditFilter } from "../storage/storage.ts";
import type { ToContext } from "./call.ts";
import { id, timestamp } from "./messages.ts";
import { paging } from "./pages.ts";
import { resourceType, subjectType } from "./resource-types.ts";

type EventMethods = Pick<ServiceImpl<typeof EventService>, "listAuditLogs" | "getAuditLog">;

/** The inherited part of the audit log over rpc: message in, one domain call, message out. */
export function auditLogMethods({ auditLog }: Domain, toContext: ToContext): EventMethods {
  return {
    async listAuditLogs({ filter, sort, pagination }, call) {
      const context = toContext(call);
      const order = toOrder(sort);
      const kept = filter ? toFilter(filter) : {};
      const pages = paging(["ListAuditLogs", organizationOf(context.caller), kept ?? "nothing", order], pagination);
      const page = kept ? await auditLog.list(context, kept, order, pages.request) : { items: [] };
      return { pagination: pages.response(page), entries: page.items.map(toEntry) };
    },

    async getAuditLog(request, call) {
      return { entry: toEntry(await auditLog.get(toContext(call), id(request.auditLogEntryId))) };
    },
  };
}

/** What exactly a change did, which the inherited messages have no place for. */
export function auditMethods({ auditLog }: Domain, toContext: ToContext): ServiceImpl<typeof AuditService> {
  return {
    async getAuditLogChange(request, call) {
      const entry = await auditLog.get(toContext(call), id(request.auditLogEntryId));
      return {
        change: {
          auditLogEntryId: entry.id,
          action: entry.action,
          createdAt: timestamp(entry.createdAt),
          ...(entry.before && { before: entry.before as JsonObject }),
          ...(entry.after && { after: entry.after as JsonObject }),
          requestId: entry.requestId,
          ...(entry.actorPrincipal !== "system" && {
            actor: { id: entry.actorId, principal: PRINCIPALS[entry.actorPrincipal] },
          }),
          subjectId: entry.subjectId,
          subjectType: resourceType(entry.subjectType),
          organizationId: entry.organizationId ?? "",
        },
      };
    },
  };
}

/** A directory appears as a service account with the id of its SCIM configuration, the server itself as one without an id. */
const PRINCIPALS: Readonly<Record<ActorPrincipal, Principal>> = {
  user: Principal.USER,
  account: Principal.ACCOUNT,
  service_account: Principal.SERVICE_ACCOUNT,
  scim_configuration: Principal.SERVICE_ACCOUNT,
  system: Principal.SERVICE_ACCOUNT,
};

const CREDENTIALS: ReadonlySet<string> = new Set(["personal_access_token", "session"]);

function toEntry(entry: AuditEntry): MessageInitShape<typeof ListAuditLogsResponse_AuditLogEntrySchema> {
  return {
    id: entry.id,
    actorId: entry.actorId,
    actorPrincipal: PRINCIPALS[entry.actorPrincipal],
    subjectId: entry.subjectId,
    subjectType: resourceType(entry.subjectType),
    action: entry.action,
    createdAt: timestamp(entry.createdAt),
    kind: CREDENTIALS.has(entry.subjectType) ? AuditLogEntryKind.CREDENTIAL_ACCESS : AuditLogEntryKind.RESOURCE_CHANGE,
  };
}

/** Undefined when nothing can pass, because all kinds that are asked for are none of this server's. */
function toFilter(filter: ListAuditLogsRequest_Filter): AuditFilter | undefined {
  const principals = filter.actorPrincipals.filter((principal) => principal !== Principal.UNSPECIFIED);
  const resources = filter.subjectTypes.filter((resource) => resource !== ResourceType.UNSPECIFIED);
  const actorPrincipals = (Object.keys(PRINCIPALS) as ActorPrincipal[]).filter((name) =>
    principals.includes(PRINCIPALS[name]),
  );
  const subjectTypes = resources.flatMap((resource) => subjectType(resource) ?? []);
  if (principals.length > 0 && actorPrincipals.length === 0) return undefined;
  if (resources.length > 0 && subjectTypes.length === 0) return undefined;
  return {
    actorIds: filter.actorIds.map(id),
    actorPrincipals,
    subjectIds: filter.subjectIds.map(id),
    subjectTypes,
    from: filter.from && firstMillisecond(filter.from),
    to: filter.to && firstMillisecond(filter.to),
  };
}

/** The first whole millisecond that is not before the time. */
function firstMillisecond({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1000 + Math.ceil(nanos / 1e6);
}

function toOrder(sort: Sort | undefined): "newest" | "oldest" {
  if (sort && sort.field !== "" && sort.field !== "createdAt") {
    throw invalidField("sort.field", "string.in", "is not known: createdAt is accepted");
  }
  switch (sort?.order) {
    case undefined:
    case SortOrder.UNSPECIFIED:
    case SortOrder.DESC:
      return "newest";
    case SortOrder.ASC:
      return "oldest";
    default:
      throw invalidField(
        "sort.order",
        "enum.defined_only",
        "has an undefined value: SORT_ORDER_ASC and SORT_ORDER_DESC are accepted",
      );
  }
}
