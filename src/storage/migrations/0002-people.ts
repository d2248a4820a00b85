import { type Kysely, sql } from "kysely";
import type { Dialect } from "../dialect.ts";

/** Invites, the domains that open organizations, and what lists of members are served from. */
export async function createPeople(db: Kysely<unknown>, { bigint, text, clustered }: Dialect): Promise<void> {
  const statements = [
    sql`create table organization_invites (
      organization_id ${text} primary key references organizations (id) on delete cascade,
      id ${text} not null unique,
      created_at ${bigint} not null
    )`,

    // The list in organizations.invite_domains, by domain.
    sql`create table organization_invite_domains (
      domain ${text} not null,
      organization_id ${text} not null references organizations (id) on delete cascade,
      primary key (domain, organization_id)
    )`,
    sql`create index organization_invite_domains_organization on organization_invite_domains (organization_id)`,

    // Members in each of their orders, of the whole organization, by status and role, and by an uncommon login provider.
    ...memberIndexes("users_%", sql`organization_id`),
    ...memberIndexes("users_state_%", sql`organization_id, status, role`),
    ...memberIndexes("users_provider_%", sql`organization_id, login_provider`, UNCOMMON),
    sql`create index users_email on users (organization_id, email_key)`,

    // Every run of three characters in a member's name or email, and the beginnings of its words, in each of the orders of
    // a list: so a search reads its page and not all that it finds. The place of a member in the order of names is the
    // name's key and the user's number in one text. Without foreign keys, which would cost more than the rows;
    // OrganizationStore.delete removes them.
    sql`create table member_grams (
      organization_number ${bigint} not null,
      gram ${text} not null,
      place ${text} not null,
      user_number ${bigint} not null,
      joined_at ${bigint} not null,
      primary key (organization_number, gram, place)
    ) ${clustered}`,
    sql`create index member_grams_joined on member_grams (organization_number, gram, joined_at, user_number)`,
  ];
  for (const statement of statements) await statement.execute(db);
}

/** Nearly everybody comes through an SSO configuration; a provider of any length would not fit into an index. */
const UNCOMMON = sql`where login_provider <> 'custom' and length(login_provider) <= 64`;

function memberIndexes(name: string, columns: ReturnType<typeof sql>, condition = sql``) {
  return ["name_key", "created_at"].map((key) => {
    const index = sql.raw(name.replace("%", key === "name_key" ? "name" : "joined"));
    return sql`create index ${index} on users (${columns}, ${sql.raw(key)}, number) ${condition}`;
  });
}
