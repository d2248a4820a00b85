import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from "kysely";
import type { AuditChange, AuditEntryRecord, AuditEntryStore, AuditFilter, Page, PageRequest } from "../storage.ts";
import { type Engine, PLANNED_ANEW, toPage } from "./engine.ts";
import { holdLock } from "./locks.ts";
import { insertRows } from "./rows.ts";
import type { Tables } from "./schema.ts";
import { Together } from "./together.ts";

/** Takes the organizations whose audit log grows. */
export interface Growth {
  add(organizationId: string | undefined): unknown;
}

export class AuditEntrySqlStore implements AuditEntryStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;
  readonly #grown: Growth;
  readonly #appends = new Together<AuditEntryRecord, undefined>((entries) => this.#appendAll(entries));

  /** @param grown is told whose log an append has added to. */
  constructor(db: Kysely<Tables>, engine: Engine, grown: Growth) {
    this.#db = db;
    this.#engine = engine;
    this.#grown = grown;
  }

  async append(entry: AuditEntryRecord): Promise<void> {
    await this.#appends.add(entry);
  }

  async get(organizationId: string, id: string): Promise<AuditEntryRecord | undefined> {
    const row = await this.#db
      .selectFrom("audit_entries")
      .selectAll()
      .where("id", "=", id)
      .where("organization_id", "=", organizationId)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async list(
    organizationId: string,
    filter: AuditFilter,
    order: AuditOrder,
    { limit, after }: PageRequest,
  ): Promise<Page<AuditEntryRecord>> {
    const bounds = await this.#bounds(organizationId, filter);
    if (after !== undefined && order === "newest") bounds.before = Math.min(Number(after), bounds.before ?? Infinity);
    if (after !== undefined && order === "oldest") bounds.after = Math.max(Number(after), bounds.after ?? 0);
    const part = (driving: Driving | undefined, value: string | undefined) => {
      let query = this.#matching(organizationId, filter, driving?.key, bounds)
        .orderBy("sequence", order === "newest" ? "desc" : "asc")
        .limit(limit + 1);
      if (driving && value !== undefined) query = query.where(driving.column, "=", value);
      return query;
    };
    const driving = DRIVING.find(({ key }) => filter[key]?.length);
    const values = driving ? [...new Set(filter[driving.key])] : [undefined];
    const parts = values.map((value) => part(driving, value));
    const rows = await (parts.length === 1 ? (parts[0] as Part) : this.#merge(parts, order, limit))
      // Of some values there are few entries and of others most: a plan for any of them would read the whole log for few.
      .modifyFront(sql.raw(PLANNED_ANEW))
      .execute();
    return toPage(rows, limit, toRecord, (row) => String(row.sequence));
  }

  async lastSequence(organizationId: string): Promise<number> {
    const row = await this.#db
      .selectFrom("audit_entries")
      .select("sequence")
      .where("organization_id", "=", organizationId)
      .orderBy("sequence", "desc")
      .limit(1)
      .executeTakeFirst();
    return row?.sequence ?? 0;
  }

  async listChanges(organizationId: string, after: number, limit: number): Promise<readonly AuditChange[]> {
    const rows = await this.#engine.rows(this.#db, "audit_entries.changes", [organizationId, after, limit], (db) =>
      db
        .selectFrom("audit_entries")
        .select(["sequence", "actor_id", "subject_id", "subject_type", "operation"])
        .where("organization_id", "=", "")
        .where("sequence", ">", 0)
        .orderBy("sequence")
        .limit(1),
    );
    return rows.map((row) => ({
      sequence: row.sequence,
      actorId: row.actor_id,
      subjectId: row.subject_id,
      subjectType: row.subject_type as AuditChange["subjectType"],
      operation: row.operation as AuditChange["operation"],
    }));
  }

  async hasMoreThan(organizationId: string, after: number, count: number): Promise<boolean> {
    const row = await this.#db
      .selectFrom("audit_entries")
      .select("sequence")
      .where("organization_id", "=", organizationId)
      .where("sequence", ">", after)
      .orderBy("sequence")
      .offset(count)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async findCreator(organizationId: string, subjectId: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom("audit_entries")
      .select("actor_id")
      .where("organization_id", "=", organizationId)
      .where("subject_id", "=", subjectId)
      .where("operation", "=", "create")
      .orderBy("sequence")
      .limit(1)
      .executeTakeFirst();
    return row?.actor_id;
  }

  async deleteOldest(before: number, limit: number): Promise<number> {
    const { numDeletedRows } = await this.#db
      .deleteFrom("audit_entries")
      .where("created_at", "<", before)
      .where("sequence", "in", (e) => e.selectFrom("audit_entries").select("sequence").orderBy("sequence").limit(limit))
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  async #appendAll(entries: readonly AuditEntryRecord[]): Promise<readonly undefined[]> {
    const organizationIds = new Set(entries.map(({ organizationId }) => organizationId));
    const locks = [...organizationIds]
      .filter((id) => id !== undefined)
      .sort()
      .map((id) => holdLock(this.#engine, this.#db, `audit entries of ${id}`));
    // Sent together, and carried out one after another.
    await Promise.all([...locks, insertRows(this.#engine, this.#db, "audit_entries", entries.map(toRow))]);
    for (const id of organizationIds) this.#grown.add(id);
    return [];
  }

  /** The entries that pass the filter, but for the part that drives. */
  #matching(organizationId: string, filter: AuditFilter, driving: DrivingKey | undefined, bounds: Bounds) {
    let query = this.#db.selectFrom("audit_entries").selectAll().where("organization_id", "=", organizationId);
    for (const { key, column } of DRIVING) {
      const values = filter[key];
      if (key !== driving && values?.length) query = query.where(column, "in", [...values]);
    }
    if (filter.from !== undefined) query = query.where("created_at", ">=", filter.from);
    if (filter.to !== undefined) query = query.where("created_at", "<", filter.to);
    if (bounds.after !== undefined) query = query.where("sequence", ">", bounds.after);
    if (bounds.before !== undefined) query = query.where("sequence", "<", bounds.before);
    return query;
  }

  /** One list out of the lists for each value: each of them comes in order out of its index. */
  #merge(parts: readonly Part[], order: AuditOrder, limit: number): Part {
    const [first, ...others] = parts.map((part, i) => this.#db.selectFrom(part.as(`part_${i}`)).selectAll());
    const all = others.reduce((union, part) => union.unionAll(part), first as Part);
    return this.#db
      .selectFrom(all.as("entry"))
      .selectAll()
      .orderBy("sequence", order === "newest" ? "desc" : "asc")
      .limit(limit + 1) as Part;
  }

  /**
   * Between which sequences the entries of a time are. Entries come nearly in the order of time, so an index on the time
   * finds the ends of a short window, and nothing before or behind it is read. A long window is read as it comes.
   */
  async #bounds(organizationId: string, { from, to }: AuditFilter): Promise<Bounds> {
    if (from === undefined && to === undefined) return {};
    let window = this.#db
      .selectFrom("audit_entries")
      .select("sequence")
      .where("organization_id", "=", organizationId)
      .orderBy("created_at")
      .limit(SHORT_WINDOW + 1);
    if (from !== undefined) window = window.where("created_at", ">=", from);
    if (to !== undefined) window = window.where("created_at", "<", to);
    const { first, last, count } = await this.#db
      .selectFrom(window.as("w"))
      .select((e) => [e.fn.min("sequence").as("first"), e.fn.max("sequence").as("last"), e.fn.countAll().as("count")])
      .executeTakeFirstOrThrow();
    // An empty window has no ends, and between 0 and 1 is nothing.
    if (Number(count) === 0) return { after: 0, before: 1 };
    return Number(count) > SHORT_WINDOW ? {} : { after: first - 1, before: last + 1 };
  }
}

type AuditOrder = "newest" | "oldest";
type Row = Selectable<Tables["audit_entries"]>;
type Part = SelectQueryBuilder<Tables, "audit_entries", Row>;

/** Exclusive. */
interface Bounds {
  after?: number | undefined;
  before?: number | undefined;
}

/** Entries of a time up to which its ends are looked for. */
const SHORT_WINDOW = 10_000;

/** Filters with an index each, the most selective first: the first one that is given drives the query. */
const DRIVING = [
  { key: "subjectIds", column: "subject_id" },
  { key: "actorIds", column: "actor_id" },
  { key: "subjectTypes", column: "subject_type" },
  { key: "actorPrincipals", column: "actor_principal" },
] as const;

type Driving = (typeof DRIVING)[number];
type DrivingKey = Driving["key"];

function toRecord(row: Row): AuditEntryRecord {
  return {
    id: row.id,
    organizationId: row.organization_id ?? undefined,
    actorId: row.actor_id,
    actorPrincipal: row.actor_principal as AuditEntryRecord["actorPrincipal"],
    subjectId: row.subject_id,
    subjectType: row.subject_type as AuditEntryRecord["subjectType"],
    action: row.action,
    operation: row.operation as AuditEntryRecord["operation"],
    requestId: row.request_id,
    before: row.before === null ? undefined : JSON.parse(row.before),
    after: row.after === null ? undefined : JSON.parse(row.after),
    createdAt: row.created_at,
  };
}

function toRow(record: AuditEntryRecord): Omit<Tables["audit_entries"], "sequence"> {
  return {
    id: record.id,
    organization_id: record.organizationId ?? null,
    actor_id: record.actorId,
    actor_principal: record.actorPrincipal,
    subject_id: record.subjectId,
    subject_type: record.subjectType,
    action: record.action,
    operation: record.operation,
    request_id: record.requestId,
    before: record.before === undefined ? null : JSON.stringify(record.before),
    after: record.after === undefined ? null : JSON.stringify(record.after),
    created_at: record.createdAt,
  };
}
