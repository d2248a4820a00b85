// Fills proto-vendor/, the second module of buf.yaml, from npm packages, so that buf works without its registry.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { root } from "./buf.ts";
import { printProto } from "./print-proto.ts";

const vendor = join(root, "proto-vendor");
const packages = join(root, "node_modules");

/** Where each copied file comes from, below node_modules. */
const copies = {
  "grpc/health/v1/health.proto": "grpc-health-check/proto/health/v1/health.proto",
  "grpc/reflection/v1/reflection.proto": "@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
  "grpc/reflection/v1alpha/reflection.proto": "@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto",
};

/** Makes proto-vendor/ anew: validate.proto printed from its descriptor, gRPC's own files copied. */
export function vendorProtos(): void {
  console.log("proto-vendor: made from @bufbuild/protovalidate, grpc-health-check and @grpc/reflection");
  rmSync(vendor, { recursive: true, force: true });
  const validate = place("buf/validate/validate.proto");
  writeFileSync(validate, `// Printed by scripts/vendor-proto.ts.\n${printProto(file_buf_validate_validate.proto)}`);
  for (const [path, source] of Object.entries(copies)) copyFileSync(join(packages, source), place(path));
}

function place(path: string): string {
  const target = join(vendor, path);
  mkdirSync(dirname(target), { recursive: true });
  return target;
}
