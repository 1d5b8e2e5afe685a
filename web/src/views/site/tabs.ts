// The tabs of the site's pages: one row each. A tab is a part of its own, with its own texts, fetched when wanted.

import type { Key } from "../../i18n/index.ts";
import type { Lazy } from "../lazy.tsx";
import { page } from "../lazy.tsx";

export interface Tab {
  /** The last part of its address; empty for /site itself. */
  name: string;
  label: Key;
  /** Who sees it, with those above. */
  role: "admin" | "owner";
  /** A column of cards, without tables. */
  narrow?: boolean;
  View: Lazy<object>;
}

export const tabs: readonly Tab[] = [
  { name: "", label: "site.general", role: "owner", narrow: true, View: page("site", async () => (await import("./general.tsx")).General) },
  { name: "domains", label: "site.domains", role: "owner", View: page("site", async () => (await import("./domains.tsx")).Domains) },
  { name: "mail", label: "site.mail", role: "owner", View: page("mail", async () => (await import("./mail.tsx")).Mail) },
  { name: "people", label: "site.people", role: "admin", View: page(["people", "data"], async () => (await import("./people.tsx")).People) },
  { name: "audit", label: "site.audit", role: "admin", View: page("audit", async () => (await import("./audit.tsx")).Audit) },
];

export const tabAddress = ({ name }: Tab) => (name ? `/site/${name}` : "/site");
