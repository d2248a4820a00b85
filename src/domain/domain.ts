import { createApiTokens } from "./api-tokens.ts";
import type { Environment } from "./environment.ts";
import { createOrganizations } from "./organizations.ts";
import { createPrincipals } from "./principals.ts";
import { createScimConfigurations } from "./scim-configurations.ts";
import { createSsoConfigurations } from "./sso-configurations.ts";

/** Every rule of the service, one entry per noun. The doors call these and nothing else. */
export function createDomain(environment: Environment) {
  return {
    principals: createPrincipals(environment),
    organizations: createOrganizations(environment),
    apiTokens: createApiTokens(environment),
    ssoConfigurations: createSsoConfigurations(environment),
    scimConfigurations: createScimConfigurations(environment),
  };
}

export type Domain = ReturnType<typeof createDomain>;
