import {
  BULK_RESPONSE_SCHEMA,
  type BulkOperation,
  type BulkPlan,
  planBulk,
  resolveReferences,
} from "../domain/provisioning/bulk.ts";
import { errorBody, ScimError } from "../domain/provisioning/errors.ts";
import { Normalizations } from "../domain/provisioning/normalizations.ts";
import { entityTag } from "../domain/provisioning/version.ts";
import { answer } from "./answers.ts";
import { readBody } from "./bodies.ts";
import { BULK_OPERATIONS } from "./discovery.ts";
import type { ScimContext, ScimDoorOptions } from "./state.ts";

type Answer = Record<string, unknown>;

/**
 * Bulk requests over HTTP (RFC 7644, section 3.7). Each operation is a transaction of its own; what refers to another one by its
 * bulkId runs behind it.
 */
export function bulkHandler(options: ScimDoorOptions) {
  return async (c: ScimContext): Promise<Response> => {
    const plan = planBulk(await readBody(c, options), BULK_OPERATIONS);
    const answers = await runAll(options, c, plan);
    return answer(200, { schemas: [BULK_RESPONSE_SCHEMA], Operations: answers });
  };
}

async function runAll(options: ScimDoorOptions, c: ScimContext, plan: BulkPlan): Promise<Answer[]> {
  const answers = new Map<number, Answer>();
  const notes = new Normalizations();
  const ids = new Map<string, string>();
  const mostErrors = plan.failOnErrors ?? Number.POSITIVE_INFINITY;
  for (const { index, error } of plan.refused) {
    if (answers.size < mostErrors) answers.set(index, { status: String(error.status), response: errorBody(error) });
  }
  let errors = answers.size;
  for (const operation of plan.operations) {
    if (errors >= mostErrors) break;
    const { done, answer: given } = await runOne(options, c, operation, ids, notes);
    answers.set(operation.index, given);
    if (!done) errors++;
  }
  c.get("note").normalizations = notes.list();
  return [...answers].sort(([a], [b]) => a - b).map(([, given]) => given);
}

async function runOne(
  { provisioning }: ScimDoorOptions,
  c: ScimContext,
  operation: BulkOperation,
  ids: Map<string, string>,
  notes: Normalizations,
): Promise<{ readonly done: boolean; readonly answer: Answer }> {
  const { method, bulkId, type } = operation;
  const session = c.get("session");
  const base = { method, ...(bulkId !== undefined && { bulkId }) };
  const locate = (id: string) => `${session.baseUrl}${type.endpoint}/${id}`;
  try {
    const { id, data, version: ifMatch } = resolveReferences(operation, ids);
    const result = await provisioning.change(session, { method, type, id, data, ifMatch }, undefined);
    notes.addAll(result.normalizations);
    if (bulkId !== undefined) ids.set(bulkId, result.id);
    const version = method === "DELETE" ? {} : { version: entityTag(result.version) };
    const status = method === "POST" ? "201" : method === "DELETE" ? "204" : "200";
    return { done: true, answer: { ...base, ...version, location: locate(result.id), status } };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const location = operation.id === undefined ? {} : { location: locate(operation.id) };
    return { done: false, answer: { ...base, ...location, status: String(error.status), response: errorBody(error) } };
  }
}
