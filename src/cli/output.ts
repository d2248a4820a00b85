/** Values by the names of their columns. */
export type Row = Readonly<Record<string, unknown>>;

/** What a command writes with: results to standard output, everything else to standard error. */
export interface Output {
  /** Writes a result: one JSON document with `--json`, otherwise the text. */
  result(json: unknown, text: string): void;
  /** Writes rows as a table, or as a JSON array with `--json`. `show` makes the texts of the table out of a row. */
  table(rows: readonly Row[], columns: readonly string[], empty: string, show?: (row: Row) => Row): void;
  /** Writes a remark to standard error. */
  note(text: string): void;
}

/** Exit codes that mean something to a script. */
export const EXIT = {
  ok: 0,
  /** Something failed that a repetition may or may not mend: storage, network, an internal error. */
  failed: 1,
  /** The command line or a setting is unusable. */
  usage: 2,
  /** There is no such thing, or it is not the caller's. */
  notFound: 3,
  /** The request was understood and refused. */
  refused: 4,
  /** No credential, or one that is not good. */
  unauthenticated: 5,
} as const;

/** An output over the process's streams. */
export function createOutput(json: boolean): Output {
  const line = (text: string) => process.stdout.write(`${text}\n`);
  return {
    result: (value, text) => line(json ? JSON.stringify(value, null, 2) : text),
    table(rows, columns, empty, show = (row) => row) {
      if (json) return void line(JSON.stringify(rows, null, 2));
      if (rows.length === 0) return void process.stderr.write(`${empty}\n`);
      line(formatTable(rows.map(show), columns));
    },
    note: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** Columns as wide as their widest value, two spaces apart. */
export function formatTable(rows: readonly Row[], columns: readonly string[]): string {
  const cells = [columns.map(heading), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((value, index) => value.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function heading(column: string): string {
  return column.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
}

function cell(value: unknown): string {
  if (value === undefined || value === null || value === "") return "-";
  // A stored name may hold anything; a terminal must not obey it.
  const text = Array.isArray(value) ? value.join(",") : String(value);
  return text.replace(/\p{Cc}/gu, "\uFFFD");
}
