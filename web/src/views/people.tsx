// Who is here: the stage for everybody; for staff also everyone admitted, by pages and by search, with their roles.

import "./second.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { online } from "../browser.ts";
import { number } from "../i18n/format.ts";
import { plural, t } from "../i18n/index.ts";
import type { PeoplePage } from "../live/peopleacts.ts";
import { heldBy } from "../live/features.ts";
import { lists } from "../live/listed.ts";
import { mute, people, setRole } from "../live/peopleacts.ts";
import { lend } from "../live/stageacts.ts";
import { outranks } from "../news.ts";
import type { Grant, Member, Role } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";
import { may } from "../state.ts";
import { Cue } from "./cue.ts";
import { Icon } from "./icons.tsx";
import { part } from "./lazy.tsx";
import { useInviteWindow } from "./invitewindow.tsx";
import { inOrder } from "./livestage.tsx";
import { useMayInvite } from "./mayinvite.ts";
import type { Deed, MeasureProps } from "./live/measure.tsx";
import type { OfferProps } from "./live/offerdialog.tsx";
import type { RenameProps } from "./live/renamedialog.tsx";
import type { MenuGroup, MenuItem } from "./menu.tsx";
import { MenuButton } from "./menu.tsx";
import type { PaneProps } from "./pane.ts";
import { Avatar } from "./parts.tsx";
import { Marks, roleIcon } from "./roles.tsx";
import { Empty } from "./shapes.tsx";
import { useSuccessor } from "./successor.ts";

const TimeLeft = part<{ session: RoomSession; until: number }>("order", async () => (await import("./live/stagetime.tsx")).TimeLeft);
const WaitingRoom = part<{ session: RoomSession }>("order", async () => (await import("./live/waitingroom.tsx")).WaitingRoom);
const Measure = part<MeasureProps>("order", async () => (await import("./live/measure.tsx")).Measure);
const RenameDialog = part<RenameProps>("order", async () => (await import("./live/renamedialog.tsx")).RenameDialog);

const OfferDialog = part<OfferProps>("order", async () => (await import("./live/offerdialog.tsx")).OfferDialog);
const OfferList = part<{ session: RoomSession }>("order", async () => (await import("./live/offerlist.tsx")).OfferList);
const HandQueue = part<{ session: RoomSession }>("questions", async () => (await import("./live/handqueue.tsx")).HandQueue);
const TYPING = 250;
const REFRESH = 4_000;

export function PeoplePane({ session, shown }: PaneProps) {
  const paged = useComputed(() => may(session.state.value, "people.page")).value;
  const count = useComputed(() => session.state.value.count).value;
  const [search, setSearch] = useState("");
  const stage = useComputed(() => session.state.value.stage).value;
  const here = useComputed(() => session.state.value.here).value;
  const me = useComputed(() => session.state.value.you?.participant).value;
  const inviting = useMayInvite(session.room, useComputed(() => may(session.state.value, "invitation.manage")).value);
  const invite = useInviteWindow(useComputed(() => session.state.value.room).value);
  const granting = useComputed(() => grants(session.state.value).length > 0).value;
  const admitting = useComputed(() => may(session.state.value, "admit.grant") && (heldBy(session).watch?.waiting?.total ?? 0) > 0).value;
  const offering = useComputed(() => (heldBy(session).watch?.offers.length ?? 0) > 0).value;
  const found = inOrder(stage).filter((member) => matches(member, search));
  return (
    <div class="pane" role="tabpanel" id="pane-people" aria-labelledby="tab-people" hidden={!shown} tabIndex={-1}>
      {paged && (
        <div class="tools tools-menu pad-s">
          <div class="search">
            <Icon name="search" />
            <label class="sr" for="find">{t("people.find")}</label>
            <input class="input" id="find" type="search" autocomplete="off" placeholder={t("people.find")} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
          </div>
          {inviting && <MenuButton label={t("people.menu")} groups={() => [{ items: [{ label: t("dock.invite"), icon: "plus", run: invite.open }] }]} />}
          {invite.part}
        </div>
      )}
      <div class="scroll" tabIndex={0} role="group" aria-label={t("tab.people")}>
        {admitting && <WaitingRoom session={session} />}
        <HandQueue session={session} />
        {offering && <OfferList session={session} />}
        <h2 class="group-title"><span>{t("people.stage")}</span><span class="num">{number(stage.length)}</span></h2>
        {found.length > 0 ? <ul>{found.map((member) => <PersonRow key={member.participant} session={session} member={member} me={me} away={isAbsent(member, here)} grants={granting} />)}</ul>
          : <p class="soft small pad">{t(search ? "people.nobody" : "people.stage.empty")}</p>}
        <h2 class="group-title"><span>{t("people.viewers")}</span><span class="num">{count.by_role && number(count.by_role.viewer ?? 0)}</span></h2>
        {paged ? <Viewers session={session} search={search} shown={shown} me={me} grants={granting} /> : <OnlyCounted inside={count.by_role?.viewer} />}
      </div>
    </div>
  );
}

