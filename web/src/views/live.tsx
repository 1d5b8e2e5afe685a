// The live room: stage, dock, and a panel of conversations. Role changes swap rights in place:
// panes come and go, the composer never does.

import "../insidenotices.ts";
import "./second.ts";
import "./paint.ts";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { seconds } from "../browser.ts";
import { number } from "../i18n/format.ts";
import { plural, t } from "../i18n/index.ts";
import { insist } from "../insist.ts";
import { heldBy } from "../live/features.ts";
import { turnHand } from "../live/acts.ts";
import type { Room } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { isStaff } from "../state.ts";
import { Icon } from "./icons.tsx";
import { Dock } from "./dock.tsx";
import { lazy, part } from "./lazy.tsx";
import type { Command } from "./letters.ts";
import { useKeys } from "./keys.ts";
import { isAway } from "./linkstate.tsx";
import { NoticeList } from "./noticelist.tsx";
import { Brand, Skip, Status } from "./parts.tsx";
import type { LiveProps } from "./room.tsx";
import { EarlyStage, LiveStage } from "./livestage.tsx";
import type { TabName } from "./pane.ts";
import type { Panel } from "./panels.tsx";
import { panels, preload } from "./panels.tsx";
import { Tabs } from "./tabs.tsx";
import type { KeyHelpProps } from "./keyhelp.tsx";
import { useWide } from "./wide.ts";
import { You } from "./you.tsx";

const Announcements = part<{ session: RoomSession }>("order", async () => (await import("./live/announcements.tsx")).Announcements);

const Preview = part<{ session: RoomSession }>("order", async () => (await import("./live/preview.tsx")).Preview);

const UnattendedNote = part<{ session: RoomSession }>("order", async () => (await import("./live/unattended.tsx")).UnattendedNote);

function Warned({ session }: { session: RoomSession }) {
  return useComputed(() => heldBy(session).life.unattended !== undefined).value ? <UnattendedNote session={session} /> : null;
}

function Announced({ session }: { session: RoomSession }) {
  return useComputed(() => session.state.value.announcements.length > 0).value ? <Announcements session={session} /> : null;
}

const KeyHelp = lazy<KeyHelpProps>(async () => (await import("./keyhelp.tsx")).KeyHelp);

export function Live({ session, room, leave }: LiveProps) {
  useState(() => session.settle()); // before anything is drawn
  useEffect(() => void insist(() => import("./live/movefocus.ts")), []);
  const early = useComputed(() => session.state.value.phase === "backstage").value;
  const shown = useSignal<TabName>(early ? "backchannel" : "chat");
  const helping = useSignal(false);
  const mine = usePanels(session);
  const staff = useComputed(() => isStaff(session.state.value)).value;
  useEffect(() => {
    if (staff) void insist(() => import("../live/staff.ts")).then(() => session.settle());
  }, [staff]);
  const docking = useWide() && staff;
  const placeOf = ({ docks }: Panel) => (docking && !(early && docks === "desk") ? docks : undefined); // the countdown needs its room
  const tabs = mine.filter((panel) => !placeOf(panel));
  const desk = mine.some((panel) => placeOf(panel) === "desk");
  const away = useComputed(() => isAway(session)).value;
  const show = (tab: TabName) => {
    shown.value = tab;
  };
  useKeys((command) => obey(session, command, mine, show, () => {
    helping.value = true;
  }));
  useBackchannelWish(session, docking, show);
  useVanishingPanes(mine, tabs, shown.value, show);
  return (
    <>
      <Skip to={early ? "backchannel-text" : "chat-text"}>{t("skip.chat")}</Skip>
      <header class="bar">
        <Brand wideOnly />
        <h1 class="bar-title" tabIndex={-1}>{room.title}</h1>
        {away ? <Status state="soon">{t("status.away")}</Status> : early ? <span class="wide-only"><Status state="soon">{t("early.status")}</Status></span> : <LiveFor session={session} room={room} />}
        <div class="bar-end">
          {!away && <Inside session={session} />}
          <You session={session} help={() => {
            helping.value = true;
          }} leave={leave} />
          <button type="button" class="btn wide-only" onClick={leave}><Icon name="leave" />{t("leave")}</button>
        </div>
      </header>
      <main class={`room room-live${docking ? " room-docked" : ""}${desk ? " room-desk" : ""}`} id="main" tabIndex={-1}>
        {early ? <EarlyStage session={session} room={room} /> : <LiveStage session={session} room={room} />}
        <Dock session={session} room={room} />
        <section class="panel" aria-label={t("panel.label")} data-zone="panel">
          {session.lens.value && <Preview session={session} />}
          <Warned session={session} />
          <Announced session={session} />
          <Tabs session={session} tabs={tabs} shown={shown.value} show={show} />
          <div class="panes">
            <NoticeList over />
            {mine.map((panel) => (
              <panel.View key={panel.name} session={session} shown={placeOf(panel) !== undefined || panel.name === shown.value} docked={placeOf(panel)} />
            ))}
          </div>
        </section>
      </main>
      {helping.value && <KeyHelp panels={mine} close={() => {
        helping.value = false;
      }} />}
    </>
  );
}

/** The panels that this person has now. */
function usePanels(session: RoomSession): readonly Panel[] {
  const names = useComputed(() => panels.filter((panel) => panel.has(session.state.value)).map((panel) => panel.name).join()).value;
  const mine = useMemo(() => panels.filter((panel) => names.split(",").includes(panel.name)), [names]);
  useEffect(() => mine.forEach(preload), [mine]);
  return mine;
}

function obey(session: RoomSession, command: Command, mine: readonly Panel[], show: (tab: TabName) => void, help: () => void): void {
  if (command === "help") return help();
  if (command === "hand") return turnHand(session);
  const panel = mine.find(({ name }) => name === command);
  if (!panel) return;
  show(panel.name);
  requestAnimationFrame(() => document.getElementById(panel.focus)?.focus());
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

/** A tab goes by a demotion or to a place of its own: then the chat is shown. If somebody was in a panel that
 * went altogether, they are taken to the chat's tab. */
function useVanishingPanes(mine: readonly Panel[], tabs: readonly Panel[], shown: TabName, show: (tab: TabName) => void): void {
  const had = useRef(mine);
  useEffect(() => {
    const lost = had.current.some((panel) => !mine.includes(panel));
    had.current = mine;
    if (!tabs.some((panel) => panel.name === shown)) show("chat");
    if (lost) requestAnimationFrame(() => {
      if (document.activeElement === document.body) document.getElementById("tab-chat")?.focus();
    });
  }, [mine, tabs.length]);
}

function LiveFor({ session, room }: { session: RoomSession; room: Room }) {
  const minutes = useComputed(() => {
    seconds.value;
    const now = session.clock.now();
    return now === undefined || !room.opened_at ? 0 : Math.max(0, Math.floor((now - room.opened_at) / 60_000));
  });
  if (useComputed(() => heldBy(session).life.paused !== undefined).value) return <Status state="soon">{t("paused.title")}</Status>;
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
