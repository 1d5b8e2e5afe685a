// Who was invited and who came: searched, sorted, page by page; each person's time as a bar.

import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { number, shortDayAndTime, timeSpan, when } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import { Avatar } from "../parts.tsx";
import { Badge } from "../roles.tsx";
import { Bones, Empty } from "../shapes.tsx";
import { fullName } from "./frame.tsx";
import { usePages } from "./paging.ts";
import type { AttendancePage, Attendee, Span, Wanted } from "./reportcalls.ts";
import { orders, reports } from "./reportcalls.ts";
import { lasted } from "./reportwords.ts";

const comes = ["", "yes", "no"] as const;

export function Attendance({ room, session }: { room: string; session: number }) {
  const [wanted, setWanted] = useState<Omit<Wanted, "session">>({ q: "", came: "", sort: "name" });
  const [page, setPage] = useState<AttendancePage>();
  const want = (change: Partial<Wanted>) => setWanted({ ...wanted, ...change });
  const ask = async (after?: string) => {
    const fresh = await reports.attendance(room, { ...wanted, session }, after);
    setPage(fresh);
    return fresh;
  };
  const { items, next, total, failed, more } = usePages<Attendee>(ask, wanted.q, `${session} ${wanted.came} ${wanted.sort}`);
  return (
    <section class="stack" aria-labelledby="attendance">
      <h2 class="sr" id="attendance">{t("report.attendance")}</h2>
      <div class="tools">
        <div class="search">
          <Icon name="search" />
          <label class="sr" for="attendance-q">{t("report.search")}</label>
          <input class="input" id="attendance-q" type="search" autocomplete="off" placeholder={t("report.search")} value={wanted.q} onInput={(event) => want({ q: event.currentTarget.value })} />
        </div>
        <div class="line chips" role="group" aria-label={t("report.show")}>
          {comes.map((came) => <button key={came} type="button" class="chip" aria-pressed={wanted.came === came} onClick={() => want({ came })}>{chipOf(came, page)}</button>)}
        </div>
        <label class="line small">
          {t("report.sort")}
          <select class="input" value={wanted.sort} onChange={(event) => want({ sort: event.currentTarget.value as Wanted["sort"] })}>
            {orders.map((sort) => <option key={sort} value={sort}>{t(`report.sort.${sort}`)}</option>)}
          </select>
        </label>
      </div>
      {failed && <p class="error" role="alert"><Icon name="alert" />{failed}</p>}
      {!items && !failed && <Bones label={t("report.loading")} />}
      {items?.length === 0 && <Empty icon="people" title={t("report.none")} />}
      {items && items.length > 0 && page && <Rows items={items} page={page} />}
      <p class="small soft" role="status">{items && plural("report.total", total)}</p>
      {next && <p><button type="button" class="btn" onClick={more}>{t("report.more")}</button></p>}
    </section>
  );
}

function chipOf(came: Wanted["came"], page?: AttendancePage): string {
  if (came === "") return t("report.show.all");
  return t(`report.show.${came}`, { count: page ? number(came === "yes" ? page.came : page.never) : "–" });
}

const heads = ["person", "came", "inside", "activity"] as const;

