import { cors as connectCors } from "@connectrpc/connect";
import { answerEmpty, answerJson, setFields } from "./answers.ts";
import type { NodeRequest, NodeResponse } from "./node-http.ts";

/** Adds the headers that a browser asks for to `head`; answers preflight requests itself and says so. */
export type Cors = (req: NodeRequest, res: NodeResponse, head: string[]) => "answered" | "continue";

const allowedMethods = connectCors.allowedMethods.join(", ");

const allowedHeaders = [
  ...connectCors.allowedHeaders,
  "Authorization",
  "Idempotency-Key",
  "User-Agent",
  "X-Ona-User-Agent",
  "X-Organization-Id",
  "X-Request-Id",
].filter(unique);

const exposedHeaders = [
  ...connectCors.exposedHeaders,
  "Retry-After",
  "RateLimit",
  "RateLimit-Limit",
  "RateLimit-Policy",
  "RateLimit-Remaining",
  "RateLimit-Reset",
  "X-Request-Id",
  "X-Should-Retry",
]
  .filter(unique)
  .join(", ");

/** Generated clients of this family send a changing set of headers that begin so. */
const allowedFamily = "x-stainless-";

/**
 * Makes the CORS rule (Fetch standard, "CORS protocol") for callers that authenticate with a header: no credentials.
 * `origins` are exact origins (`https://console.example.com`), origins of all subdomains (`https://*.example.com`), or
 * `*` for every origin. Throws on an entry that is none of these.
 */
export function createCors(origins: readonly string[]): Cors {
  const anyOrigin = origins.includes("*");
  const matchers = origins.filter((origin) => origin !== "*").map(originMatcher);
  const allow = (origin: string): string | undefined => {
    if (anyOrigin) return "*";
    return matchers.some((matches) => matches(origin)) ? origin : undefined;
  };

  return (req, res, head) => {
    const { origin } = req.headers;
    const allowed = origin === undefined ? undefined : allow(origin);
    if (origin !== undefined && isPreflight(req)) {
      setFields(res, head);
      answerPreflight(req, res, allowed);
      return "answered";
    }
    // Also on answers without an origin: a cache must not serve them to a page. Others are not kept (RFC 9110, section 9.3.3).
    if (origin !== undefined || req.method === "GET" || req.method === "HEAD") head.push("vary", "Origin");
    if (allowed !== undefined) {
      head.push("access-control-allow-origin", allowed, "access-control-expose-headers", exposedHeaders);
    }
    return "continue";
  };
}

function isPreflight(req: NodeRequest): boolean {
  return req.method === "OPTIONS" && req.headers["access-control-request-method"] !== undefined;
}

function answerPreflight(req: NodeRequest, res: NodeResponse, allowed: string | undefined): void {
  res.setHeader("vary", "Origin, Access-Control-Request-Headers");
  if (allowed === undefined) {
    answerJson(res, 403, { code: "permission_denied", message: "calls from this origin are not allowed" });
    return;
  }
  res.setHeader("access-control-allow-origin", allowed);
  res.setHeader("access-control-allow-methods", allowedMethods);
  res.setHeader("access-control-allow-headers", headersFor(req.headers["access-control-request-headers"]));
  res.setHeader("access-control-max-age", "7200");
  answerEmpty(res, 204);
}

function headersFor(requested: string | string[] | undefined): string {
  const names = (requested ?? "").toString().toLowerCase().split(",");
  const ofFamily = names.map((name) => name.trim()).filter((name) => name.startsWith(allowedFamily) && isToken(name));
  return [...allowedHeaders, ...ofFamily].join(", ");
}

function originMatcher(entry: string): (origin: string) => boolean {
  const parts = /^(https?:\/\/)(\*\.)?([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?$/i.exec(entry);
  if (parts === null) {
    throw new Error(
      `"${entry}" is not an origin: expected a scheme, host and port such as https://console.example.com, ` +
        "https://*.example.com for all subdomains, or * for every origin",
    );
  }
  const [, scheme = "", wildcard, host = "", port = ""] = parts;
  const exact = `${scheme}${host}${port}`.toLowerCase();
  if (wildcard === undefined) return (origin) => origin === exact;
  const suffix = `.${host}${port}`.toLowerCase();
  return (origin) => {
    if (!origin.startsWith(scheme.toLowerCase()) || !origin.endsWith(suffix)) return false;
    return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(origin.slice(scheme.length, -suffix.length));
  };
}

function isToken(name: string): boolean {
  return /^[a-z0-9-]+$/.test(name);
}

function unique(name: string, index: number, all: readonly string[]): boolean {
  return all.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index;
}
