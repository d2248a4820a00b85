import type { DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import type { Domain } from "../../src/domain/domain.ts";
import { registerServices, SERVICES } from "../../src/rpc/routes.ts";

/** Connect answers `unimplemented` for a method that nobody wrote, so a forgotten one would only be found by calling it. */
describe("routes", () => {
  const registered = new Map<DescService, object>();
  const router = { service: (service: DescService, methods: object) => void registered.set(service, methods) };
  // Whatever the nouns take out of the domain to begin with: nothing of it is called.
  const anything: object = new Proxy(() => {}, { get: () => anything });
  registerServices(router as unknown as ConnectRouter, anything as Domain, (() => {}) as never);

  it("has every service, and no other", () => {
    expect([...registered.keys()].map(({ typeName }) => typeName).sort()).toEqual(
      SERVICES.map(({ typeName }) => typeName).sort(),
    );
  });

  it.each(SERVICES.map((service) => [service.typeName, service] as const))(
    "implements every method of %s",
    (_, service) => {
      const written = Object.entries(registered.get(service) ?? {}).filter(
        ([, method]) => typeof method === "function",
      );
      expect(written.map(([name]) => name).sort()).toEqual(service.methods.map(({ localName }) => localName).sort());
    },
  );

  it("has all 44 methods of the service of organizations", () => {
    expect(SERVICES[0]?.methods).toHaveLength(44);
  });
});
