import pg from "pg";

/** Makes an empty database on the server of this URL (without a database name). @returns the database's URL */
export async function createPostgresDatabase(server: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: `${server}/postgres` });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return `${server}/${name}`;
}
