// After the end: the same stage, the door shut, what happened and what now.

import { when } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { About } from "./about.tsx";
import { LinkState } from "./linkstate.tsx";
import { part } from "./lazy.tsx";
import type { RemainsProps } from "./live/remains.tsx";
import { NoticeList } from "./noticelist.tsx";
import { Status } from "./parts.tsx";
import { Poster } from "./stage.tsx";

export const Remains = part<RemainsProps>(["polls", "order"], async () => (await import("./live/remains.tsx")).RemainsView);

export const ReportLink = part<{ room: string }>("order", async () => (await import("./live/reportlink.tsx")).ReportLink);

export interface OverProps {
  session: RoomSession;
  room: Room;
}

export function Over({ session, room }: OverProps) {
  const now = session.clock.now() ?? room.closed_at ?? room.starts_at;
  const early = Boolean(room.reason) || (room.ends_at !== undefined && (room.closed_at ?? now) < room.ends_at);
  return (
    <main class="room" id="main" tabIndex={-1}>
      <section class="stage" aria-label={t("stage.session")}>
        <Poster opening="shut">
          <div class="stack">
            <p><Status state="over" live>{t("status.over")}</Status></p>
            <p class="poster-title">{room.title}</p>
          </div>
          {room.closed_at && <p class="lead">{t("over.ended", { time: when(room.closed_at, now) })}</p>}
        </Poster>
        <LinkState session={session} />
      </section>
      <section class="panel" aria-label={t("over.panel")}>
        <NoticeList />
        <div class="card stack-s">
          <h1 class="form-title" tabIndex={-1}>{t(early ? "over.closed.title" : "over.title")}</h1>
          {room.reason && <p>{room.reason}</p>}
          <p class="soft">{t(early ? "over.closed.text" : "over.text")}</p>
          <p class="line">
            {session.state.value.you?.right && <a class="btn btn-main" href={`/rooms/${room.id}?report`}>{t("over.report")}</a>}
            <a class="btn" href="/">{t("do.rooms.action")}</a>
          </p>
        </div>
        {room.results && <Remains room={room.id} news={room} />}
      </section>
      <About room={room} />
    </main>
  );
}
