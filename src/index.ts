/**
 * The messages, enums and services of the schema, for any Connect, gRPC or gRPC-Web transport. Ready-made clients are in
 * `organization-service/client`, the server side of any Connect service in `organization-service/transport`.
 */
export * from "../gen/client/gitpod/v1/account_service_pb.ts";
export * from "../gen/client/gitpod/v1/actionable_error_pb.ts";
export * from "../gen/client/gitpod/v1/agent_pb.ts";
export * from "../gen/client/gitpod/v1/environment_pb.ts";
export * from "../gen/client/gitpod/v1/event_service_pb.ts";
export * from "../gen/client/gitpod/v1/group_service_pb.ts";
export * from "../gen/client/gitpod/v1/identity_service_pb.ts";
export * from "../gen/client/gitpod/v1/login_provider_pb.ts";
export * from "../gen/client/gitpod/v1/organization_service_pb.ts";
export * from "../gen/client/gitpod/v1/pagination_pb.ts";
export * from "../gen/client/gitpod/v1/resource_pb.ts";
export * from "../gen/client/gitpod/v1/user_service_pb.ts";
export * from "../gen/client/organization/errors/v1/errors_pb.ts";
export * from "../gen/client/organization/v1/audit_service_pb.ts";
export * from "../gen/client/organization/v1/provisioning_service_pb.ts";
export * from "../gen/client/organization/v1/session_service_pb.ts";
export * from "../gen/client/organization/v1/sign_in_service_pb.ts";
