import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type EventService,
  ResourceOperation,
  type WatchEventsRequest,
  type WatchEventsRequest_ResourceTypeFilter,
  type WatchEventsResponseSchema,
} from "../../gen/gitpod/v1/event_service_pb.ts";
import { ResourceType } from "../../gen/gitpod/v1/resource_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { ChangeEvent, EventFilter } from "../domain/events.ts";
import { invalidField, notFound } from "../lib/errors.ts";
import type { Operation } from "../storage/storage.ts";
import type { ToContext } from "./call.ts";
import { id } from "./messages.ts";
import { resourceType, subjectType } from "./resource-types.ts";

type Methods = Pick<ServiceImpl<typeof EventService>, "watchEvents">;
type Response = MessageInitShape<typeof WatchEventsResponseSchema>;

/** Live events over rpc. A message in which nothing is set says that the stream lives. */
export function eventMethods({ events }: Domain, toContext: ToContext): Methods {
  return {
    async *watchEvents(request, call) {
      requireOrganizationScope(request);
      const filters = request.resourceTypeFilters.flatMap(toFilter);
      // Filters of kinds that this server does not have let nothing through, which is not the same as no filter.
      const nothing = request.resourceTypeFilters.length > 0 && filters.length === 0;
      for await (const event of await events.watch(toContext(call), filters, call.signal)) {
        if (event === undefined) yield {};
        else if (!nothing && resourceType(event.subjectType) !== ResourceType.UNSPECIFIED) yield toMessage(event);
      }
      // The watch ends quietly when its call does; a client whose deadline has passed has to hear of it.
      call.signal.throwIfAborted();
    },
  };
}

/** Without a scope the whole organization is meant, as older clients have it. */
function requireOrganizationScope({ scope }: WatchEventsRequest): void {
  if (scope.case === "environmentId") throw notFound("environment");
  if (scope.case !== "organization" || scope.value) return;
  throw invalidField("organization", "bool.const", "must be true, or absent: there is nothing else to watch");
}

function toFilter(filter: WatchEventsRequest_ResourceTypeFilter): EventFilter[] {
  const subject = subjectType(filter.resourceType);
  if (subject === undefined) return [];
  return [{ subjectType: subject, subjectIds: filter.resourceIds.map(id), creatorIds: filter.creatorIds.map(id) }];
}

const OPERATIONS: Readonly<Record<Operation, ResourceOperation>> = {
  create: ResourceOperation.CREATE,
  update: ResourceOperation.UPDATE,
  delete: ResourceOperation.DELETE,
  update_status: ResourceOperation.UPDATE_STATUS,
};

function toMessage({ operation, subjectType: subject, subjectId }: ChangeEvent): Response {
  return { operation: OPERATIONS[operation], resourceType: resourceType(subject), resourceId: subjectId };
}
