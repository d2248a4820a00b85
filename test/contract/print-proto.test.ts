import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clone, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { expect, test } from "vitest";
import { printProto } from "../../scripts/print-proto.ts";
import { withTemporaryFolder } from "../../scripts/trees.ts";

const buf = join(import.meta.dirname, "../../node_modules/.bin/buf");

function compile(source: string): FileDescriptorProto {
  return withTemporaryFolder((folder) => {
    writeFileSync(join(folder, "printed.proto"), source);
    const args = ["build", "--as-file-descriptor-set", "--exclude-source-info", "--output", "-"];
    const { status, stdout, stderr } = spawnSync(buf, args, { cwd: folder });
    expect(status, String(stderr)).toBe(0);
    return fromBinary(FileDescriptorSetSchema, stdout).file.find((file) => file.name === "printed.proto")!;
  });
}

/** The parts of a file that the printer promises to keep: no options, and fields in any order. */
function essence(file: FileDescriptorProto): FileDescriptorProto {
  const copy = clone(FileDescriptorProtoSchema, file);
  copy.name = "printed.proto";
  delete copy.options;
  for (const message of copy.messageType) {
    message.field.sort((a, b) => a.number - b.number);
    for (const field of message.field) delete field.options;
  }
  return copy;
}

test("validate.proto, printed and compiled again, is the descriptor that it was printed from", () => {
  const original = file_buf_validate_validate.proto;
  expect(essence(compile(printProto(original)))).toEqual(essence(original));
});
