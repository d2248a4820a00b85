import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What stands in front of several replicas, under the one URL that the world knows. */
export interface LoadBalancer {
  readonly url: string;
  /** Where requests go, one after the other. */
  targets: readonly { readonly url: string }[];
  close(): Promise<void>;
}

/** Starts one on a free port. Give its URL to the replicas as `PUBLIC_URL`, and it the replicas. */
export async function startLoadBalancer(): Promise<LoadBalancer> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const target = balancer.targets[turn++ % balancer.targets.length];
    const { method = "GET", headers, url = "/" } = incoming;
    const forwarded = request(`${target?.url}${url}`, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const balancer: LoadBalancer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets: [],
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return balancer;
}
