import type { World } from "../world.ts";
import type { Rows } from "./row.ts";
import { makeSsoConfiguration } from "./sso-configurations.ts";

/** Makes a test sign-in and returns its id. */
async function makeTest(world: World): Promise<string> {
  const ssoConfigurationId = await makeSsoConfiguration(world);
  return (await world.make("StartTestSignIn", { ssoConfigurationId }, "organization.v1.SignInService")).test.id;
}

export const signInRows: Rows = {
  StartTestSignIn: {
    caller: "admin",
    access: "write",
    request: async (world) => ({ ssoConfigurationId: await makeSsoConfiguration(world) }),
  },
  GetTestSignIn: {
    caller: "admin",
    access: "read",
    request: async (world) => ({ testSignInId: await makeTest(world) }),
  },
  EvaluateClaimsExpression: {
    caller: "admin",
    access: "read",
    request: () => ({ expression: "claims.a == 1", claimsJson: '{"a":1}' }),
    // The claims are the caller's own.
    outcomes: { "admin of another organization": "ok" },
  },
};
