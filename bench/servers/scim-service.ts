/** The real server, as `serve` runs it, with one SCIM configuration. */

import { startServer } from "../../src/cli/serve.ts";
import { newId } from "../../src/lib/ids.ts";
import { createToken, hashToken } from "../../src/lib/tokens.ts";

// A load without an end is no directory's.
const server = await startServer({ PORT: "0", BOOTSTRAP: "none", SCIM_RATE: "1000000", ...process.env });
const now = Date.now();
const times = { createdAt: now, updatedAt: now };
const organization = { id: newId(), name: "bench", inviteDomains: [], ...times };
const token = createToken("scim");
const configuration = {
  id: newId(),
  organizationId: organization.id,
  name: "",
  enabled: true,
  ssoConfigurationId: undefined,
  allowUnverifiedEmailAccountLinking: false,
  tokenHash: hashToken(token),
  tokenExpiresAt: now + 86_400_000,
  tokenLifetime: 86_400,
  tokenLastUsedAt: undefined,
  ...times,
};
await server.app.environment.storage.write(async (records) => {
  await records.organizations.insert(organization);
  await records.scimConfigurations.insert(configuration);
});
const hello = { port: server.address.port, path: `/scim/v2/${configuration.id}/Users`, token };
process.stdout.write(`${JSON.stringify(hello)}\n`);
process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
