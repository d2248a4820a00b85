/** The floor: node:http that reads and parses the same JSON and writes the same answer, with no protocol around it. */
import { createServer } from "node:http";
import { CONSTANT } from "./constant.ts";
import { listen } from "./listen.ts";

await listen(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { ssoConfigurationId } = JSON.parse(Buffer.concat(chunks).toString());
      const body = JSON.stringify({ ssoConfiguration: { ...CONSTANT, id: ssoConfigurationId } });
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
  }),
);
