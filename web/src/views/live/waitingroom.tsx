// Who waits to be let in, for those who moderate: one list for all of them, longest first.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { seconds } from "../../browser.ts";
import { number } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { admit, deny } from "../../live/moderate.ts";
import type { Knock } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Avatar } from "../parts.tsx";
import { Marks } from "../roles.tsx";
import { useSuccessor } from "../successor.ts";

export function WaitingRoom({ session }: { session: RoomSession }) {
  const waiting = useComputed(() => heldBy(session).watch?.waiting).value;
  if (!waiting || waiting.total === 0) return null;
  const more = waiting.total - waiting.items.length;
  return (
    <section aria-label={t("knock.title")}>
      <h2 class="group-title" tabIndex={-1}><span>{t("knock.title")}</span><span class="num">{number(waiting.total)}</span></h2>
      <p class="line pad">
        <button type="button" class="btn btn-main btn-small" onClick={() => void admit(session, "all")}>{t("knock.admit.all")}</button>
        <button type="button" class="btn btn-small" onClick={() => void deny(session, "all")}>{t("knock.deny.all")}</button>
      </p>
      <ul>{waiting.items.map((knock) => <Row key={knock.participant} session={session} knock={knock} />)}</ul>
      {more > 0 && <p class="soft small pad">{plural("knock.more", more)}</p>}
    </section>
  );
}

function Row({ session, knock }: { session: RoomSession; knock: Knock }) {
  const row = useSuccessor<HTMLLIElement>(knock.participant);
  seconds.value;
  const minutes = Math.max(0, Math.floor(((session.clock.now() ?? knock.at) - knock.at) / 60_000));
  const who = { name: knock.name };
  return (
    <li class="row" ref={row} data-row={knock.participant}>
      <Avatar name={knock.name} seed={knock.participant} />
      <div class="row-main">
        <span class="line clip"><b class="clip">{knock.name}</b><Marks role="viewer" guest={knock.guest} /></span>
        <span class="small soft num">{minutes === 0 ? t("knock.now") : plural("knock.since", minutes)}</span>
      </div>
      <div class="row-end line">
        <button type="button" class="btn btn-small" aria-label={t("knock.admit.who", who)} onClick={() => void admit(session, [knock.participant])}>{t("knock.admit")}</button>
        <button type="button" class="btn btn-quiet btn-small" aria-label={t("knock.deny.who", who)} onClick={() => void deny(session, [knock.participant])}>{t("knock.deny")}</button>
      </div>
    </li>
  );
}
