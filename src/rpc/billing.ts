import type { ServiceImpl } from "@connectrpc/connect";
import type { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { ServiceError } from "../lib/errors.ts";

type Methods = Pick<ServiceImpl<typeof OrganizationService>, "setStripeCustomerID">;

/** The inherited method of billing, which is documented to do nothing: this server knows no billing. */
export function billingMethods(): Methods {
  return {
    setStripeCustomerID() {
      throw new ServiceError(
        "unimplemented",
        "SetStripeCustomerID is deprecated and does nothing: there is no billing here",
      );
    },
  };
}
