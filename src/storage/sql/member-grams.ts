import { type Kysely, type RawBuilder, sql } from "kysely";
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

/** The text of a search as it is looked for in those. */
export const searchKey = (search: string): string => key(search, MAX_EMAIL);

function key(text: string, length: number): string {
  // Folding is not linear in what it throws away: a text of a megabyte is cut before.
  const start = text.length > 4 * length ? [...text.slice(0, 4 * length)].slice(0, -1).join("") : text;
  return [...foldText(start).replace(CONTROL, " ")].slice(0, length).join("");
}

/** Below every character of a key, so that a place is in the order of its key. */
const SEPARATOR = "\u0001";
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const CONTROL = /[\u0000-\u001f]/g;

/** Digits of a user's number in a place. */
const NUMBER_DIGITS = 12;

/** A user's place in the order of names, in SQL. */
export function placeOf(nameKey: RawBuilder<unknown>, userNumber: RawBuilder<unknown>): RawBuilder<string> {
  const offset = sql.lit(10 ** NUMBER_DIGITS);
  // In front of the digits stands a 1, which keeps the zeros.
  return sql<string>`${nameKey} || ${SEPARATOR} || substr(cast(${offset} + ${userNumber} as text), 2)`;
}

/** A user's place in the order of names, as a text. */
export const placeText = (nameKey: string, userNumber: number): string =>
  nameKey + SEPARATOR + String(userNumber).padStart(NUMBER_DIGITS, "0");

/** The user's number in a place. */
export const numberOfPlace = (place: string): number => Number(place.slice(-NUMBER_DIGITS));

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

/** Grams of a search that are looked at: with more, a look-up costs more than it saves. */
const MAX_SEARCHED = 6;
/** Those of them with several digits, at most. */
const MAX_NUMERIC = 3;

/**
 * Some grams that everybody has whose name or email contains the text, a search's key: those of numbers, which tell people
 * apart best, and others that overlap as little as can be, because neighbours are found in the same names. Not empty.
 */
export function gramsOfSearch(search: string): readonly string[] {
  const characters = [...search];
  if (characters.length <= GRAM_LENGTH) return [search];
  const runs = characters.slice(GRAM_LENGTH - 1).map((_, at) => characters.slice(at, at + GRAM_LENGTH).join(""));
  const numeric = spread(
    runs.filter((run) => /\p{N}.?\p{N}/u.test(run)),
    MAX_NUMERIC,
  );
  const apart = Math.min(MAX_SEARCHED - numeric.length, Math.ceil(characters.length / GRAM_LENGTH));
  return [...new Set([...numeric, ...spread(runs, apart)])];
}

/** At most `count` of the values, two or more, as far apart as can be: the first, the last, and some between. */
function spread(values: readonly string[], count: number): readonly string[] {
  if (values.length <= count) return values;
  return Array.from({ length: count }, (_, at) => values[Math.round((at * (values.length - 1)) / (count - 1))] ?? "");
}

/** Letters, marks, digits and symbols that stand alone, such as emoji, make words; everything else parts them. */
const isWordCharacter = (character: string): boolean => /^[\p{L}\p{M}\p{N}\p{So}]$/u.test(character);

/** Digits in which a user's number stands before a gram. */
const PREFIX = sql.lit(NUMBER_DIGITS);

/** Adds the rows of users' grams, by the users' numbers, from the users' rows. */
export async function insertGrams(
  engine: Engine,
  db: Kysely<Tables>,
  gramsOfUsers: ReadonlyMap<number, ReadonlySet<string>>,
): Promise<void> {
  const values = [...gramsOfUsers].flatMap(([number, grams]) => {
    const prefix = String(number).padStart(NUMBER_DIGITS, "0");
    return [...grams].map((gram) => prefix + gram);
  });
  // The separator stands in the place.
  await engine.rows(db, "member_grams.insert", [SEPARATOR, JSON.stringify(values)], (connection) => ({
    compile: () =>
      sql<never>`insert into member_grams (organization_number, gram, place, user_number, joined_at)
        select o.number, substr(e.value, ${PREFIX} + 1), ${placeOf(sql`u.name_key`, sql`u.number`)}, u.number, u.created_at
        from ${engine.dialect.elements("[]")} as e
        inner join users as u on u.number = cast(substr(e.value, 1, ${PREFIX}) as bigint)
        inner join organizations as o on o.id = u.organization_id`.compile(connection),
  }));
}

/** Deletes the rows of a user's grams. Call it while the user's row is as it was when they were inserted. */
export async function deleteGrams(engine: Engine, db: Kysely<Tables>, userId: string, grams: Set<string>) {
  const { dialect } = engine;
  await sql`delete from member_grams
    where organization_number = (
      select o.number from organizations as o inner join users as u on u.organization_id = o.id where u.id = ${userId}
    )
    and gram in (select e.value from ${dialect.elements(JSON.stringify([...grams]))} as e)
    and place = (select ${placeOf(sql`u.name_key`, sql`u.number`)} from users as u where u.id = ${userId})`.execute(db);
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
