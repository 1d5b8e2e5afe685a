// The live room: stage, dock, and a panel of conversations. Role changes swap rights in place:
// panes come and go, the composer never does.

import "../insidenotices.ts";
import "./second.ts";
import "./paint.ts";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { seconds } from "../browser.ts";
import { number } from "../i18n/format.ts";
import { plural, t } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { isStaff, may } from "../state.ts";
import { Icon } from "./icons.tsx";
import type { Command } from "./letters.ts";
import { KeyHelp, useKeys } from "./keys.tsx";
import { isAway } from "./linkstate.tsx";
import { ManagerDock } from "./managerdock.tsx";
import { NoticeList } from "./noticelist.tsx";
import { Brand, Skip, Status } from "./parts.tsx";
import { PeoplePane } from "./people.tsx";
import type { LiveProps } from "./room.tsx";
import { EarlyStage, LiveStage } from "./livestage.tsx";
import type { TabName } from "./tabs.tsx";
import { Tabs } from "./tabs.tsx";
import { ThreadPane } from "./thread.tsx";
import { useWide } from "./wide.ts";
import { You } from "./you.tsx";

export function Live({ session, room, leave }: LiveProps) {
  const early = useComputed(() => session.state.value.phase === "backstage").value;
  const shown = useSignal<TabName>(early ? "backchannel" : "chat");
  const helping = useSignal(false);
  const staff = useComputed(() => isStaff(session.state.value)).value;
  const manager = useComputed(() => may(session.state.value, "invitation.manage")).value;
  const docked = useWide() && staff;
  const away = useComputed(() => isAway(session)).value;
  const show = (tab: TabName) => {
    shown.value = tab;
  };
  useKeys((command) => obey(command, staff, show, () => {
    helping.value = true;
  }));
  useBackchannelWish(session, docked, show);
  useVanishingPane(staff, docked, shown.value, show);
  return (
    <>
      <Skip to="chat-text">{t("skip.chat")}</Skip>
      <header class="bar">
        <Brand wideOnly />
        <h1 class="bar-title" tabIndex={-1}>{room.title}</h1>
        {away ? <Status state="soon">{t("status.away")}</Status> : early ? <Status state="soon">{t("early.status")}</Status> : <LiveFor session={session} room={room} />}
        <div class="bar-end">
          {!away && <Inside session={session} />}
          <You session={session} help={() => {
            helping.value = true;
          }} leave={leave} />
          <button type="button" class="btn wide-only" onClick={leave}><Icon name="leave" />{t("leave")}</button>
        </div>
      </header>
      <main class={docked ? "room room-live room-docked" : "room room-live"} id="main" tabIndex={-1}>
        {early ? <EarlyStage session={session} room={room} /> : <LiveStage session={session} room={room} />}
        {manager && <ManagerDock session={session} room={room} />}
        <section class="panel" aria-label={t("panel.label")} data-zone="panel">
          <Tabs session={session} staff={staff && !docked} shown={shown.value} show={show} />
          <div class="panes">
            <NoticeList over />
            <ThreadPane session={session} channel="chat" shown={shown.value === "chat"} docked={false} />
            <PeoplePane session={session} shown={shown.value === "people"} />
            {staff && <ThreadPane session={session} channel="backchannel" shown={docked || shown.value === "backchannel"} docked={docked} />}
          </div>
        </section>
      </main>
      {helping.value && <KeyHelp staff={staff} close={() => {
        helping.value = false;
      }} />}
    </>
  );
}

function obey(command: Command, staff: boolean, show: (tab: TabName) => void, help: () => void): void {
  if (command === "help") return help();
  if (command === "backchannel" && !staff) return;
  show(command);
  const target = { chat: "chat-text", backchannel: "backchannel-text", people: "pane-people" }[command];
  requestAnimationFrame(() => document.getElementById(target)?.focus());
}

/** "Open backchannel" in a notice. */
function useBackchannelWish(session: RoomSession, docked: boolean, show: (tab: TabName) => void): void {
  const wish = session.backchannelWanted.value;
  useEffect(() => {
    if (wish === 0) return;
    if (!docked) show("backchannel");
    requestAnimationFrame(() => document.getElementById("backchannel-text")?.focus());
  }, [wish]);
}

/** Demotion takes the backchannel away: if somebody was in it, they are taken to the chat's tab. */
function useVanishingPane(staff: boolean, docked: boolean, shown: TabName, show: (tab: TabName) => void): void {
  const had = useRef(staff);
  useEffect(() => {
    const lost = had.current && !staff;
    had.current = staff;
    if (shown !== "backchannel" || (staff && !docked)) {
      if (lost && document.activeElement === document.body) document.getElementById("tab-chat")?.focus();
      return;
    }
    show("chat");
    if (lost) requestAnimationFrame(() => document.getElementById("tab-chat")?.focus());
  }, [staff, docked]);
}

function LiveFor({ session, room }: { session: RoomSession; room: Room }) {
  const minutes = useComputed(() => {
    seconds.value;
    const now = session.clock.now();
    return now === undefined || !room.opened_at ? 0 : Math.max(0, Math.floor((now - room.opened_at) / 60_000));
  });
  return (
    <Status state="live" live>
      {t("live")}<span class="wide-only num"> · {t("live.minutes", { minutes: minutes.value })}</span>
    </Status>
  );
}

function Inside({ session }: { session: RoomSession }) {
  const inside = useComputed(() => session.state.value.count.inside).value;
  if (inside === undefined) return null;
  return (
    <span class="line soft wide-only num">
      <Icon name="people" />
      <span aria-hidden="true">{number(inside)}</span>
      <span class="sr">{plural("people.inside", inside)}</span>
    </span>
  );
}
