// The polls: what runs comes first, with a form as long as one has not answered; then what was asked before.
// Who runs them also has the drafts here, and the controls.

import "../second.ts";
import { useComputed, useSignal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { older } from "../../live/pollacts.ts";
import { isRunning, noPolls } from "../../live/polls.ts";
import { report } from "../../notices.ts";
import type { Interaction } from "../../protocol.ts";
import { may } from "../../state.ts";
import { Icon } from "../icons.tsx";
import { lazy } from "../lazy.tsx";
import { Empty } from "../shapes.tsx";
import type { PaneProps } from "../pane.ts";
import { paneOf } from "../pane.ts";
import { Poll } from "./poll.tsx";
import type { PollDeskProps } from "./polldesk.tsx";

const Desk = lazy<PollDeskProps>(async () => (await import("./polldesk.tsx")).PollDesk);

export function PollsPane(props: PaneProps) {
  const { session, docked } = props;
  useState(() => session.settle()); // before anything is drawn
  const { items, more } = useComputed(() => heldBy(session).polls ?? noPolls).value;
  const runs = useComputed(() => may(session.state.value, "interaction.create")).value;
  const past = useSignal<{ items: Interaction[]; more: boolean } | undefined>(undefined);
  const all = useMemo(() => [...(past.value?.items ?? []).filter((old) => !items.some(({ id }) => id === old.id)), ...items], [past.value, items]);
  const asked = all.filter(({ state }) => state !== "draft");
  const running = asked.filter(isRunning);
  const before = asked.filter((item) => !isRunning(item)).reverse();
  const goBack = async () => {
    const page = await older(session, all[0]?.id).catch(() => undefined);
    if (!page) return report(t("polls.failed"), "bad");
    past.value = { items: [...page.items, ...(past.value?.items ?? [])], more: page.more };
  };
  return (
    <div {...paneOf(props, "polls")} tabIndex={-1}>
      {docked && <div class="pane-head"><h2 id="polls-title"><Icon name="poll" />{t("tab.polls")}</h2></div>}
      <div class="scroll" tabIndex={0} role="group" aria-label={t("tab.polls")}>
        {runs && <Desk session={session} drafts={all.filter(({ state }) => state === "draft")} />}
        {running.map((item) => <Poll key={item.id} session={session} item={item} />)}
        {before.map((item) => <Poll key={item.id} session={session} item={item} />)}
        {asked.length === 0 && <Empty icon="poll" title={t("polls.none")}><p class="soft small">{t(runs ? "polls.none.staff" : "polls.none.text")}</p></Empty>}
        {(past.value?.more ?? more) && <p class="pad"><button type="button" class="btn btn-small btn-block" onClick={() => void goBack()}>{t("polls.older")}</button></p>}
      </div>
    </div>
  );
}
