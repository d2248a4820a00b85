// Fills proto-vendor/, the second module of buf.yaml, from npm packages, so that buf works without its registry.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { root } from "./buf.ts";
import { printProto } from "./print-proto.ts";
import { syncTrees, withTemporaryFolder } from "./trees.ts";

const vendor = join(root, "proto-vendor");
const packages = join(root, "node_modules");

/** Where each copied file comes from, below node_modules. */
const copies = {
  "grpc/health/v1/health.proto": "grpc-health-check/proto/health/v1/health.proto",
  "grpc/reflection/v1/reflection.proto": "@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
  "grpc/reflection/v1alpha/reflection.proto": "@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto",
};

/** Makes proto-vendor/: validate.proto printed from its descriptor, gRPC's own files copied. */
export function vendorProtos(): void {
  console.log("proto-vendor: made from @bufbuild/protovalidate, grpc-health-check and @grpc/reflection");
  withTemporaryFolder((folder) => {
    const validate = `// Printed by scripts/vendor-proto.ts.\n${printProto(file_buf_validate_validate.proto)}`;
    writeFileSync(place(folder, "buf/validate/validate.proto"), validate);
    for (const [path, source] of Object.entries(copies)) copyFileSync(join(packages, source), place(folder, path));
    syncTrees(folder, vendor);
  });
}

function place(folder: string, path: string): string {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  return target;
}
