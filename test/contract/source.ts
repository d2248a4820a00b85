import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { vendorProtos } from "../../scripts/vendor-proto.ts";

const root = join(import.meta.dirname, "../..");

/** One element of the schema with its leading comment; `name` is the short one, `at` says where it is. */
export type Documented = { kind: string; name: string; at: string; comment: string };

type Named = { name: string };

/** Every service, method, message, field, oneof, enum, value and extension in proto/, with its comment. */
export function documentedElements(): Documented[] {
  vendorProtos();
  const args = ["build", "proto", "--as-file-descriptor-set", "--exclude-imports", "--output", "-"];
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin/buf"), args, {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`buf build failed: ${stderr}`);
  return fromBinary(FileDescriptorSetSchema, stdout).file.flatMap(elementsOfFile);
}

// The numbers below are field numbers of descriptor.proto: SourceCodeInfo names an element by its path of them.

function elementsOfFile(file: FileDescriptorProto): Documented[] {
  const comments = new Map(
    file.sourceCodeInfo?.location.map(({ path, leadingComments }) => [path.join(), leadingComments]),
  );
  const one = (kind: string, element: Named, path: number[], parent = file.package): Documented => ({
    kind,
    name: element.name,
    at: `${file.name} ${parent}.${element.name}`,
    comment: (comments.get(path.join()) ?? "").trim(),
  });
  const many = (kind: string, elements: Named[], path: number[], parent: string): Documented[] =>
    elements.map((element, index) => one(kind, element, [...path, index], parent));

  const enumeration = (type: EnumDescriptorProto, path: number[], parent: string): Documented[] => [
    one("enum", type, path, parent),
    ...many("value", type.value, [...path, 2], `${parent}.${type.name}`),
  ];
  const message = (type: DescriptorProto, path: number[], parent: string): Documented[] => {
    if (type.options?.mapEntry) return [];
    const name = `${parent}.${type.name}`;
    // `optional` makes a oneof of its own behind the declared ones, which nobody wrote and nobody documents.
    const optional = new Set(type.field.filter((field) => field.proto3Optional).map((field) => `_${field.name}`));
    const declared = type.oneofDecl.filter((oneof) => !optional.has(oneof.name));
    return [
      one("message", type, path, parent),
      ...many("field", type.field, [...path, 2], name),
      ...many("oneof", declared, [...path, 8], name),
      ...type.nestedType.flatMap((nested, index) => message(nested, [...path, 3, index], name)),
      ...type.enumType.flatMap((nested, index) => enumeration(nested, [...path, 4, index], name)),
    ];
  };
  return [
    ...file.service.flatMap((service, index) => [
      one("service", service, [6, index]),
      ...many("method", service.method, [6, index, 2], `${file.package}.${service.name}`),
    ]),
    ...file.messageType.flatMap((type, index) => message(type, [4, index], file.package)),
    ...file.enumType.flatMap((type, index) => enumeration(type, [5, index], file.package)),
    ...many("extension", file.extension, [7], file.package),
  ];
}
