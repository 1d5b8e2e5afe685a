// The rooms that somebody manages or is invited to.

import { useEffect, useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import { serverNow } from "../../api.ts";
import { dayAndTime, dayOfMonth, sameDay, timeSpan, weekday } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import { Link } from "../parts.tsx";
import { roleIcon, roleWord } from "../roles.tsx";
import { Bones, Empty } from "../shapes.tsx";
import { Frame } from "./frame.tsx";
import { useEvery } from "./live.ts";
import { usePages } from "./paging.ts";
import { RoomStatus } from "./roomstate.tsx";
import { desk } from "./calls.ts";

const REFRESH = 20_000;
const shows = ["upcoming", "open", "past", "all"] as const;

type Show = (typeof shows)[number];

export function Rooms() {
  const [show, setShow] = useState(asked().show);
  const [search, setSearch] = useState(asked().search);
  useEffect(() => keep(search.trim(), show), [search, show]);
  const { rooms, next, failed, more } = useRooms(search.trim(), show);
  return (
    <Frame title={t("rooms.title")}>
      <div class="page-head">
        <h1 tabIndex={-1}>{t("rooms.title")}</h1>
        <div class="line"><Link class="btn btn-main" to="/rooms/new"><Icon name="plus" />{t("rooms.new")}</Link></div>
      </div>
      <div class="tools">
        <div class="search">
          <Icon name="search" />
          <label class="sr" for="q">{t("rooms.search")}</label>
          <input class="input" id="q" type="search" autocomplete="off" placeholder={t("rooms.search")} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </div>
        <div class="line chips" role="group" aria-label={t("rooms.show")}>
          {shows.map((name) => <button key={name} type="button" class="chip" aria-pressed={show === name} onClick={() => setShow(name)}>{t(`rooms.${name}`)}</button>)}
        </div>
      </div>
      {failed && <p class="error" role="alert"><Icon name="alert" />{failed}</p>}
      {!rooms && !failed && <Bones label={t("rooms.loading")} />}
      {rooms && <Lists rooms={rooms} searched={search !== ""} show={show} />}
      {next && <p><button type="button" class="btn" onClick={more}>{t("rooms.more")}</button></p>}
    </Frame>
  );
}

/** What the address asks for. */
function asked(): { search: string; show: Show } {
  const query = new URLSearchParams(location.search);
  return { search: query.get("q") ?? "", show: shows.find((name) => name === query.get("show")) ?? "upcoming" };
}

/** Keeps it there, so that going back and sending the address to others show the same. */
function keep(search: string, show: Show): void {
  const query = new URLSearchParams();
  if (search) query.set("q", search);
  if (show !== "upcoming") query.set("show", show);
  const text = query.toString();
  history.replaceState(null, "", text ? `/rooms?${text}` : "/rooms");
}

function useRooms(search: string, show: Show) {
  const { items: rooms, next, failed, more, again } = usePages<RoomRecord>((after) => desk.rooms(search, show, after), search, show);
  useEvery(REFRESH, () => {
    if (!next) again();
  });
  return { rooms, next, failed, more };
}

function Lists({ rooms, searched, show }: { rooms: RoomRecord[]; searched: boolean; show: Show }) {
  if (rooms.length === 0) return <NoRooms searched={searched} show={show} />;
  const now = serverNow();
  const today = rooms.filter((room) => room.state === "open" || sameDay(Date.parse(room.starts_at), now));
  const others = rooms.filter((room) => !today.includes(room));
  return (
    <>
      {today.length > 0 && <Group title={t("rooms.today")} rooms={today} />}
      {others.length > 0 && <Group title={t(show === "past" ? "rooms.earlier" : "rooms.later")} rooms={others} />}
    </>
  );
}

function NoRooms({ searched, show }: { searched: boolean; show: Show }) {
  if (searched) return <Empty icon="search" title={t("rooms.nothing")} />;
  if (show === "past" || show === "open") return <Empty icon="calendar" title={t(show === "past" ? "rooms.nopast" : "rooms.noopen")} />;
  return (
    <Empty icon="calendar" title={t("rooms.none")}>
      <p>{t("rooms.none.text")}</p>
      <p><Link class="btn btn-main" to="/rooms/new"><Icon name="plus" />{t("rooms.new")}</Link></p>
    </Empty>
  );
}

function Group({ title, rooms }: { title: string; rooms: RoomRecord[] }) {
  return (
    <section class="stack-s" aria-label={title}>
      <h2 class="small soft">{title}</h2>
      <ul class="rooms">{rooms.map((room) => <RoomRow key={room.id} room={room} />)}</ul>
    </section>
  );
}

function RoomRow({ room }: { room: RoomRecord }) {
  const starts = Date.parse(room.starts_at);
  const ends = room.ends_at ? Date.parse(room.ends_at) : undefined;
  const live = room.state === "open";
  const today = sameDay(starts, serverNow());
  return (
    <li class={live ? "room-row room-row-live" : "room-row"}>
      <p class="day" aria-hidden="true">{weekday(starts)}<b>{dayOfMonth(starts)}</b></p>
      <h3><Link to={room.right ? `/rooms/${room.id}` : `/r/${room.id}`}>{room.title}</Link></h3>
      <p class="meta">
        <span><RoomStatus room={room} /></span>
        <span class="num">{today ? timeSpan(starts, ends) : dayAndTime(starts)}</span>
        {room.right && <span class="num"><Icon name="people" />{peopleOf(room)}</span>}
        {room.right && <span><Icon name="key" />{roleWord("manager", room.right)}</span>}
        {room.type && <span><Icon name={roleIcon(room.type)} />{t(`rooms.you.${room.type}`)}</span>}
      </p>
      <div class="row-end">
        {room.state === "closed" && room.right && <Link class="btn" to={`/rooms/${room.id}?report`}>{t("act.report")}</Link>}
        {room.state !== "closed" && <Link class={live ? "btn btn-main" : "btn"} to={`/r/${room.id}`}>{t(live ? "rooms.enter" : "rooms.view")}</Link>}
      </div>
    </li>
  );
}

export function peopleOf(room: RoomRecord): string {
  const invited = room.invited ?? 0;
  if (invited === 0) return t("rooms.uninvited");
  if (room.state === "open") return t("rooms.inside", { inside: room.inside ?? 0, invited });
  if (room.waiting) return t("rooms.waiting", { waiting: room.waiting, invited });
  return plural("rooms.invited", invited);
}
