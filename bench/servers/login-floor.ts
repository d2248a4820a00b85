/**
 * The least that a relying party can do for a sign-in: two requests are answered, and within the second one a code is exchanged
 * for an ID token, whose signature is verified. No rule, no record, no log.
 */
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { listen } from "./listen.ts";

const issuer = process.env.BENCH_ISSUER ?? "";
const keys = createLocalJWKSet((await (await fetch(`${issuer}/keys`)).json()) as JSONWebKeySet);

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/start") {
    const parameters = new URLSearchParams({
      client_id: "client",
      redirect_uri: `http://${request.headers.host}/callback`,
      state: randomBytes(32).toString("base64url"),
      nonce: randomBytes(32).toString("base64url"),
    });
    response.writeHead(302, { location: `${issuer}/authorize?${parameters}` }).end();
    return;
  }
  const answer = await fetch(`${issuer}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("client:secret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code: url.searchParams.get("code") ?? "" }),
  });
  const { id_token: token } = (await answer.json()) as { id_token: string };
  await jwtVerify(token, keys, { issuer, audience: "client" });
  response.writeHead(302, { location: "/auth/signed-in" }).end();
});
await listen(server);
