import type {
  ScimFilter,
  ScimOrder,
  ScimQuery,
  ScimRow,
  StoredScimGroup,
  StoredScimUser,
} from "../../storage/storage.ts";
import type { ResourceType } from "./attribute.ts";
import { GROUP, USER } from "./attributes.ts";
import { badRequest } from "./errors.ts";
import { parseFilter } from "./filter.ts";
import { isStorable } from "./filter-syntax.ts";
import { Normalizations } from "./normalizations.ts";
import { parseOrder } from "./order.ts";
import {
  type CursorContext,
  type CursorPosition,
  encodeCursor,
  invalidCursor,
  listKey,
  listResponse,
  type PageRequest,
  parsePage,
} from "./paging.ts";
import { parseSelection } from "./projection.ts";
import { toStorageFilter, toStorageOrder } from "./query.ts";
import type { Work } from "./session.ts";
import { showGroups, showUsers } from "./showing.ts";
import type { ScimComplex } from "./values.ts";

/** What a list is asked for: from a query string or from the body of a search (RFC 7644, sections 3.4.2 and 3.4.3). */
export interface ListParameters {
  readonly filter?: unknown;
  readonly sortBy?: unknown;
  readonly sortOrder?: unknown;
  readonly startIndex?: unknown;
  readonly count?: unknown;
  readonly cursor?: unknown;
  readonly attributes?: unknown;
  readonly excludedAttributes?: unknown;
}

/** A list answer, and what was bent for it. */
export interface ScimListing {
  readonly body: Record<string, unknown>;
  readonly normalizations: ReturnType<Normalizations["list"]>;
}

/** Resources in one page, and seconds that a cursor stays valid. */
export const PAGE_SIZES = { default: 100, max: 1000 } as const;
export const CURSOR_TIMEOUT_SECONDS = 24 * 3600;

/**
 * A page of the resources of some types, the types one after the other.
 * @throws ScimError `invalidFilter`, `invalidPath`, `invalidValue`, `invalidCount`, `invalidCursor`, `expiredCursor`.
 */
export async function listResources(
  work: Work,
  types: readonly ResourceType[],
  parameters: ListParameters,
): Promise<ScimListing> {
  const notes = new Normalizations();
  const parts = types.map((type) => partOf(work, type, types, parameters, notes));
  if (parts.length > 1 && parameters.sortBy !== undefined && parameters.sortBy !== null && parameters.sortBy !== "") {
    throw badRequest("invalidPath", "Resources of several types have no common order: sort under /Users or /Groups.");
  }
  const context = contextOf(work, parts, parameters);
  const page = parsePage(parameters, PAGE_SIZES, context);
  const body = await (page.kind === "index" ? byIndex(parts, page) : byCursor(parts, page, context));
  return { body, normalizations: notes.list() };
}

/** The resources of one type that a list is about. */
interface Part {
  readonly type: ResourceType;
  readonly filterText: string | undefined;
  readonly filter: ScimFilter | undefined;
  readonly order: ScimOrder | undefined;
  count(): Promise<number>;
  list(start: ScimQuery["start"], limit: number): Promise<readonly ScimRow<Listed>[]>;
  show(rows: readonly ScimRow<Listed>[]): Promise<ScimComplex[]>;
}

type Listed = StoredScimUser | StoredScimGroup;

function partOf(
  work: Work,
  type: ResourceType,
  types: readonly ResourceType[],
  parameters: ListParameters,
  notes: Normalizations,
): Part {
  const { records, configuration, baseUrl } = work;
  const text = filterText(parameters.filter);
  const others = types.filter((other) => other !== type);
  const checked = text === undefined ? undefined : parseFilter(text, type, others);
  notes.addAll(checked?.normalizations.list() ?? []);
  const filter = checked && toStorageFilter(checked.filter, type, baseUrl);
  const parsed = types.length > 1 ? undefined : parseOrder(type, parameters.sortBy, parameters.sortOrder);
  const order = parsed && toStorageOrder(parsed, type, baseUrl);
  const selection = parseSelection(type, parameters);
  const store = type === USER ? records.scimUsers : records.scimGroups;
  return {
    type,
    filterText: text,
    filter,
    order,
    count: () => store.count(configuration.id, filter),
    list: (start, limit) => store.list(configuration.id, { filter, order, start, limit }),
    show: (rows) => {
      const found = rows.map(({ record }) => record);
      return type === USER
        ? showUsers(work, found as readonly StoredScimUser[], selection)
        : showGroups(work, found as readonly StoredScimGroup[], selection);
    },
  };
}

