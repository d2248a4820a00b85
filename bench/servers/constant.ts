import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  SSOConfiguration_ProviderType,
  type SSOConfigurationSchema,
  SSOConfigurationState,
} from "../../gen/gitpod/v1/organization_service_pb.ts";

/** The answer of every constant handler: an SSO configuration like those that the service returns. */
export const CONSTANT: MessageInitShape<typeof SSOConfigurationSchema> & {
  clientId: string;
  issuerUrl: string;
  displayName: string;
  additionalScopes: string[];
  emailDomains: string[];
} = {
  id: "01890000-0000-7000-8000-000000000001",
  organizationId: "01890000-0000-7000-8000-000000000002",
  clientId: "0oa1b2c3d4",
  issuerUrl: "https://acme.okta.com",
  state: SSOConfigurationState.SSO_CONFIGURATION_STATE_ACTIVE,
  providerType: SSOConfiguration_ProviderType.CUSTOM,
  emailDomain: "acme.com",
  emailDomains: ["acme.com"],
  displayName: "Acme",
  additionalScopes: ["groups"],
  claimsExpression: "",
  claims: {},
};