/** The roles that this person may give. */
function grants(state: State): Role[] {
  return (["viewer", "speaker", "moderator"] as const).filter((role) => may(state, `role.set:${role}`));
}

const matches = (member: Member, search: string) => member.name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase());

function OnlyCounted({ inside }: { inside?: number }) {
  return <p class="soft small pad">{inside !== undefined && plural("people.viewers.inside", inside)} {t("people.viewers.hidden")}</p>;
}

/** Whether somebody of the stage is elsewhere; nobody is, before the first signal says who is here. */
const isAbsent = (member: Member, here: readonly string[]) => here.length > 0 && !here.includes(member.participant);

interface ViewersProps {
  session: RoomSession;
  search: string;
  shown: boolean;
  me?: string;
  grants: boolean;
}

function Viewers({ session, search, shown, me, grants }: ViewersProps) {
  const list = useRef<HTMLDivElement>(null);
  const { page, failed, more, stale, refresh } = usePeople(session, search.trim(), shown, list);
  const stage = useComputed(() => new Set(session.state.value.stage.map((member) => member.participant))).value;
  if (failed) return <p class="pad small"><button type="button" class="btn btn-small" onClick={refresh}>{t("people.again")}</button></p>;
  if (!page) return null;
  const items = page.items.filter((member) => !stage.has(member.participant));
  return (
    <div ref={list}>
      {stale && <p class="pad"><button type="button" class="btn btn-small btn-block" onClick={refresh}>{t("people.changed")}</button></p>}
      {items.length === 0 && <Empty icon="people" title={t(search ? "people.nobody" : "people.none")} />}
      <ul>{items.map((member) => <PersonRow key={member.participant} session={session} member={member} me={me} away={member.here === false} grants={grants} />)}</ul>
      {page.next && <p class="pad"><button type="button" class="btn btn-small btn-block" onClick={more}>{t("people.more", { shown: number(page.items.length), total: number(page.total) })}</button></p>}
    </div>
  );
}

/** Pages of people: fetched when shown, on search, and when counts or the stage change; held still under the pointer. */
function usePeople(session: RoomSession, search: string, shown: boolean, list: { current: HTMLElement | null }) {
  const [page, setPage] = useState<PeoplePage>();
  const [failed, setFailed] = useState(false);
  const [stale, setStale] = useState(false);
  const round = useRef(0);
  const change = useComputed(() => {
    const { count, stage } = session.state.value;
    return `${count.inside} ${heldBy(session).watch?.renamed ?? 0} ${stage.map((member) => member.participant + member.role)}`;
  }).value;
  const fetch = async (after?: string) => {
    const mine = ++round.current;
    const next = await people(session, search, "viewer", after).catch(() => undefined);
    if (mine !== round.current) return;
    setFailed(!next && !page);
    if (!next) return;
    setStale(false);
    setPage((old) => (after && old ? { ...next, items: [...old.items, ...next.items] } : next));
  };
  useEffect(() => lists("people", page?.items ?? []), [page]);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(fetch, page ? TYPING : 0);
    return () => clearTimeout(timer);
  }, [search, shown, online.value]);
  const refreshing = useRef(false);
  useEffect(() => {
    if (!shown || !page || refreshing.current) return;
    refreshing.current = true;
    setTimeout(() => {
      refreshing.current = false;
      if (list.current?.matches(":hover, :focus-within")) setStale(true);
      else if (list.current) void fetch();
    }, REFRESH);
  }, [change]);
  return { page, failed, stale, more: () => void fetch(page?.next), refresh: () => void fetch() };
}

