// The raised hands on top of the list of people, the first raised first. Staff alone sees them.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useState } from "preact/hooks";
import { seconds } from "../../browser.ts";
import { number } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { setRole } from "../../live/peopleacts.ts";
import { heldBy } from "../../live/features.ts";
import { clearHands, lowerHand } from "../../live/questionacts.ts";
import { moreHands } from "../../live/stageacts.ts";
import type { Hand } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import { Cue } from "../cue.ts";
import { Avatar } from "../parts.tsx";
import { Marks } from "../roles.tsx";
import { part } from "../lazy.tsx";
import { useSuccessor } from "../successor.ts";
import type { WordProps } from "./worddialog.tsx";

const WordDialog = part<WordProps>("order", async () => (await import("./worddialog.tsx")).WordDialog);

export function HandQueue({ session }: { session: RoomSession }) {
  const { queue = [], total = 0 } = useComputed(() => heldBy(session).hands).value ?? {};
  const lowers = useComputed(() => may(session.state.value, "hand.clear")).value;
  const grants = useComputed(() => may(session.state.value, "role.set:speaker")).value;
  if (total === 0) return null;
  return (
    <>
      <h2 class="group-title"><span>{t("hand.queue")}</span><span class="num">{number(total)}</span></h2>
      <ol>
        {queue.map((hand) => <HandRow key={hand.participant} session={session} hand={hand} lowers={lowers} grants={grants} />)}
      </ol>
      {queue.length < total && <p class="pad-s"><button type="button" class="btn btn-small btn-block" onClick={() => void moreHands(session).catch(() => undefined)}>{t("people.more", { shown: number(queue.length), total: number(total) })}</button></p>}
      {lowers && total > 1 && <p class="pad-s"><button type="button" class="btn btn-small btn-block" onClick={() => void clearHands(session)}>{t("hand.clear")}</button></p>}
    </>
  );
}

function HandRow({ session, hand, lowers, grants }: { session: RoomSession; hand: Hand; lowers: boolean; grants: boolean }) {
  const [declining, setDeclining] = useState(false);
  const row = useSuccessor<HTMLLIElement>(hand.participant);
  const since = useComputed(() => {
    seconds.value;
    const now = session.clock.now();
    return now === undefined ? 0 : Math.max(0, Math.floor((now - hand.at) / 60_000));
  }).value;
  return (
    <li ref={row} class="row row-deeds hand-row">
      <Avatar name={hand.name} seed={hand.participant} />
      <div class="row-main">
        <span class="line clip"><b class="clip" dir="auto">{hand.name}</b><Marks {...hand} /><Cue session={session} who={hand} /></span>
        <span class="small soft">{since < 1 ? t("hand.now") : plural("hand.minutes", since)}</span>
      </div>
      <div class="row-end">
        {grants && hand.role === "viewer" && !hand.guest && (
          <button type="button" class="btn btn-small" onClick={() => void setRole(session, hand, "speaker")}>{t("hand.speaker")}<span class="sr">: {hand.name}</span></button>
        )}
        {lowers && <button type="button" class="btn btn-quiet btn-small" onClick={() => setDeclining(true)}>{t("hand.lower")}<span class="sr">: {hand.name}</span></button>}
      </div>
      {declining && <WordDialog title={t("hand.decline", { name: hand.name })} action={t("hand.lower")} send={(text) => lowerHand(session, hand.participant, text || undefined)} close={() => setDeclining(false)} />}
    </li>
  );
}
