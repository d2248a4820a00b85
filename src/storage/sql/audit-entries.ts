import type { Kysely, Selectable } from "kysely";
import type { AuditEntryRecord, AuditEntryStore, AuditFilter, Page, PageRequest } from "../storage.ts";
import { type Engine, toPage } from "./engine.ts";
import type { Tables } from "./schema.ts";

export class AuditEntrySqlStore implements AuditEntryStore {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;
  readonly #grown: Set<string | undefined>;

  /** @param grown is told whose log an append has added to. */
  constructor(db: Kysely<Tables>, engine: Engine, grown: Set<string | undefined>) {
    this.#db = db;
    this.#engine = engine;
    this.#grown = grown;
  }

  async append(entry: AuditEntryRecord): Promise<void> {
    if (entry.organizationId !== undefined) {
      await this.#engine.dialect.lock(this.#db, `audit entries of ${entry.organizationId}`);
    }
    await this.#db
      .insertInto("audit_entries")
      .values(toRow(entry) as never)
      .execute();
    this.#grown.add(entry.organizationId);
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
    order: "newest" | "oldest",
    { limit, after }: PageRequest,
  ): Promise<Page<AuditEntryRecord>> {
    let query = this.#db
      .selectFrom("audit_entries")
      .selectAll()
      .where("organization_id", "=", organizationId)
      .orderBy("sequence", order === "newest" ? "desc" : "asc")
      .limit(limit + 1);
    if (after !== undefined) query = query.where("sequence", order === "newest" ? "<" : ">", Number(after));
    if (filter.actorIds?.length) query = query.where("actor_id", "in", [...filter.actorIds]);
    if (filter.actorPrincipals?.length) query = query.where("actor_principal", "in", [...filter.actorPrincipals]);
    if (filter.subjectIds?.length) query = query.where("subject_id", "in", [...filter.subjectIds]);
    if (filter.subjectTypes?.length) query = query.where("subject_type", "in", [...filter.subjectTypes]);
    if (filter.from !== undefined) query = query.where("created_at", ">=", filter.from);
    if (filter.to !== undefined) query = query.where("created_at", "<", filter.to);
    return toPage(await query.execute(), limit, toRecord, (row) => String(row.sequence));
  }
}

function toRecord(row: Selectable<Tables["audit_entries"]>): AuditEntryRecord {
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
