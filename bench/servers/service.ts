/**
 * The real server, as `serve` runs it (log line, authentication, rules, storage), with one configuration to read, or to sign
 * in through: `BENCH_ISSUER` is its issuer. `BENCH_OTHERS` is how many more there are, each of an organization of its own,
 * and an operator token for all.
 */
import { startServer } from "../../src/cli/serve.ts";
import { insertOrganization } from "../../src/domain/organizations.ts";
import type { Context } from "../../src/domain/principals.ts";
import { CONSTANT } from "./constant.ts";

const server = await startServer({ PORT: "0", ...process.env });
const { domain, environment } = server.app;
const context: Context = { caller: { kind: "system" }, requestId: "bench", action: "bench" };

const newOrganization = async () =>
  (
    await environment.storage.write((records) =>
      insertOrganization(environment, records, context, { name: "bench", inviteDomains: [] }),
    )
  ).id;

const newConfiguration = async (organizationId: string) =>
  (
    await domain.ssoConfigurations.create(context, {
      organizationId,
      clientId: CONSTANT.clientId,
      clientSecret: "secret",
      issuerUrl: process.env.BENCH_ISSUER ?? CONSTANT.issuerUrl,
      displayName: CONSTANT.displayName,
      additionalScopes: CONSTANT.additionalScopes,
      emailDomains: CONSTANT.emailDomains,
    })
  ).id;

const organizationId = server.firstStart?.organization.id ?? (await newOrganization());
const ssoConfigurationId = await newConfiguration(organizationId);
const others: string[] = [];
while (others.length < Number(process.env.BENCH_OTHERS ?? 0)) {
  others.push(await newConfiguration(await newOrganization()));
}
const operator = await domain.apiTokens.createForOperator(context, { description: "bench", readOnly: false });
process.stdout.write(
  `${JSON.stringify({
    port: server.address.port,
    token: server.firstStart?.apiToken.token,
    organizationId,
    operatorToken: operator.token,
    ssoConfigurationId,
    others,
  })}\n`,
);
// Collects garbage on demand, where Node.js was started with --expose-gc.
process.on("SIGUSR2", () => globalThis.gc?.());
process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
