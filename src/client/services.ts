import { AccountService } from "../../gen/client/gitpod/v1/account_service_pb.ts";
import { EventService } from "../../gen/client/gitpod/v1/event_service_pb.ts";
import { GroupService } from "../../gen/client/gitpod/v1/group_service_pb.ts";
import { IdentityService } from "../../gen/client/gitpod/v1/identity_service_pb.ts";
import { OrganizationService } from "../../gen/client/gitpod/v1/organization_service_pb.ts";
import { UserService } from "../../gen/client/gitpod/v1/user_service_pb.ts";
import { AuditService } from "../../gen/client/organization/v1/audit_service_pb.ts";
import { ProvisioningService } from "../../gen/client/organization/v1/provisioning_service_pb.ts";
import { SessionService } from "../../gen/client/organization/v1/session_service_pb.ts";
import { SignInService } from "../../gen/client/organization/v1/sign_in_service_pb.ts";

/** Every service of the schema, by the name that the client for Node.js gives it. */
export const SERVICES = {
  organization: OrganizationService,
  account: AccountService,
  identity: IdentityService,
  user: UserService,
  group: GroupService,
  event: EventService,
  audit: AuditService,
  session: SessionService,
  provisioning: ProvisioningService,
  signIn: SignInService,
} as const;
