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
  names: Record<string, string>;
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

export const exportAt = (wanted: Wanted, format: "csv" | "ndjson") => `/api/v1/site/audit?${queryOf(wanted)}&format=${format}`;

export const audit = {
  list: (wanted: Wanted, after = "") => call<AuditPage>("GET", `/site/audit?${queryOf(wanted)}&after=${encodeURIComponent(after)}`),
  chain: async (room: string) => {
    const { chain } = await call<AuditPage>("GET", `/site/audit?${new URLSearchParams({ room, verify: "true" })}`);
    return chain ?? { intact: false, entries: 0 };
  },
};
