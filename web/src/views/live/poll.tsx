// One poll as everybody sees it: the question, my answer, how it stands.

import { useComputed } from "@preact/signals";
import { useState } from "preact/hooks";
import { seconds } from "../../browser.ts";
import { stopwatch } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { isRunning } from "../../live/polls.ts";
import type { Interaction } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { isStaff, may } from "../../state.ts";
import { lazy } from "../lazy.tsx";
import { Status } from "../parts.tsx";
import type { PollControlsProps } from "./polldesk.tsx";
import { AnswerForm } from "./pollform.tsx";
import { Results } from "./pollresults.tsx";
import { said } from "./pollwords.ts";

const Controls = lazy<PollControlsProps>(async () => (await import("./polldesk.tsx")).PollControls);

export interface PollProps {
  session: RoomSession;
  item: Interaction;
}

export function Poll({ session, item }: PollProps) {
  const mine = useComputed(() => heldBy(session).polls?.mine[item.id]).value ?? item.mine;
  const tally = useComputed(() => heldBy(session).polls?.tallies[item.id]).value;
  const runs = useComputed(() => may(session.state.value, "interaction.launch")).value;
  const [again, setAgain] = useState(false);
  const running = isRunning(item);
  const final = item.anonymous || item.kind === "quiz";
  const asks = item.state === "running" && (!mine || again);
  const staff = useComputed(() => isStaff(session.state.value)).value;
  const live = staff || item.results === "live";
  const outcome = item.results === "hidden" && !staff ? undefined : item.outcome; // staff may look as viewers do
  const answers = outcome?.answers ?? tally?.answers ?? 0;
  return (
    <article class="poll" aria-labelledby={`poll-${item.id}`}>
      <p class="poll-head">
        {running ? <Left session={session} item={item} /> : <span>{t("polls.closed")}</span>}
        <span>{t(`polls.kind.${item.kind}`)}</span>
        {(running || outcome) && <span class="num">{plural("polls.answers", answers)}</span>}
      </p>
      <h3 id={`poll-${item.id}`}>{item.question}</h3>
      {runs && <Controls session={session} item={item} />}
      {asks && <AnswerForm session={session} item={item} mine={mine} done={() => setAgain(false)} />}
      {item.state === "running" && item.anonymous && !mine && <p class="hint">{t("polls.anonymous")}</p>}
      {mine && !asks && (
        <p class="soft">
          {said(item, mine)}{" "}
          {item.state === "running" && (final ? t("polls.final") : <button type="button" class="btn btn-small" onClick={() => setAgain(true)}>{t("polls.change")}</button>)}
        </p>
      )}
      {outcome ? <Results item={item} numbers={outcome} mine={mine} />
        : running && live && tally ? <Results item={item} numbers={tally} mine={mine} />
        : <p class="small soft">{t(running ? (item.results === "hidden" ? "polls.later.hidden" : "polls.later") : item.state === "closed" ? "polls.hidden" : "polls.later")}</p>}
      {item.shown && <figure><figcaption class="small soft">{t("polls.shown")}</figcaption><blockquote>{item.shown}</blockquote></figure>}
    </article>
  );
}

function Left({ session, item }: PollProps) {
  const left = useComputed(() => {
    seconds.value;
    const now = session.clock.now();
    return item.ends_at && now !== undefined ? Math.max(0, item.ends_at - now) : undefined;
  }).value;
  if (item.state === "closing" || left === 0) return <Status state="soon">{t("polls.closing")}</Status>;
  return <Status state="live">{left === undefined ? t("polls.open") : <span class="num">{t("polls.left", { time: stopwatch(left) })}</span>}</Status>;
}
