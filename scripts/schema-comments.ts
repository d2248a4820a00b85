// Reads the comments of the schema, which the generated code has only as comments.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { root } from "./buf.ts";
import { vendorProtos } from "./vendor-proto.ts";

/** The comment of every element of the schema, by its full name. */
export function schemaComments(): Readonly<Record<string, string>> {
  vendorProtos();
  const args = ["build", "proto", "--as-file-descriptor-set", "--exclude-imports", "--output", "-"];
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/buf"), args, {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`buf build failed: ${stderr}`);
  return Object.fromEntries(fromBinary(FileDescriptorSetSchema, stdout).file.flatMap(commentsOfFile));
}

type Comment = readonly [name: string, comment: string];

// The numbers below are field numbers of descriptor.proto: SourceCodeInfo names an element by its path of them.

function commentsOfFile(file: FileDescriptorProto): Comment[] {
  const comments = new Map(
    file.sourceCodeInfo?.location.map(({ path, leadingComments }) => [path.join(), leadingComments]),
  );
  const one = (name: string, path: number[]): Comment[] => {
    const comment = unwrap(comments.get(path.join()) ?? "");
    return comment === "" ? [] : [[name, comment]];
  };
  const many = (parent: string, elements: readonly { name: string }[], path: number[]): Comment[] =>
    elements.flatMap(({ name }, index) => one(`${parent}.${name}`, [...path, index]));
  const enumeration = (parent: string, type: EnumDescriptorProto, path: number[]): Comment[] => [
    ...one(`${parent}.${type.name}`, path),
    ...many(`${parent}.${type.name}`, type.value, [...path, 2]),
  ];
  const message = (parent: string, type: DescriptorProto, path: number[]): Comment[] => {
    const name = `${parent}.${type.name}`;
    return [
      ...one(name, path),
      ...many(name, type.field, [...path, 2]),
      ...many(name, type.oneofDecl, [...path, 8]),
      ...type.nestedType.flatMap((nested, index) => message(name, nested, [...path, 3, index])),
      ...type.enumType.flatMap((nested, index) => enumeration(name, nested, [...path, 4, index])),
    ];
  };
  const parent = file.package;
  return [
    ...file.service.flatMap((service, index) => [
      ...one(`${parent}.${service.name}`, [6, index]),
      ...many(`${parent}.${service.name}`, service.method, [6, index, 2]),
    ]),
    ...file.messageType.flatMap((type, index) => message(parent, type, [4, index])),
    ...file.enumType.flatMap((type, index) => enumeration(parent, type, [5, index])),
    ...many(parent, file.extension, [7]),
  ];
}

/** Lines of one paragraph are joined; an empty line stays between paragraphs. */
function unwrap(comment: string): string {
  return comment
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s*\n\s*/g, " "))
    .join("\n\n");
}
