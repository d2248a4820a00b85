import type { Domain } from "../domain/domain.ts";
import { EXPORT_PATH, type MemberAcceptance } from "../domain/terms-of-service.ts";
import { answerJson, refuseMethod } from "../http/answers.ts";
import type { NodeResponse } from "../http/node-http.ts";
import { requestRecord } from "../http/record.ts";
import type { Door } from "../http/server.ts";

/** Files that a signed link downloads: whoever holds the link may, for as long as it is good. */
export function createDownloadsDoor({ termsOfService }: Domain): Door {
  return {
    name: "downloads",
    match: (path) => path === EXPORT_PATH,
    async handle(req, res) {
      if (refuseMethod(req, res)) return;
      const ticket = new URLSearchParams((req.url ?? "").split("?")[1]).get("ticket") ?? "";
      const pages = await termsOfService.openExport(ticket);
      if (!pages) {
        const requestId = requestRecord(req).id;
        const message = "this link is not good any more: ask for the export again";
        return answerJson(res, 404, { code: "not_found", message, requestId });
      }
      res.statusCode = 200;
      res.setHeader("content-type", "text/csv; charset=utf-8");
      res.setHeader("content-disposition", 'attachment; filename="terms-of-service-acceptances.csv"');
      res.setHeader("cache-control", "no-store");
      res.setHeader("referrer-policy", "no-referrer");
      if (req.method === "HEAD") return void res.end();
      await write(res, "user_id,name,email,status,accepted_version,accepted_at\r\n");
      for await (const page of pages) await write(res, page.map(line).join(""));
      res.end();
    },
  };
}

/** Waits for a reader that is slower than the database, and stops for one that has left. */
async function write(res: NodeResponse, text: string): Promise<void> {
  if (res.destroyed) throw new Error("the download was abandoned");
  // The two kinds of responses declare the same method in two ways.
  const responded = res as { write(chunk: string): boolean };
  if (responded.write(text)) return;
  await new Promise<void>((resolve) => {
    res.once("drain", resolve);
    res.once("close", resolve);
  });
}

function line({ member, accepted, newest }: MemberAcceptance): string {
  const cells = [
    member.id,
    member.name,
    member.email,
    accepted ? "accepted" : "pending",
    newest ? String(newest.version) : "",
    newest ? new Date(newest.acceptedAt).toISOString() : "",
  ];
  return `${cells.map(cell).join(",")}\r\n`;
}

/** RFC 4180; and a spreadsheet must take no name for a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
