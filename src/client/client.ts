import { type Client, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { AccountService } from "../../gen/gitpod/v1/account_service_pb.ts";
import { EventService } from "../../gen/gitpod/v1/event_service_pb.ts";
import { GroupService } from "../../gen/gitpod/v1/group_service_pb.ts";
import { IdentityService } from "../../gen/gitpod/v1/identity_service_pb.ts";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { UserService } from "../../gen/gitpod/v1/user_service_pb.ts";
import { AuditService } from "../../gen/organization/v1/audit_service_pb.ts";
import { ProvisioningService } from "../../gen/organization/v1/provisioning_service_pb.ts";
import { SessionService } from "../../gen/organization/v1/session_service_pb.ts";
import { SignInService } from "../../gen/organization/v1/sign_in_service_pb.ts";

/** Where the server is and who calls. */
export interface ClientOptions {
  /** Such as `https://sso.example.com` or `https://sso.example.com/api`. */
  readonly baseUrl: string;
  /** Bearer token. */
  readonly token?: string | undefined;
  /** For an operator token: the organization of methods whose request names none. */
  readonly organizationId?: string | undefined;
}

/** Every service of the schema, by the name that the client gives it. */
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

/** One typed client per service, over one transport. */
export type OrganizationClient = {
  readonly [Name in keyof typeof SERVICES]: Client<(typeof SERVICES)[Name]>;
} & { readonly transport: Transport };

/** Puts a client per service over a transport. */
export function clientsOver(transport: Transport): OrganizationClient {
  const clients = Object.entries(SERVICES).map(([name, service]) => [name, createClient(service, transport)]);
  return { ...Object.fromEntries(clients), transport };
}

/** Adds the headers that identify the caller to every request. */
export function identify({ token, organizationId }: ClientOptions): Interceptor {
  return (next) => (request) => {
    if (token !== undefined) request.header.set("authorization", `Bearer ${token}`);
    if (organizationId !== undefined) request.header.set("x-organization-id", organizationId);
    return next(request);
  };
}