function filterText(filter: unknown): string | undefined {
  if (filter === undefined || filter === null || filter === "") return undefined;
  if (typeof filter !== "string") throw badRequest("invalidFilter", "filter takes a text.");
  return filter;
}

async function byIndex(parts: readonly Part[], page: PageRequest & { readonly kind: "index" }) {
  const { startIndex, count } = page;
  const resources: ScimComplex[] = [];
  let totalResults = 0;
  for (const part of parts) {
    // What of the page lies in this part.
    const offset = Math.max(startIndex - 1 - totalResults, 0);
    const limit = count - resources.length;
    const rows = await part.list({ offset }, limit);
    resources.push(...(await part.show(rows)));
    totalResults += await totalOf(part, offset, rows.length, limit);
  }
  return listResponse(resources, { totalResults, startIndex });
}

/** Counting is spared when the page itself shows the end. */
async function totalOf(part: Part, offset: number, found: number, limit: number): Promise<number> {
  return found < limit && (found > 0 || offset === 0) ? offset + found : part.count();
}

async function byCursor(
  parts: readonly Part[],
  { after, count }: PageRequest & { readonly kind: "cursor" },
  context: CursorContext,
) {
  const from = after && positionOf(parts, after);
  const resources: ScimComplex[] = [];
  let totalResults = 0;
  let last: CursorPosition | undefined;
  let more = false;
  for (const [index, part] of parts.entries()) {
    const behind = from !== undefined && index < from.part;
    const start: ScimQuery["start"] = from && index === from.part ? { after: from.position } : { offset: 0 };
    const limit: number = more || behind ? 0 : count - resources.length;
    // One more than the page holds tells whether there is another page.
    const rows: readonly ScimRow<Listed>[] = more || behind ? [] : await part.list(start, limit + 1);
    const kept = rows.slice(0, limit);
    more ||= rows.length > limit;
    resources.push(...(await part.show(kept)));
    const end = kept.at(-1);
    if (end) last = toPosition(part, index, end);
    const whole = "offset" in start && limit > 0 && rows.length <= limit;
    totalResults += whole ? rows.length : await part.count();
  }
  // A page of nothing ends where it began.
  const end = last ?? after;
  const nextCursor = more && end ? encodeCursor(end, context) : undefined;
  return listResponse(resources, { totalResults, nextCursor });
}

/** In a cursor the place of the type stands before the row's number. */
function toPosition({ order }: Part, index: number, { record, sortValue }: ScimRow<Listed>): CursorPosition {
  const id = `${index}.${record.number}`;
  return order ? { id, sortValue } : { id };
}

/** @throws ScimError `invalidCursor` for what no list can have given, however it was made. */
function positionOf(parts: readonly Part[], { id, sortValue }: CursorPosition) {
  const [, index, digits] = /^(\d)\.(\d{1,15})$/.exec(id) ?? [];
  const part = Number(index);
  const order = parts[part]?.order;
  const given = order === undefined ? sortValue === undefined : fits(order, sortValue);
  if (digits === undefined || part >= parts.length || !given) throw invalidCursor();
  return { part, position: { number: Number(digits), sortValue } };
}

function fits({ operand }: ScimOrder, value: CursorPosition["sortValue"]): boolean {
  if (value === null) return true;
  const numeric = operand.from === "column" && operand.kind !== "text";
  return numeric ? Number.isSafeInteger(value) : typeof value === "string" && isStorable(value);
}

function contextOf({ environment, configuration }: Work, parts: readonly Part[], parameters: ListParameters) {
  const sorting = [parameters.sortBy, parameters.sortOrder].map((one) => (typeof one === "string" ? one : ""));
  const names = parts.map(({ type }) => type.name).join();
  return {
    list: listKey(configuration.id, names, parts[0]?.filterText, ...sorting),
    now: environment.clock.now(),
    timeoutSeconds: CURSOR_TIMEOUT_SECONDS,
  };
}

/** Every type, in the order in which a search of all resources shows them. */
export const ALL_TYPES: readonly ResourceType[] = [USER, GROUP];
