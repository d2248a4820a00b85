import { readFileSync } from "node:fs";
import {
  type DescMessage,
  type DescMethodUnary,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { type Command, InvalidArgumentError } from "commander";
import { SERVICES } from "../client/services.ts";
import { API_COMMANDS, type ApiCommand, NOUNS } from "./api-commands.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { URL_MEANING } from "./credentials.ts";
import { createOutput, type Output } from "./output.ts";
import { requestFlags, shortName } from "./request-flags.ts";
import { UsageError } from "./usage-error.ts";

/** Rows that a list command fetches when nobody says otherwise. */
const DEFAULT_LIMIT = 1000;
const PAGE_SIZE = 100;

/** Adds every command that calls the api, and `call` for any method at all. */
export function addApi(program: Command): void {
  const nouns = new Map<string, Command>();
  for (const command of API_COMMANDS) {
    const [noun] = command.path;
    let parent = nouns.get(noun);
    if (!parent) {
      parent = program.command(noun).description(NOUNS[noun] as string);
      nouns.set(noun, parent);
    }
    addApiCommand(parent, command);
  }
  addCall(program);
}

function addConnectionFlags(command: Command): Command {
  return command
    .option("--url <url>", URL_MEANING)
    .option("--organization <id>", "organization to act in (default: the token's own; an operator token names one)")
    .addHelpText(
      "after",
      "\nThe token is read from ORGANIZATION_SERVICE_TOKEN; without it, it is that of `organization-service login`.",
    );
}

function addApiCommand(parent: Command, { path, meaning, method, argument, list }: ApiCommand): void {
  const hasOrganization = method.input.fields.some((field) => field.name === "organization_id");
  const flags = requestFlags(method.input, [...(argument ? [argument] : []), "organization_id"]);
  const command = addConnectionFlags(parent.command(path[1]).description(meaning));
  if (argument) command.argument(`<${argument.replaceAll("_", "-")}>`);
  flags.addTo(command);
  for (const secret of flags.secrets) addSecretFlag(command, secret);
  if (list) command.option("--limit <number>", "most rows", parseLimit, DEFAULT_LIMIT);

  command.action(async (...given: unknown[]) => {
    const values = command.opts<ConnectionOptions & Record<string, unknown>>();
    const output = createOutput(Boolean(command.optsWithGlobals().json));
    const connection = new Connection(process.env, values);
    const request = flags.toJson(values);
    for (const secret of flags.secrets) Object.assign(request, readSecret(secret, values));
    if (argument) request[jsonNameOf(method, argument)] = given[0] as string;
    if (hasOrganization && argument !== "organization_id") request.organizationId = await connection.organizationId();
    if (list) await printList(connection, method, request, list, values.limit as number, output);
    else print(await connection.call(method, request), output);
  });
}

/** A secret never stands on the command line, where other users of the machine see it: a file or standard input has it. */
function addSecretFlag(command: Command, secret: string): void {
  command.option(
    `--${kebab(secret)}-file <path>`,
    `file that holds the ${kebab(secret).replaceAll("-", " ")}; - reads standard input`,
  );
}

function readSecret(secret: string, values: Readonly<Record<string, unknown>>): JsonObject {
  const path = values[`${secret}File`];
  if (typeof path !== "string") return {};
  try {
    return { [secret]: readFileSync(path === "-" ? 0 : path, "utf8").replace(/\r?\n$/, "") };
  } catch (error) {
    throw new UsageError(`--${kebab(secret)}-file: ${(error as Error).message}`);
  }
}

async function printList(
  connection: Connection,
  method: DescMethodUnary,
  request: JsonObject,
  { items, columns }: NonNullable<ApiCommand["list"]>,
  limit: number,
  output: Output,
): Promise<void> {
  const rows: JsonObject[] = [];
  let count: JsonObject | undefined;
  let token = "";
  do {
    const pageSize = Math.min(PAGE_SIZE, limit - rows.length);
    const page = (await connection.call(method, { ...request, pagination: { pageSize, token } })) as JsonObject;
    rows.push(...((page[items] ?? []) as JsonObject[]));
    count ??= page.count as JsonObject | undefined;
    token = ((page.pagination as JsonObject | undefined)?.nextToken as string | undefined) ?? "";
  } while (token !== "" && rows.length < limit);
  const shown = method.output.fields.find((field) => field.jsonName === items)?.message;
  output.table(rows, columns, "none", (row) => shorten(row as JsonObject, shown));
  if (count)
    output.note(`${count.relation === "COUNT_RESPONSE_RELATION_GTE" ? "at least " : ""}${count.value ?? 0} in all`);
  if (token !== "") output.note(`there are more than ${limit}: use --limit`);
}

/** A row as a person reads it: values of enums in the words that flags take, messages as JSON in one line. */
function shorten(row: JsonObject, message: DescMessage | undefined): Record<string, unknown> {
  const shortenValue = (key: string, value: JsonValue): unknown => {
    const field = message?.fields.find((each) => each.jsonName === key);
    if (field?.enum && typeof value === "string") return shortName(field, value);
    if (Array.isArray(value)) return value.map((each) => shortenValue(key, each));
    return typeof value === "object" ? JSON.stringify(value) : value;
  };
  const given = Object.entries(row).map(([key, value]) => [key, shortenValue(key, value)]);
  return { ...zeros(message), ...Object.fromEntries(given) };
}

/** What JSON leaves out: numbers that are 0, and what is false. */
function zeros(message: DescMessage | undefined): Record<string, unknown> {
  const implicit = (message?.fields ?? []).filter(({ presence }) => presence === FeatureSet_FieldPresence.IMPLICIT);
  return Object.fromEntries(
    implicit.flatMap((field) => {
      if (field.fieldKind !== "scalar" || [ScalarType.STRING, ScalarType.BYTES].includes(field.scalar)) return [];
      return [[field.jsonName, field.scalar === ScalarType.BOOL ? false : 0]];
    }),
  );
}

function print(response: JsonValue, output: Output): void {
  if (Object.keys(response as JsonObject).length === 0) output.result(response, "done");
  else output.result(response, JSON.stringify(response, null, 2));
}

function addCall(program: Command): void {
  const command = addConnectionFlags(program.command("call"))
    .description("call any method of the api with a JSON request")
    .argument("<method>", "GetSSOConfiguration, or with its service: OrganizationService/GetSSOConfiguration")
    .argument("[request]", "JSON; - reads standard input", "{}")
    .action(async (name: string, request: string) => {
      const connection = new Connection(process.env, command.opts());
      const method = findMethod(name);
      const json = parseRequest(request === "-" ? readFileSync(0, "utf8") : request);
      createOutput(true).result(await connection.call(method, json), "");
    });
}

function findMethod(name: string): DescMethodUnary {
  const [methodName, serviceName] = name.split("/").reverse();
  const methods = Object.values(SERVICES).flatMap((service) => service.methods);
  const found = methods.find(
    ({ name: each, parent }) =>
      each === methodName &&
      (serviceName === undefined || parent.typeName === serviceName || parent.name === serviceName),
  );
  if (found?.methodKind === "unary") return found as DescMethodUnary;
  const near = methods.filter((each) => methodName && each.name.toLowerCase().includes(methodName.toLowerCase()));
  const hint = near.length > 0 ? `; did you mean ${near.map((each) => each.name).join(", ")}?` : "";
  throw new UsageError(`there is no method ${name}${hint}`);
}

function parseRequest(text: string): JsonObject {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`the request is not JSON: ${(error as Error).message}`);
  }
}

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("a whole number from 1 is accepted.");
}

function jsonNameOf(method: DescMethodUnary, field: string): string {
  return method.input.fields.find((each) => each.name === field)?.jsonName ?? field;
}

function kebab(jsonName: string): string {
  return jsonName.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
