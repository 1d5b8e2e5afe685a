// The site's pages: what its owners and admins decide for all rooms.

import "../desk/base.ts";
import { t } from "../../i18n/index.ts";
import { serverNow } from "../../api.ts";
import { Refusal } from "../later.ts";
import { Frame, person, siteRole } from "../desk/frame.tsx";
import { Link } from "../parts.tsx";
import type { Tab } from "./tabs.ts";
import { tabAddress, tabs } from "./tabs.ts";

export function Site({ tab }: { tab: string }) {
  const role = siteRole(person.value);
  const mine = tabs.filter((one) => role === "owner" || role === one.role);
  const now = mine.find((one) => one.name === tab) ?? (tab === "" ? mine[0] : undefined);
  if (!now) return <Refusal facts={{ code: "not_found", now: serverNow() }} again={() => undefined} />;
  return (
    <Frame title={t("site.title", { tab: t(now.label) })} at="site" narrow={now.narrow}>
      <div class="page-head"><h1 tabIndex={-1}>{t(now.label)}</h1></div>
      <Tabs all={mine} now={now} />
      <now.View key={now.name} />
    </Frame>
  );
}

function Tabs({ all, now }: { all: readonly Tab[]; now: Tab }) {
  return (
    <nav class="line chips" aria-label={t("site.tabs")}>
      {all.map((tab) => <Link key={tab.name} class="chip" to={tabAddress(tab)} aria-current={tab === now ? "page" : undefined}>{t(tab.label)}</Link>)}
    </nav>
  );
}
