// What `npm run size` weighs: a page that calls one method.
import { createOrganizationClient } from "../../src/client/web.ts";

const client = createOrganizationClient({ baseUrl: "https://sso.example.com", token: "…" });
const { ssoConfigurations } = await client.organization.listSSOConfigurations({ organizationId: "…" });
console.log(ssoConfigurations.map(({ displayName }) => displayName));
