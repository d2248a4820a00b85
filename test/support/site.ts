/** Files on an origin of their own, as a frontend is served. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** A static site. Close it. */
export interface Site {
  readonly origin: string;
  close(): void;
}

/** Serves the folder that `folderOf` names for the first part of a path. */
export async function serveSite(folderOf: (name: string) => string): Promise<Site> {
  const server = createServer(async (request, response) => {
    const [, name = "", ...rest] = normalize(new URL(request.url ?? "/", "http://site").pathname).split("/");
    const path = join(folderOf(name), rest.join("/") || "index.html");
    try {
      const body = await readFile(path);
      response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream").end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
