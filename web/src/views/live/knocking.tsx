// The waiting room, for who waits: the same frame as before the start, and who decides.

import "../first.ts";
import { useEffect, useRef } from "preact/hooks";
import { seconds } from "../../browser.ts";
import { plural, t } from "../../i18n/index.ts";
import { number } from "../../i18n/format.ts";
import type { Lineup, Room } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { About } from "../about.tsx";
import { LinkState } from "../linkstate.tsx";
import { NoticeList } from "../noticelist.tsx";
import { Status } from "../parts.tsx";
import { Poster } from "../stage.tsx";
import { Announcements } from "./announcements.tsx";

/** One's number among those who wait: of every so many-th is told when they came. */
function placeIn({ step, from, after }: Lineup, since: number): number {
  return 1 + step * Math.max(0, after.findLastIndex((later) => from + later <= since));
}

export function Knocking({ session, room }: { session: RoomSession; room: Room }) {
  const { you, count, lineup } = session.state.value;
  seconds.value;
  const since = you?.waits_since_at;
  const minutes = since ? Math.max(0, Math.floor(((session.clock.now() ?? since) - since) / 60_000)) : 0;
  const place = lineup && since ? placeIn(lineup, since) : 0;
  const others = (count.waiting ?? 1) - 1;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { // the button that was pressed in the lobby took the focus with it
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main class="room" id="main" tabIndex={-1}>
      <section class="stage" aria-label={t("stage.session")}>
        <Poster opening="half">
          <div class="stack">
            <p><Status state="live" live>{t("status.live")}</Status></p>
            <p class="poster-title">{room.title}</p>
          </div>
        </Poster>
        <LinkState session={session} />
      </section>
      <section class="panel" aria-label={t("waiting.panel")}>
        <NoticeList />
        <Announcements session={session} />
        <section class="card stack-s">
          <h1 ref={heading} class="form-title" tabIndex={-1}>{t("knocking.title")}</h1>
          <p class="soft">{t("knocking.text")}</p>
          {lineup && place > 0 && <p><b class="num">{t(lineup.step > 1 ? "knocking.about" : "knocking.place", { place: number(place), waiting: number(lineup.waiting) })}</b></p>}
          {you?.told && <p class="quote"><span><b>{you.told.by.name}</b> {you.told.text}</span></p>}
          <p class="small num">{minutes === 0 ? t("knock.now") : plural("knock.since", minutes)}{others > 0 && ` · ${plural("waiting.people", others)}`}</p>
        </section>
      </section>
      <About room={room} />
    </main>
  );
}
