import type { DescMethod } from "@bufbuild/protobuf";
import type { Row, Rows } from "./row.ts";
import { scimConfigurationRows } from "./scim-configurations.ts";
import { ssoConfigurationRows } from "./sso-configurations.ts";

/** The table, by service: a file of rows per noun. A method that is served and has no row fails the test. */
const ROWS: Readonly<Record<string, Rows>> = {
  "gitpod.v1.OrganizationService": { ...ssoConfigurationRows, ...scimConfigurationRows },
};

/** The row of a method. */
export function rowOf(method: DescMethod): Row | undefined {
  return ROWS[method.parent.typeName]?.[method.name];
}

/** Every row's method, as `package.Service/Method`. */
export function tabled(): string[] {
  return Object.entries(ROWS).flatMap(([service, rows]) => Object.keys(rows).map((method) => `${service}/${method}`));
}
