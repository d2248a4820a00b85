import { createHash } from "node:crypto";
import { answerEmpty, answerJson, answerText, refuseMethod } from "./answers.ts";
import type { NodeRequest, NodeResponse } from "./node-http.ts";
import { requestRecord } from "./record.ts";
import type { Door } from "./server.ts";

/** What the door needs. */
export interface DocumentsOptions {
  /** Path under which the files are, with a slash at both ends. Its first page is `index.html`. */
  readonly folder: string;
  /** Paths elsewhere → the name of the file that is there too. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Finds the files, each with what makes its text. Asked once, by the first request; so is each file. */
  readonly load: () => Promise<ReadonlyMap<string, () => string>>;
}

interface Document {
  readonly type: string;
  readonly text: string;
  /** RFC 9110, section 8.8.3. */
  readonly etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
};

/** Nothing but the files beside the page, and nobody may frame it. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves text files out of memory, public, to be asked again each time whether they have changed. */
export function createDocumentsDoor({ folder, aliases, load }: DocumentsOptions): Door {
  const bare = folder.slice(0, -1);
  const made = new Map<string, Document>();
  let loading: ReturnType<typeof load> | undefined;

  async function find(name: string): Promise<Document | undefined> {
    loading ??= load();
    const make = (await loading).get(name);
    if (make === undefined) return undefined;
    const document = made.get(name) ?? documentOf(name, make());
    made.set(name, document);
    return document;
  }

  return {
    name: "documents",
    match: (path) => path === bare || path.startsWith(folder) || Object.hasOwn(aliases, path),
    async handle(req, res) {
      if (refuseMethod(req, res)) return;
      const { path, id } = requestRecord(req);
      if (path === bare) return void redirect(res, `.${folder}`);
      const name = aliases[path] ?? (path.slice(folder.length) || "index.html");
      const document = await find(name);
      if (document) return void answer(req, res, document);
      const message = `there is no such page; ${folder} has the first one`;
      answerJson(res, 404, { code: "not_found", message, requestId: id });
    },
  };
}

function documentOf(name: string, text: string): Document {
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
  if (type === undefined) throw new Error(`${name} is of a type that is not served`);
  return { type, text, etag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"` };
}

function answer(req: NodeRequest, res: NodeResponse, { type, text, etag }: Document): void {
  res.setHeader("etag", etag);
  res.setHeader("cache-control", "no-cache");
  // A description of the API is for the tools of any origin; it depends on nobody's credential.
  if (type === TYPES.json) res.setHeader("access-control-allow-origin", "*");
  else {
    res.setHeader("content-security-policy", POLICY);
    res.setHeader("referrer-policy", "no-referrer");
  }
  if (matches(req.headers["if-none-match"], etag)) answerEmpty(res, 304);
  else answerText(res, 200, type, text);
}

/** Whether one of the given tags is the current one (RFC 9110, section 13.1.2: compared weakly). */
function matches(given: string | undefined, etag: string): boolean {
  return given?.split(",").some((each) => [etag, "*"].includes(each.trim().replace(/^W\//, ""))) === true;
}

/** Relative, because a proxy may have taken a part of the path away. */
function redirect(res: NodeResponse, location: string): void {
  res.setHeader("location", location);
  answerEmpty(res, 308);
}
