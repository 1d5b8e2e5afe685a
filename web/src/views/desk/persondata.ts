// The calls about everything that is kept of one person: to take it along, to erase it.

import { call } from "../../api.ts";
import { proven } from "./proven.ts";
import { save } from "./save.ts";

/** Somebody else, for admins: an account, or an address without one. */
export interface Somebody {
  person?: string;
  email: string;
}

export interface Erasure {
  id: string;
  /** Missing: an address without an account. */
  person?: string;
  by: string;
  asked_at: string;
  done_at?: string;
}

/** Fetches it and saves it as a file; without somebody: what is kept of oneself. */
export async function takeAlong(who?: Somebody): Promise<void> {
  const body = !who ? {} : who.person ? { person: who.person } : { email: who.email };
  const document = await proven(() => call<unknown>("POST", who ? "/site/exports" : "/account/export", body));
  save(new Blob([JSON.stringify(document, null, 2)], { type: "application/json" }), "person.json");
}

/** For good. `confirm` is the address, typed. */
export const erase = (confirm: string, who?: Somebody) =>
  proven(() => call<Erasure>("POST", who ? "/site/erasures" : "/account/erasure", { confirm, person: who?.person }));

export const erasures = () => call<Erasure[]>("GET", "/site/erasures");
