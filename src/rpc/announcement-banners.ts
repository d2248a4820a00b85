import type { ServiceImpl } from "@connectrpc/connect";
import type { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import type { Domain } from "../domain/domain.ts";
import type { ToContext } from "./call.ts";
import { id } from "./messages.ts";

type Methods = Pick<ServiceImpl<typeof OrganizationService>, "getAnnouncementBanner" | "updateAnnouncementBanner">;

/** Announcement banners over rpc: message in, one domain call, message out. */
export function announcementBannerMethods({ announcementBanners }: Domain, toContext: ToContext): Methods {
  return {
    async getAnnouncementBanner(request, call) {
      return { banner: await announcementBanners.get(toContext(call), id(request.organizationId)) };
    },

    async updateAnnouncementBanner({ organizationId, message, enabled }, call) {
      return { banner: await announcementBanners.update(toContext(call), id(organizationId), { message, enabled }) };
    },
  };
}
