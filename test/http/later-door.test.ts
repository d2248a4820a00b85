import { describe, expect, it } from "vitest";
import { laterDoor } from "../../src/http/later-door.ts";
import type { NodeRequest, NodeResponse } from "../../src/http/node-http.ts";

const asked: NodeRequest[] = [];
const request = () => ({}) as NodeRequest;
const response = {} as NodeResponse;
const facts = { name: "later", match: () => true, quiet: true };

describe("a door that is loaded later", () => {
  it("is loaded once, by the first requests, and all of them are answered", async () => {
    let loads = 0;
    const door = laterDoor(facts, async () => {
      loads++;
      return (req) => void asked.push(req);
    });
    expect(door).toMatchObject(facts);
    expect(loads).toBe(0);
    const first = [request(), request()];
    await Promise.all(first.map((req) => door.handle(req, response)));
    expect(asked.splice(0)).toEqual(first);
    expect(loads).toBe(1);
  });

  it("answers at once when it was loaded before", async () => {
    const door = laterDoor(facts, async () => (req) => void asked.push(req));
    await door.load();
    expect(door.handle(request(), response)).toBeUndefined();
    expect(asked.splice(0)).toHaveLength(1);
  });

  it("fails the request that could not load it, and no later one", async () => {
    let loads = 0;
    const door = laterDoor(facts, async () => {
      if (++loads === 1) throw new Error("no file");
      return (req) => void asked.push(req);
    });
    await expect(door.handle(request(), response)).rejects.toThrow("no file");
    await door.handle(request(), response);
    expect(asked.splice(0)).toHaveLength(1);
  });
});