interface RowProps {
  session: RoomSession;
  member: Member;
  me?: string;
  away: boolean;
  grants: boolean;
}

function PersonRow({ session, member, me, away, grants }: RowProps) {
  const mine = member.participant === me;
  const row = useSuccessor<HTMLLIElement>(member.participant);
  const note = mine ? t("person.me.row") : [member.muted && t("person.muted"), away && t("person.away")].filter(Boolean).join(" · ");
  const [deed, setDeed] = useState<Deed | "rename" | "offer">();
  const close = () => setDeed(undefined);
  return (
    <li class="row" ref={row} data-row={member.participant}>
      <Avatar name={member.name} seed={member.participant} />
      <div class="row-main">
        <span class="line clip"><b class="clip" dir="auto">{member.name}</b><Marks {...member} /><Cue session={session} who={member} />{member.until_at && <TimeLeft session={session} until={member.until_at} />}{member.verified && <span class="badge" data-role="verified" title={t("person.verified.hint")}><Icon name="check" />{t("person.verified")}</span>}</span>
        {note && <span class="small soft">{note}</span>}
      </div>
      {!mine && grants && (
        <div class="row-end"><MenuButton label={t("people.actions", { name: member.name })} groups={() => [roleMenu(session, member), ...timeMenu(session, member, () => setDeed("offer")), ...measureMenu(session, member, setDeed)]} /></div>
      )}
      {deed === "rename" ? <RenameDialog session={session} who={member} close={close} /> : deed === "offer" ? <OfferDialog session={session} who={member} close={close} /> : deed && <Measure session={session} who={member} deed={deed} close={close} />}
    </li>
  );
}

/** What moderators do to somebody of lower rank; managers' rights end on the room's page. */
function measureMenu(session: RoomSession, member: Member, start: (deed: Deed | "rename") => void): MenuGroup[] {
  const state = session.state.peek();
  if (!may(state, "participant.mute") || !outranks(state.you?.role ?? "viewer", member.role)) return [];
  const muting: MenuItem = member.muted
    ? { label: t("menu.unmute"), icon: "chat", run: () => void mute(session, member, false) }
    : { label: t("menu.mute"), icon: "chat", run: () => start("mute") };
  const naming: MenuItem[] = may(state, "participant.rename") ? [{ label: t("menu.rename"), icon: "eye", run: () => start("rename") }] : [];
  return [{ items: [...naming, muting, { label: t("menu.remove"), icon: "leave", danger: true, run: () => start("remove") }, { label: t("menu.ban"), icon: "lock", danger: true, run: () => start("ban") }] }];
}

const minutes = [5, 10, 30];

/** The stage for a time, at once; or an offer, which they accept or not. */
function timeMenu(session: RoomSession, member: Member, ask: () => void): MenuGroup[] {
  if (!may(session.state.peek(), "role.set:speaker") || member.guest || (member.role !== "viewer" && member.role !== "speaker")) return [];
  const items: MenuItem[] = minutes.map((n) => ({ label: plural("role.lend", n), icon: "clock" as const, run: () => void lend(session, member, n * 60) }));
  if (member.role === "viewer") items.push({ label: t("stage.offer.menu"), icon: "mic", run: ask });
  return [{ items }];
}

const roles: Grant[] = ["viewer", "speaker", "moderator"];

/** Roles as radios; what this person may not give stays in sight, with the reason. */
function roleMenu(session: RoomSession, member: Member): MenuGroup {
  const state = session.state.peek();
  const mine = state.you?.role ?? "viewer";
  const reach = outranks(mine, member.role);
  const items = roles.map((role) => ({
    label: t(`role.${role}`),
    hint: t(`role.${role}.hint`),
    icon: roleIcon(role),
    checked: member.role === role,
    refused: member.guest && role !== "viewer" ? t("role.guest") : !reach ? t("role.higher") : may(state, `role.set:${role}`) ? undefined : t("role.managers"),
    run: () => {
      if (member.role !== role) void setRole(session, member, role);
    },
  }));
  return { label: t("role.of", { name: member.name }), items };
}
