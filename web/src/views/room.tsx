// The page of a room: one session, and the view of its phase. Swaps content, never the frame.

import { useComputed } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { time } from "../i18n/format.ts";
import { invitationOf } from "../kept.ts";
import { notices } from "../notices.ts";
import type { Room } from "../protocol.ts";
import { RoomSession } from "../session.ts";
import type { State } from "../state.ts";
import { Connecting } from "./connecting.tsx";
import { page } from "./lazy.tsx";
import { isAway } from "./linkstate.tsx";
import { Live, Over, Stopped } from "./later.ts";
import { Brand, Link, Skip } from "./parts.tsx";
import { Waiting } from "./waiting.tsx";

export interface LiveProps {
  session: RoomSession;
  room: Room;
  leave: () => void;
}

const Knocking = page<{ session: RoomSession; room: Room }>("order", async () => (await import("./live/knocking.tsx")).Knocking);

export function RoomPage({ id, preview }: { id: string; preview?: Room }) {
  const [round, setRound] = useState(0);
  const [left, setLeft] = useState(false);
  const [move, setMove] = useState(false); // the seat comes here from another device
  useEffect(() => {
    Live.preload(); // while one waits, so that the door opens at once
    Stopped.preload();
  }, []);
  const session = useMemo(() => new RoomSession(id, invitationOf(id), preview, move || undefined), [id, round]);
  useEffect(() => {
    if (left) return;
    notices.value = [];
    session.start();
    return () => session.stop();
  }, [session, left]);
  const again = (takeover = false) => {
    setMove(takeover);
    setLeft(false);
    setRound(round + 1);
  };
  if (left) return <Stopped session={session} why="left" again={again} />;
  return <Phase key={round} session={session} again={again} leave={() => setLeft(true)} />;
}

function Phase({ session, again, leave }: { session: RoomSession; again: (takeover?: boolean) => void; leave: () => void }) {
  // Only what decides about the view: a chat message must not draw the whole page anew.
  const link = useComputed(() => (session.link.value.state === "stopped" ? session.link.value : undefined)).value;
  const room = useComputed(() => session.state.value.room).value;
  const phase = useComputed(() => session.state.value.phase).value;
  const manager = useComputed(() => session.state.value.you?.role === "manager").value;
  useTitle(session, phase, room);
  useFocusOnPhase(phase);
  if (link) return <Stopped session={session} why={link} again={again} />;
  if (room?.state === "deleted") return <Stopped session={session} why="room_deleted" again={again} />;
  if (!room) return <Connecting text={t("connecting")} />;
  if (phase === "live" || phase === "backstage") return <Live session={session} room={room} leave={leave} />;
  return (
    <>
      <Skip to="main">{t("skip.main")}</Skip>
      <header class="bar">
        <Brand />
        <div class="bar-end">
          {manager ? phase === "over" && <Link class="btn" to={`/rooms/${room.id}`}>{t("room.manage")}</Link>
            : room.organiser && <span class="line small soft">{t("invited.by", { name: room.organiser })}</span>}
        </div>
      </header>
      {phase === "over" ? <Over session={session} room={room} /> : phase === "waiting" ? <Knocking session={session} room={room} /> : <Waiting session={session} room={room} />}
    </>
  );
}

function useTitle(session: RoomSession, phase: State["phase"], room?: Room): void {
  const away = useComputed(() => isAway(session)).value;
  const unread = useComputed(() => session.unread.value).value;
  useEffect(() => {
    if (!room) return;
    const title = room.title;
    const words = away ? t("title.away", { title }) : titleOf(phase, room);
    document.title = unread > 0 ? `(${unread}) ${words}` : words;
  });
}

function titleOf(phase: State["phase"], { title, starts_at }: Room): string {
  if (phase === "live") return t("title.live", { title });
  if (phase === "lobby") return t("title.lobby", { title });
  if (phase === "over") return t("title.over", { title });
  return t("title.countdown", { title, time: time(starts_at) });
}

/** By push, focus stays in a field where somebody types; otherwise it goes to the new page's heading. */
function useFocusOnPhase(phase: State["phase"]): void {
  const before = useRef(phase);
  useEffect(() => {
    const first = before.current === undefined;
    before.current = phase;
    if (first || document.activeElement?.matches("input, textarea")) return;
    requestAnimationFrame(() => document.querySelector<HTMLElement>("h1[tabindex]")?.focus({ preventScroll: true }));
  }, [phase]);
}

