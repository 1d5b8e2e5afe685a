// The tabs of the site's pages: one row each. A tab is a part of its own, with its own texts, fetched when wanted.

import type { Key, Part } from "../../i18n/index.ts";
import { usePart } from "../../i18n/index.ts";
import type { ComponentType } from "preact";
import type { Lazy } from "../lazy.tsx";
import { lazy } from "../lazy.tsx";

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

const part = (texts: Part | Part[], load: () => Promise<ComponentType<object>>): Lazy<object> =>
  lazy(async () => {
    const [View] = await Promise.all([load(), ...[texts].flat().map(usePart)]);
    return View;
  });

export const tabs: readonly Tab[] = [
  { name: "", label: "site.general", role: "owner", narrow: true, View: part("site", async () => (await import("./general.tsx")).General) },
  { name: "domains", label: "site.domains", role: "owner", View: part("site", async () => (await import("./domains.tsx")).Domains) },
  { name: "mail", label: "site.mail", role: "owner", View: part("mail", async () => (await import("./mail.tsx")).Mail) },
  { name: "people", label: "site.people", role: "admin", View: part(["people", "data"], async () => (await import("./people.tsx")).People) },
  { name: "audit", label: "site.audit", role: "admin", View: part("audit", async () => (await import("./audit.tsx")).Audit) },
];

export const tabAddress = ({ name }: Tab) => (name ? `/site/${name}` : "/site");
