/** What a user would write with connect-node: a handler that returns a constant, on HTTP/1.1 and cleartext HTTP/2. */
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { CONSTANT } from "./constant.ts";
import { listen } from "./listen.ts";

const handler = connectNodeAdapter({
  routes: (router) =>
    router.service(OrganizationService, { getSSOConfiguration: () => ({ ssoConfiguration: { ...CONSTANT } }) }),
});
await listen(process.env.BENCH_HTTP === "h2" ? createHttp2Server(handler) : createServer(handler));
