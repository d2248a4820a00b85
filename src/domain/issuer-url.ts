import { createNetworkPolicy, type NetworkSettings } from "../lib/network-policy.ts";

/** Which issuers the operator lets organizations configure. */
export type IssuerPolicy = NetworkSettings;

/** The rule that an issuer breaks. */
export type IssuerRule =
  | "uri"
  | "length"
  | "https"
  | "userinfo"
  | "query"
  | "fragment"
  | "well_known"
  | "address"
  | "tenant";

/** Whether an issuer may be configured; `message` says which rule it breaks and what would be accepted. */
export type IssuerCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly rule: IssuerRule; readonly message: string };

const MAX_LENGTH = 2048;
const EXAMPLE = "https://idp.example.com/tenant";

/** The hosts of Microsoft Entra ID, of all its clouds. */
const ENTRA_HOSTS = new Set([
  "login.microsoftonline.com",
  "login.windows.net",
  "login.microsoft.com",
  "sts.windows.net",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
  "login.chinacloudapi.cn",
]);
const ENTRA_SHARED_TENANTS = new Set(["common", "organizations", "consumers"]);

/**
 * Checks an issuer identifier (OpenID Connect Discovery 1.0, section 2) without contacting anybody. The address of a host name
 * is checked when the issuer is fetched. Throws nothing.
 */
export function checkIssuerUrl(issuer: string, policy: IssuerPolicy): IssuerCheck {
  if (issuer.length > MAX_LENGTH) {
    return refuse("length", `must be at most ${MAX_LENGTH} characters long`);
  }
  const url = parseUrl(issuer);
  if (url === undefined) {
    return refuse("uri", `must be an absolute URL of printable ASCII characters, such as ${EXAMPLE}`);
  }
  return checkParts(issuer, url) ?? checkPlace(url, policy) ?? { ok: true };
}

/** Refuses also what the URL parser would repair silently: the issuer is compared with tokens character by character. */
function parseUrl(issuer: string): URL | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/[!-.0-[\]-~][!-[\]-~]*$/i.test(issuer) ? (URL.parse(issuer) ?? undefined) : undefined;
}

function checkParts(issuer: string, url: URL): IssuerCheck | undefined {
  if (/^[^/]*\/\/[^/?#]*@/.test(issuer)) {
    return refuse("userinfo", `must not contain a user name or password, such as ${EXAMPLE}`);
  }
  if (issuer.includes("#")) {
    return refuse("fragment", `must not contain a fragment, such as ${EXAMPLE}`);
  }
  if (issuer.includes("?")) {
    return refuse("query", `must not contain a query, such as ${EXAMPLE}`);
  }
  if (`${decodePath(url)}/`.includes("/.well-known/")) {
    return refuse(
      "well_known",
      "must be the issuer itself, without /.well-known/ and what follows; that is added when it is fetched",
    );
  }
  return checkTenant(url);
}

function checkTenant(url: URL): IssuerCheck | undefined {
  const tenant = decodePath(url).split("/")[1] ?? "";
  if (ENTRA_HOSTS.has(url.hostname.replace(/\.$/, "")) && ENTRA_SHARED_TENANTS.has(tenant)) {
    return refuse(
      "tenant",
      `must name one tenant; ${tenant} stands for many, of which anybody can make one; expected https://${url.hostname}/<tenant id>/v2.0`,
    );
  }
  return undefined;
}

function checkPlace(url: URL, settings: NetworkSettings): IssuerCheck | undefined {
  const policy = createNetworkPolicy(settings);
  if (!policy.allowsScheme(url)) {
    const loopback = settings.allowInsecureIssuers ? ", or http with a loopback host" : "";
    return refuse("https", `must begin with https://${loopback}`);
  }
  const kind = policy.refusedKind(url.hostname);
  return (
    kind &&
    refuse("address", `must be a public host; this one is a ${kind} address, and the operator has not allowed it`)
  );
}

function decodePath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname).toLowerCase();
  } catch {
    return url.pathname.toLowerCase();
  }
}

function refuse(rule: IssuerRule, message: string): IssuerCheck {
  return { ok: false, rule, message };
}
