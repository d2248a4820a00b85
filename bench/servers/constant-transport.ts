/** The same constant handler on this project's transport. */
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { OrganizationService } from "../../gen/gitpod/v1/organization_service_pb.ts";
import { createTransport } from "../../src/transport/transport.ts";
import { CONSTANT } from "./constant.ts";
import { listen } from "./listen.ts";

const handler = createTransport({
  routes: (router) =>
    router.service(OrganizationService, { getSSOConfiguration: () => ({ ssoConfiguration: { ...CONSTANT } }) }),
});
await listen(process.env.BENCH_HTTP === "h2" ? createHttp2Server(handler) : createServer(handler));