/** Explicit roles, because on a phone the rows become cards and browsers then forget the table. */
function Rows({ items, page }: { items: Attendee[]; page: AttendancePage }) {
  const [open, setOpen] = useState("");
  return (
    <div class="card card-flush">
      <table class="table acts" role="table" aria-labelledby="attendance">
        <thead role="rowgroup">
          <tr role="row">
            {heads.map((name) => <th key={name} role="columnheader" scope="col">{t(`report.head.${name}`)}</th>)}
            <th role="columnheader" scope="col"><span class="sr">{t("report.details")}</span></th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((one) => (
            <Fragment key={one.participant}>
              <Row one={one} made={Date.parse(page.made_at)} open={open === one.participant} turn={() => setOpen(open === one.participant ? "" : one.participant)} />
              {open === one.participant && <tr role="row" class="detail" id={`detail-${one.participant}`}><td role="cell" colSpan={heads.length + 1}><Detail one={one} page={page} /></td></tr>}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const nameOf = (one: Attendee) => (one.erased ? t("report.erased") : fullName(one));

function Row({ one, made, open, turn }: { one: Attendee; made: number; open: boolean; turn: () => void }) {
  const did = one.messages + one.questions + one.votes + one.answers + one.hands;
  return (
    <tr role="row">
      <td role="cell">
        <span class="who">
          <Avatar name={nameOf(one)} seed={one.participant} />
          <span><span class="line"><b>{nameOf(one)}</b><Badge role={one.type} /></span><span class="small soft">{one.erased ? one.participant : one.email}</span></span>
        </span>
      </td>
      <td role="cell">{one.joined_at ? cameWords(one, made) : <span class="soft">{t("report.never")}</span>}</td>
      <td role="cell" class="num">{one.joined_at && lasted(one.inside_ms)}{one.waited_ms > 0 && <span class="small soft"> {t("report.waited.for", { time: lasted(one.waited_ms) })}</span>}</td>
      <td role="cell" class="num">{did > 0 ? plural("report.did", did) : ""}</td>
      <td role="cell"><button type="button" class="btn btn-small" aria-expanded={open} aria-controls={open ? `detail-${one.participant}` : undefined} onClick={turn}>{t("report.details")}<span class="sr"> {nameOf(one)}</span></button></td>
    </tr>
  );
}

function cameWords({ joined_at = "", left_at, here }: Attendee, made: number): string {
  const joined = Date.parse(joined_at);
  return here || !left_at ? t("report.since", { time: when(joined, made) }) : timeSpan(joined, Date.parse(left_at));
}

const counts = ["messages", "questions", "votes", "answers", "hands", "joins", "device_moves"] as const;

function Detail({ one, page }: { one: Attendee; page: AttendancePage }) {
  return (
    <div class="stack-s">
      {one.spans.length > 0 && <SpanBar spans={one.spans} page={page} />}
      {one.spans.length > 0 && <ul class="spans small">{one.spans.map((span) => <li key={span.since} data-place={span.place}>{spanWords(span)}</li>)}</ul>}
      <p class="meta">
        {one.sent_at && <span>{t("report.sent", { time: shortDayAndTime(Date.parse(one.sent_at)) })}</span>}
        {one.opened_at && <span>{t("report.opened", { time: shortDayAndTime(Date.parse(one.opened_at)) })}</span>}
        {counts.map((name) => <span key={name}>{t(`report.${name}`)}: {number(one[name])}</span>)}
      </p>
    </div>
  );
}

function spanWords({ place, role, since, until }: Span): string {
  const times = until ? timeSpan(Date.parse(since), Date.parse(until)) : t("report.since", { time: shortDayAndTime(Date.parse(since)) });
  return t("report.span", { place: t(`report.place.${place}`), role: t(`role.${role}`), times });
}

const WIDE = 1000;

/** The list below says the same. */
function SpanBar({ spans, page: { from = "", until = "", made_at } }: { spans: Span[]; page: AttendancePage }) {
  const [begin, end] = [Date.parse(from), Date.parse(until)];
  const x = (at: number) => (WIDE * Math.min(Math.max(at - begin, 0), end - begin)) / (end - begin);
  return (
    <svg class="span-bar" viewBox={`0 0 ${WIDE} 20`} preserveAspectRatio="none" aria-hidden="true">
      {spans.map(({ place, role, since, until: left }) => {
        const [a, b] = [x(Date.parse(since)), x(Date.parse(left ?? made_at))];
        return <rect key={since} class={`span-${place}`} data-staff={role === "viewer" ? undefined : true} x={a} width={Math.max(b - a, 4)} y={place === "inside" ? 0 : 6} height={place === "inside" ? 20 : 8} />;
      })}
    </svg>
  );
}
