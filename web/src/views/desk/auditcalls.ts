// The calls about the audit log.

import { call } from "../../api.ts";

export interface Entry {
  room: string;
  number: number;
  at: string;
  act: string;
  who?: string;
  targets: string[];
  changes: { field: string; before?: string; after?: string }[];
}

interface Chain {
  intact: boolean;
  entries: number;
  broken?: string;
}

export interface AuditPage {
  items: Entry[];
  /** Of people and groups; who was erased has none. */
  names: Record<string, string>;
  /** Titles. */
  rooms: Record<string, string>;
  next?: string;
  chain?: Chain;
}

/** What is looked for; the days are the visitor's, both included. */
export interface Wanted {
  q: string;
  act: string;
  from: string;
  to: string;
}

function queryOf({ q, act, from, to }: Wanted): URLSearchParams {
  const query = new URLSearchParams({ q: q.trim(), act });
  if (from) query.set("from", midnight(from, 0));
  if (to) query.set("to", midnight(to, 1));
  return query;
}

function midnight(day: string, later: number): string {
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

/** Where a log is read: of the whole site, or of a room. */
export type Source = "/site/audit" | `/rooms/${string}/audit`;

export const exportAt = (source: Source, wanted: Wanted, format: "csv" | "ndjson") => `/api/v1${source}?${queryOf(wanted)}&format=${format}`;

export const audit = {
  list: (source: Source, wanted: Wanted, after = "") => call<AuditPage>("GET", `${source}?${queryOf(wanted)}&after=${encodeURIComponent(after)}`),
  /** Goes through the chain of a room, or of the site's own acts. */
  chain: async (source: Source, room: string) => {
    const { chain } = await call<AuditPage>("GET", `${source}?${new URLSearchParams({ room, verify: "true" })}`);
    return chain ?? { intact: false, entries: 0 };
  },
};
