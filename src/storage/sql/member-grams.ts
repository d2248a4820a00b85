import { type Kysely, sql } from "kysely";
import { foldText } from "../../lib/fold.ts";
import type { Engine } from "./engine.ts";
import type { Tables } from "./schema.ts";

/** Characters of a name and an email that are ordered and searched by; an index entry cannot hold them all. */
const MAX_NAME = 256;
const MAX_EMAIL = 320;

/** Characters of a run that is indexed. */
export const GRAM_LENGTH = 3;

/** The name as members are ordered and searched by it. */
export const nameKey = (name: string): string => key(name, MAX_NAME);

/** The email as it is compared and searched. */
export const emailKey = (email: string): string => key(email, MAX_EMAIL);

function key(text: string, length: number): string {
  // Folding is not linear in what it throws away: a text of a megabyte is cut before.
  const start = text.length > 4 * length ? [...text.slice(0, 4 * length)].slice(0, -1).join("") : text;
  return [...foldText(start)].slice(0, length).join("");
}

/** What a member is found by: each run of three characters of a key, and the first one and two of each of its words. */
export function gramsOf(...keys: readonly string[]): Set<string> {
  const grams = new Set<string>();
  for (const characters of keys.map((each) => [...each])) {
    characters.forEach((character, at) => {
      if (at + GRAM_LENGTH <= characters.length) grams.add(characters.slice(at, at + GRAM_LENGTH).join(""));
      if (!isWordCharacter(character) || isWordCharacter(characters[at - 1] ?? "")) return;
      grams.add(character);
      if (at + 1 < characters.length) grams.add(character + characters[at + 1]);
    });
  }
  return grams;
}

/** The indexed runs that a member must have whose name or email contains the folded text. Not empty. */
export function gramsOfSearch(search: string): readonly string[] {
  const characters = [...search];
  if (characters.length <= GRAM_LENGTH) return [search];
  const runs = characters.slice(GRAM_LENGTH - 1).map((_, at) => characters.slice(at, at + GRAM_LENGTH).join(""));
  return [...new Set(runs)];
}

/** Letters, marks, digits and symbols that stand alone, such as emoji, make words; everything else parts them. */
const isWordCharacter = (character: string): boolean => /^[\p{L}\p{M}\p{N}\p{So}]$/u.test(character);

/** Adds the rows of a user's grams, from the user's row. */
export async function insertGrams(engine: Engine, db: Kysely<Tables>, userId: string, grams: Set<string>) {
  const { dialect } = engine;
  await sql`insert into member_grams (organization_number, gram, name_key, user_number, joined_at)
    select o.number, e.value, u.name_key, u.number, u.created_at
    from users as u
    inner join organizations as o on o.id = u.organization_id
    cross join ${dialect.elements(JSON.stringify([...grams]))} as e
    where u.id = ${userId}`.execute(db);
}

/** Deletes the rows of a user's grams. Call it while the user's row is as it was when they were inserted. */
export async function deleteGrams(engine: Engine, db: Kysely<Tables>, userId: string, grams: Set<string>) {
  const { dialect } = engine;
  await sql`delete from member_grams
    where organization_number = (
      select o.number from organizations as o inner join users as u on u.organization_id = o.id where u.id = ${userId}
    )
    and gram in (select e.value from ${dialect.elements(JSON.stringify([...grams]))} as e)
    and name_key = (select u.name_key from users as u where u.id = ${userId})
    and user_number = (select u.number from users as u where u.id = ${userId})`.execute(db);
}

/** Deletes the rows of all users of an organization. */
export async function deleteGramsOfOrganization(db: Kysely<Tables>, organizationId: string): Promise<void> {
  await db
    .deleteFrom("member_grams")
    .where("organization_number", "=", (e) =>
      e.selectFrom("organizations").select("number").where("id", "=", organizationId),
    )
    .execute();
}
