// The answers to an open question, for the staff: read here, shown to everybody one by one.

import "../second.ts";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { openAnswers, show } from "../../live/pollacts.ts";
import { report } from "../../notices.ts";
import type { Interaction, OpenAnswer } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";

export interface PollAnswersProps {
  session: RoomSession;
  item: Interaction;
}

export function PollAnswers({ session, item }: PollAnswersProps) {
  const page = useSignal<{ items: OpenAnswer[]; next?: string } | undefined>(undefined);
  const load = async (after?: string) => {
    const fresh = await openAnswers(session, item.id, after).catch(() => undefined);
    if (!fresh) return report(t("polls.failed"), "bad");
    page.value = { items: [...(after ? page.value?.items ?? [] : []), ...fresh.items], next: fresh.next };
  };
  useEffect(() => void load(), []);
  if (!page.value) return null;
  const { items, next } = page.value;
  const grouped = item.anonymous && item.state === "running";
  return (
    <div class="stack-s">
      <p class="line">
        <button type="button" class="btn btn-small" onClick={() => void load()}>{t("polls.reload")}</button>
        {item.shown && <button type="button" class="btn btn-small" onClick={() => void show(session, item.id)}>{t("polls.unshow")}</button>}
      </p>
      {grouped && <p class="small soft">{t("polls.unread.grouped")}</p>}
      {items.length === 0 && !grouped && <p class="small soft">{t("polls.unread")}</p>}
      <ul class="given">
        {items.map((one) => (
          <li key={`${one.participant} ${one.text}`}>
            <span>{one.text}{one.name && <><br /><span class="small soft">{one.name}</span></>}{one.n > 1 && <span class="small soft num"> × {one.n}</span>}</span>
            <button type="button" class="btn btn-small" aria-pressed={item.shown === one.text} onClick={() => void show(session, item.id, item.shown === one.text ? undefined : one)}>{t("polls.show")}<span class="sr">: {one.text}</span></button>
          </li>
        ))}
      </ul>
      {next && <button type="button" class="btn btn-small btn-block" onClick={() => void load(next)}>{t("polls.older")}</button>}
    </div>
  );
}
