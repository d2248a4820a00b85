import { describe, expect, test } from "vitest";
import { Caller } from "../../gen/organization/options/v1/options_pb.ts";
import { declaredMethods, loadSchema } from "./schema.ts";
import { documentedElements } from "./source.ts";

const elements = documentedElements();
const methods = declaredMethods(await loadSchema());

test("every comment starts with the name of what it is about", () => {
  expect(elements.length).toBeGreaterThan(1000);
  const others = elements.filter(
    ({ name, comment }) => !comment.startsWith(`${name} `) && !comment.startsWith(`${name}.`),
  );
  expect(others).toEqual([]);
});

describe("the comment of a method", () => {
  test.each(methods)("$name says who may call it, as its option does, and how it fails", ({ method, caller }) => {
    const at = `${method.parent.file.proto.name} ${method.parent.typeName}.${method.name}`;
    const comment = elements.find((element) => element.at === at)?.comment;
    const [least] = Object.entries(Caller).find(([, value]) => value === caller)!;
    expect(comment).toMatch(new RegExp(`\n\n Permission: ${least.toLowerCase()}[.,]`));
    expect(comment).toMatch(/\n\n Errors: \S/);
  });
});
