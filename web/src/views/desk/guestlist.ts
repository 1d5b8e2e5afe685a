// A list of guests on its way: what is sent to the server, and what is saved for oneself. Pure.

import type { ListRow } from "./calls.ts";

export const cells = ["email", "first_name", "last_name", "type"] as const;

/** What goes back to the server: also what nobody mends here. */
const sent = [...cells, "language", "zone"] as const;

/** A row as one sees and mends it. Its place in the list is its identity. */
export type Guest = ListRow & { mended?: boolean };

const line = (values: readonly string[]) => values.map((value) => `"${value.replace(/[\r\n]+/g, " ").replaceAll('"', '""')}"`).join(",");

/** A wrong language or zone is left out at the next try: there is nothing here to mend it with. */
const cellOf = (row: Guest, name: (typeof sent)[number]) => ((name === "language" || name === "zone") && row.error?.fields?.[name] ? "" : row[name] ?? "");

/** Rows as CSV: each on a line of its own, behind the names of the columns, whatever its cells hold. */
export const csvOf = (rows: readonly Guest[]): string => [line(sent), ...rows.map((row) => line(sent.map((name) => cellOf(row, name))))].join("\n");

/** What the server says of rows sent by `csvOf`, at the places that they had before. Empty ones it passes over. */
export const placed = (items: readonly ListRow[], rows: readonly Guest[]): Guest[] =>
  items.map((item) => ({ ...item, line: rows[item.line - 2]?.line ?? item.line }));

/** A cell that no spreadsheet program computes with. */
const inert = (text: string) => (/^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text);

/** The links as a file for spreadsheet programs; the mark in front makes them read it as UTF-8. */
export function linksCsv(rows: readonly Guest[]): string {
  const heads = [...cells, "url", "expires_at"];
  const body = rows.filter((row) => row.url).map((row) => line([...cells.map((name) => inert(row[name])), row.url ?? "", row.expires_at ?? ""]));
  return `\ufeff${[line(heads), ...body].join("\r\n")}\r\n`;
}

/** Its domain mixes alphabets or looks like another one. */
export const isOdd = (row: Guest) => row.warnings !== undefined;

/** How many of what; `left` are those with errors. */
export function count(rows: readonly Guest[]) {
  const good = rows.filter((row) => row.ok);
  return { fresh: good.filter((row) => !row.existing).length, known: good.filter((row) => row.existing).length, left: rows.length - good.length, good: good.length, odd: good.filter(isOdd).length };
}

/** The pieces of a list that are sent one after the other. */
export function* pieces<Row>(rows: readonly Row[], size: number): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}
