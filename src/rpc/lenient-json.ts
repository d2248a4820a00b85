import type { DescField, DescMessage, DescMethod, JsonObject, JsonValue } from "@bufbuild/protobuf";

/**
 * Older SDKs generate durations that proto3 JSON does not allow: a leading plus (`+3600.5s`), no digit before the point
 * (`.5s`) or none after it (`3600.s`). They are rewritten before decoding, in Duration fields only. What the plan of a
 * method does not name is not touched, and a method whose request holds no duration costs nothing.
 */
export function createLenientJson(): (method: DescMethod, json: JsonValue) => JsonValue {
  const plans = new Map<DescMessage, Plan>();
  return (method, json) => {
    const plan = planOf(method.input, plans);
    return plan.size === 0 ? json : rewriteMessage(plan, json);
  };
}

/** JSON key → how to rewrite its value. */
type Plan = Map<string, (value: JsonValue) => JsonValue>;

const DURATION = "google.protobuf.Duration";
const LENIENT = /^([+-]?)(\d*)\.?(\d*)s$/;

function planOf(desc: DescMessage, plans: Map<DescMessage, Plan>): Plan {
  const known = plans.get(desc);
  if (known) return known;
  const plan: Plan = new Map();
  // Before its fields: a message may hold itself.
  plans.set(desc, plan);
  for (const field of desc.fields) {
    const rewrite = rewriterOf(field, plans);
    if (!rewrite) continue;
    plan.set(field.jsonName, rewrite);
    plan.set(field.name, rewrite);
  }
  return plan;
}

function rewriterOf(field: DescField, plans: Map<DescMessage, Plan>): ((value: JsonValue) => JsonValue) | undefined {
  const message = field.message;
  if (!message) return undefined;
  const plan = message.typeName === DURATION ? undefined : planOf(message, plans);
  if (plan?.size === 0) return undefined;
  const one = plan ? (value: JsonValue) => rewriteMessage(plan, value) : rewriteDuration;
  if (field.fieldKind === "list") return (value) => (Array.isArray(value) ? value.map(one) : value);
  if (field.fieldKind === "map") return (value) => (isObject(value) ? mapValues(value, one) : value);
  return one;
}

function rewriteMessage(plan: Plan, value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  for (const [key, member] of Object.entries(value)) {
    const rewrite = plan.get(key);
    if (rewrite && member !== null) value[key] = rewrite(member as JsonValue);
  }
  return value;
}

function rewriteDuration(value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  const [, sign = "", whole = "", fraction = ""] = LENIENT.exec(value) ?? [];
  if (whole === "" && fraction === "") return value;
  return `${sign === "-" ? "-" : ""}${whole || "0"}${fraction && `.${fraction}`}s`;
}

function mapValues(value: JsonObject, rewrite: (value: JsonValue) => JsonValue): JsonObject {
  for (const [key, member] of Object.entries(value)) value[key] = rewrite(member as JsonValue);
  return value;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
