import { createOrganizationClient } from "organization-service/client/web";

const query = new URLSearchParams(location.search);
const given = (name: string) => query.get(name) ?? "";

export const organizationId = given("organization");

/** The page's own address says where the server is, who calls, and how. */
export const client = createOrganizationClient({
  baseUrl: given("server"),
  token: () => given("token"),
  protocol: query.get("protocol") === "connect" ? "connect" : "grpc-web",
});
