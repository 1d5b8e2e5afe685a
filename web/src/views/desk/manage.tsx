// One room as its managers see it: how it stands, what can be done with it, who is invited.

import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import { type Problem, serverNow } from "../../api.ts";
import { longDay, timeSpan } from "../../i18n/format.ts";
import { t, usePart } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { go } from "../../route.ts";
import { Connecting } from "../connecting.tsx";
import { Icon } from "../icons.tsx";
import { useInviteWindow } from "../invitewindow.tsx";
import type { MenuGroup, MenuItem } from "../menu.tsx";
import { MenuButton } from "../menu.tsx";
import { Refusal } from "../later.ts";
import { page, part } from "../lazy.tsx";
import { Link } from "../parts.tsx";
import { roleWord } from "../roles.tsx";
import { failureOf } from "./forms.tsx";
import { Frame } from "./frame.tsx";
import { useEvery } from "./live.ts";
import { Managers } from "./managers.tsx";
import type { RoomAct } from "./roomdialogs.tsx";
import { RoomDialog } from "./roomdialogs.tsx";
import { peopleOf } from "./rooms.tsx";
import { RoomStatus } from "./roomstate.tsx";
import { desk } from "./calls.ts";

const REFRESH = 5_000;

const Invitations = page<{ room: RoomRecord }>("invitations", async () => (await import("./invitations.tsx")).Invitations);

/** Who asks for a way in: fetched when somebody does. */
const Requests = part<{ room: RoomRecord; changed: () => void }>("requests", async () => (await import("./requests.tsx")).Requests);

export function Manage({ id }: { id: string }) {
  const [room, setRoom] = useState<RoomRecord>();
  const [problem, setProblem] = useState<Problem>();
  const [act, setAct] = useState<RoomAct>();
  const load = () => desk.room(id).then((fresh) => {
    setRoom(fresh);
    setProblem(undefined);
  }, (error) => {
    if (!room || (error as Problem).code !== "network") setProblem(error);
  });
  useEffect(() => void load(), []);
  useEvery(REFRESH, load);
  const asked = useRef(false); // the window with a link that was made for somebody outlives the request
  asked.current ||= Boolean(room?.requests);
  const invite = useInviteWindow(room && datesOf(room), () => void load());
  const guests = useGuestLinks(room);
  if (problem) return <Refusal facts={{ code: problem.code, now: serverNow() }} again={() => void load()} />;
  if (!room) return <Connecting text={t("connecting")} />;
  if (!room.right) return <Refusal facts={{ code: "not_found", now: serverNow() }} again={() => void load()} />;
  return (
    <Frame title={room.title}>
      <Head room={room} act={setAct} invite={invite.open} guests={guests.open} />
      {Boolean(room.requests || asked.current) && <Requests room={room} changed={() => void load()} />}
      <Invitations room={room} />
      <Managers room={room} changed={() => void load()} />
      {invite.part}
      {guests.part}
      {act && <RoomDialog act={act} room={room} close={() => setAct(undefined)} changed={setRoom} />}
    </Frame>
  );
}

interface HeadProps {
  room: RoomRecord;
  act: (act: RoomAct) => void;
  invite: () => void;
  guests: () => void;
}

/** The window of guest links, fetched when it is wanted. */
function useGuestLinks(room?: RoomRecord) {
  const [dialog, setDialog] = useState<{ View: ComponentType<{ room: RoomRecord; close: () => void }> }>();
  const open = () => void Promise.all([import("./guestlinks.tsx"), usePart("guestlinks")]).then(([{ GuestLinks }]) => setDialog({ View: GuestLinks }), (error) => report(failureOf(error)));
  return { open, part: dialog && room && <dialog.View room={room} close={() => setDialog(undefined)} /> };
}
function Head({ room, act, invite, guests }: HeadProps) {
  const starts = Date.parse(room.starts_at);
  return (
    <div class="page-head">
      <div class="stack-s">
        <p class="small"><Link to="/rooms">{t("nav.rooms")}</Link></p>
        <h1 tabIndex={-1}>{room.title}</h1>
        <p class="meta">
          <span><RoomStatus room={room} /></span>
          <span><Icon name="calendar" />{longDay(starts)}, {timeSpan(starts, room.ends_at ? Date.parse(room.ends_at) : undefined)}</span>
          <span><Icon name="people" />{peopleOf(room)}</span>
          <span><Icon name="key" />{t("manage.right", { right: roleWord("manager", room.right) })}</span>
        </p>
      </div>
      <div class="line">
        <Link class="btn" to={`/rooms/${room.id}?edit`}>{t("manage.edit")}</Link>
        <Link class="btn" to={`/r/${room.id}`}>{t(room.state === "open" ? "rooms.enter" : "rooms.view")}</Link>
        {room.state !== "scheduled" && <Link class="btn" to={`/rooms/${room.id}?report`}>{t("act.report")}</Link>}
        <MenuButton class="btn btn-icon" label={t("manage.more")} groups={() => actions(room, act, invite, guests)} />
      </div>
    </div>
  );
}

/** What this manager may do with the room as it stands. */
function actions(room: RoomRecord, act: HeadProps["act"], invite: HeadProps["invite"], guests: HeadProps["guests"]): MenuGroup[] {
  const items: MenuItem[] = [];
  if (room.inviting?.allowed !== false) items.push({ label: t("invite.title"), icon: "plus", run: invite });
  items.push({ label: t("act.guests"), icon: "link", run: guests });
  const add = (name: RoomAct, icon: MenuItem["icon"], extra: Partial<MenuItem> = {}) =>
    items.push({ label: t(`act.${name}`), icon, run: () => act(name), ...extra });
  if (room.state === "scheduled") {
    add("open", "send");
    add("move", "clock");
  }
  if (room.state === "open") add("close", "lock", { danger: true });
  if (room.state === "closed") add("reopen", "send");
  items.push({ label: t("act.copy"), icon: "link", run: () => void copyAddress(room) });
  add("duplicate", "copy");
  items.push({ label: t("act.report"), icon: "people", run: () => go(`/rooms/${room.id}?report`) });
  const owner = room.right === "owner" || room.right === "co-owner";
  items.push({ label: t("act.audit"), icon: "eye", refused: owner ? undefined : t("act.audit.refused"), run: () => go(`/rooms/${room.id}?audit`) });
  const last: MenuItem = { label: t("act.delete"), icon: "x", danger: true, refused: owner ? undefined : t("act.delete.refused"), run: () => act("delete") };
  return [{ items }, { items: [last] }];
}

/** The room with its times as numbers. */
const datesOf = ({ id, title, starts_at, ends_at }: RoomRecord) => ({ id, title, starts_at: Date.parse(starts_at), ends_at: ends_at ? Date.parse(ends_at) : undefined });

async function copyAddress(room: RoomRecord): Promise<void> {
  await navigator.clipboard.writeText(new URL(`/r/${room.id}`, location.href).href);
  report(t("act.copied"));
}
