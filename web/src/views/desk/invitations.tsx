// Everybody who is invited: how each stands, live; searched, filtered, sorted; and what can be done with them.

import "./base.ts";
import { useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import { number } from "../../i18n/format.ts";
import type { PluralKey } from "../../i18n/index.ts";
import { plural, t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import type { Grant } from "../../protocol.ts";
import { Icon } from "../icons.tsx";
import { useInviteWindow } from "../invitewindow.tsx";
import { Status } from "../parts.tsx";
import { Bones, Empty } from "../shapes.tsx";
import type { Invitation, InvitationChange, InvitationPage, InvitationQuery, InvitationState, Result, Sessions } from "./calls.ts";
import { desk } from "./calls.ts";
import { failureOf } from "./forms.tsx";
import { fullName } from "./frame.tsx";
import type { Asked } from "./invitationdialogs.tsx";
import { Ask, AskMany, EditDialog } from "./invitationdialogs.tsx";
import type { Act } from "./invitationtable.tsx";
import { InvitationTable } from "./invitationtable.tsx";
import { isHere } from "./invitationwords.ts";
import { LinkDialog } from "./linkdialog.tsx";
import { useMail } from "./mail.ts";
import { useRoster } from "./roster.ts";

/** The chips, and the states that each stands for. */
const shows: Record<string, (InvitationState | "locked")[]> = {
  all: [],
  waiting: ["waiting"],
  inside: ["inside"],
  confirmed: ["confirmed"],
  opened: ["opened"],
  unopened: ["issued", "queued", "sent"],
  attention: ["bounced", "failed", "expired", "locked"],
  left: ["left"],
  out: ["removed", "banned"],
  revoked: ["revoked"],
};
type Show = "all" | "waiting" | "inside" | "confirmed" | "opened" | "unopened" | "attention" | "left" | "out" | "revoked";

const sorts = ["issued", "-issued", "name", "state", "type"] as const;
const types: Grant[] = ["viewer", "speaker", "moderator"];

export function Invitations({ room }: { room: RoomRecord }) {
  const [search, setSearch] = useState("");
  const [show, setShow] = useState<Show>("all");
  const [type, setType] = useState("");
  const [sort, setSort] = useState<(typeof sorts)[number]>("issued");
  const query: InvitationQuery = { q: search.trim(), state: shows[show]?.join(","), type, sort };
  const list = useRoster(room.id, query);
  const acts = useActs(room, list.refresh);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const mail = useMail();
  const dates = { starts_at: Date.parse(room.starts_at), ends_at: room.ends_at ? Date.parse(room.ends_at) : undefined };
  const invite = useInviteWindow({ id: room.id, title: room.title, ...dates }, list.refresh);
  const items = list.page?.items ?? [];
  const chosen = items.filter((one) => picked.has(one.id));
  const pick = (ids: string[], on: boolean) => {
    const next = new Set(picked);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setPicked(next);
  };
  return (
    <section class="stack" aria-labelledby="invitations">
      <div class="page-head">
        <div class="stack-s">
          <h2 class="form-title" id="invitations" tabIndex={-1}>{t("invitations.title")}</h2>
          <p class="meta"><Status state={list.live ? "live" : "over"}>{t(list.live ? "invitations.live" : "invitations.delayed")}</Status></p>
        </div>
        {room.inviting?.allowed !== false && <button type="button" class="btn btn-main" aria-busy={invite.busy} onClick={invite.open}><Icon name="plus" />{t("invite.title")}</button>}
      </div>
      <div class="tools">
        <div class="search">
          <Icon name="search" />
          <label class="sr" for="find-invitation">{t("invitations.search")}</label>
          <input class="input" id="find-invitation" type="search" autocomplete="off" placeholder={t("invitations.search.hint")} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </div>
        <select class="input select" aria-label={t("invitations.types")} value={type} onChange={(event) => setType(event.currentTarget.value)}>
          <option value="">{t("invitations.types.all")}</option>
          {types.map((one) => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
        </select>
        <select class="input select" aria-label={t("invitations.sort")} value={sort} onChange={(event) => setSort(event.currentTarget.value as typeof sort)}>
          {sorts.map((one) => <option key={one} value={one}>{t(`sort.${one}`)}</option>)}
        </select>
        <div class="line chips" role="group" aria-label={t("rooms.show")}>
          {(Object.keys(shows) as Show[]).map((name) => (
            <button key={name} type="button" class="chip" aria-pressed={show === name} onClick={() => setShow(name)}>
              {t(`invitations.show.${name}`)}{list.page && <b class="num">{number(countOf(list.page, name))}</b>}
            </button>
          ))}
        </div>
      </div>
      {list.failed && <p class="error" role="alert"><Icon name="alert" />{list.failed}</p>}
      {!list.page && !list.failed && <Bones label={t("invitations.loading")} />}
      {list.page && items.length === 0 && <Nobody filtered={search !== "" || show !== "all" || type !== ""} />}
      {chosen.length > 0 && <Bulk chosen={chosen} mail={mail} act={(act) => acts.askMany(act, chosen)} all={chosen.length < items.length ? () => pick(items.map((one) => one.id), true) : undefined} clear={() => setPicked(new Set())} />}
      {items.length > 0 && (
        <InvitationTable items={items} mail={mail} picked={picked} troubles={acts.troubles} pick={pick} act={acts.act} changeType={acts.changeType} hold={list.hold}>
          {list.fresh !== 0 && <Gathered count={list.fresh} settle={list.settle} />}
        </InvitationTable>
      )}
      {list.page && items.length > 0 && <Pages page={list.page} next={list.next} previous={list.previous} />}
      {invite.part}
      {acts.dialogs(() => setPicked(new Set()))}
    </section>
  );
}

/** What a chip counts. Somebody whose link is locked may stand in another state that needs attention, too. */
function countOf({ counts }: InvitationPage, show: Show): number {
  const states = show === "all" ? Object.keys(counts).filter((name) => name !== "locked") : (shows[show] ?? []);
  return states.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
}

function Nobody({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty icon="search" title={t("invitations.nothing")} />;
  return <Empty icon="mail" title={t("invitations.none")}><p>{t("invitations.none.text")}</p></Empty>;
}

/** What waits while the list holds still, over its edge. Focus goes to the heading: the button is gone then. */
function Gathered({ count, settle }: { count: number; settle: () => void }) {
  const go = () => {
    document.getElementById("invitations")?.focus({ preventScroll: true });
    settle();
  };
  return <button type="button" class="btn btn-small gathered" onClick={go}>{count > 0 ? plural("invitations.fresh", count) : t("invitations.moved")}</button>;
}

function Pages({ page, next, previous }: { page: InvitationPage; next?: () => void; previous?: () => void }) {
  const range = { from: number(page.before + 1), to: number(page.before + page.items.length), total: number(page.total) };
  return (
    <nav class="line pages" aria-label={t("invitations.pages")}>
      <p class="small soft grow num">{t("invitations.range", range)}</p>
      {(previous || next) && (
        <>
          <button type="button" class="btn btn-small" aria-disabled={!previous} onClick={previous}>{t("invitations.previous")}</button>
          <button type="button" class="btn btn-small" aria-disabled={!next} onClick={next}>{t("invitations.next")}</button>
        </>
      )}
    </nav>
  );
}

interface BulkProps {
  chosen: Invitation[];
  mail: boolean;
  act: (act: "email" | "revoke") => void;
  all?: () => void;
  clear: () => void;
}

function Bulk({ chosen, mail, act, all, clear }: BulkProps) {
  return (
    <div class="line bulk" role="group" aria-label={t("invitations.bulk")}>
      <b class="num">{plural("invitations.picked", chosen.length)}</b>
      {mail && <button type="button" class="btn btn-small" onClick={() => act("email")}><Icon name="mail" />{t("bulk.email")}</button>}
      <button type="button" class="btn btn-small btn-danger" onClick={() => act("revoke")}>{t("bulk.revoke")}</button>
      {all && <button type="button" class="btn btn-small btn-quiet" onClick={all}>{t("invitations.pick.all")}</button>}
      <button type="button" class="btn btn-small btn-quiet" onClick={clear}>{t("invitations.unpick")}</button>
    </div>
  );
}

/** Everything that is done from the list, with its dialogs, its undo, and what went wrong. */
function useActs(room: RoomRecord, refresh: () => void) {
  const [asked, setAsked] = useState<{ act: Asked; one: Invitation }>();
  const [edited, setEdited] = useState<Invitation>();
  const [many, setMany] = useState<{ act: "email" | "revoke"; of: Invitation[] }>();
  const [link, setLink] = useState<Invitation>();
  const [troubles, setTroubles] = useState<ReadonlyMap<string, string>>(new Map());
  const trying = async (run: () => Promise<unknown>) => {
    try {
      await run();
    } catch (error) {
      report(failureOf(error), "bad");
    }
    refresh();
  };
  const undo = (run: () => Promise<unknown>) => [{ label: t("undo"), run: () => void trying(run) }];
  const restore = async (one: Invitation) => {
    await desk.restore(room.id, one.id);
    report(t("invitation.restore.done", { name: fullName(one) }));
  };
  const changeType = (one: Invitation, type: Grant) => {
    if (one.type === type) return;
    void trying(async () => {
      await desk.changeInvitation(room.id, one.id, { type });
      report(t("invitation.changed", { name: fullName(one), type: t(`role.${type}`) }), "good", undo(() => desk.changeInvitation(room.id, one.id, { type: one.type })));
    });
  };
  const save = async (one: Invitation, change: InvitationChange) => {
    if (Object.keys(change).length === 0) {
      report(t("invitation.edit.same"), "info");
      return setEdited(undefined);
    }
    await desk.changeInvitation(room.id, one.id, change);
    const before = Object.fromEntries(Object.keys(change).map((name) => [name, one[name as keyof Invitation]]));
    setEdited(undefined);
    report(t("invitation.edit.done", { name: fullName(one) }), "good", undo(() => desk.changeInvitation(room.id, one.id, before)));
    refresh();
  };
  const perform = async (act: Asked, one: Invitation, sessions: Sessions) => {
    const name = fullName(one);
    if (act === "link") setLink({ ...one, ...(await desk.newLink(room.id, one.id)) });
    else if (act === "email") await desk.sendAgain(room.id, one.id);
    else if (act === "reset") await desk.resetDevice(room.id, one.id);
    else await desk.revoke(room.id, one.id, sessions);
    setAsked(undefined);
    if (act === "revoke" && sessions === "finish") report(t("invitation.revoke.finishing", { name }), "good", undo(() => restore(one)));
    else if (act !== "link") report(t(`invitation.${act}.done`, { name }));
    refresh();
  };
  const tellMany = (act: "email" | "revoke", results: Result[]) => {
    const failed = results.filter((one) => !one.ok);
    setTroubles(new Map(failed.map((one) => [one.id, one.error?.detail ?? ""])));
    const worked = results.length - failed.length;
    if (worked > 0) report(plural(`bulk.${act}.done` as PluralKey, worked));
    if (failed.length > 0) report(plural("bulk.failed", failed.length), "bad");
    refresh();
  };
  const act = (name: Act, one: Invitation) => {
    if (name === "edit") setEdited(one);
    else if (name === "restore") void trying(() => restore(one));
    else setAsked({ act: name, one });
  };
  const dialogs = (clear: () => void) => (
    <>
      {asked && <Ask asked={asked.act} one={asked.one} close={() => setAsked(undefined)} run={(sessions) => perform(asked.act, asked.one, sessions)} />}
      {edited && <EditDialog one={edited} close={() => setEdited(undefined)} save={(change) => save(edited, change)} />}
      {many && (
        <AskMany
          act={many.act}
          ids={many.of.map((one) => one.id)}
          here={many.of.some(isHere)}
          room={room.id}
          close={() => setMany(undefined)}
          done={(results) => {
            setMany(undefined);
            clear();
            tellMany(many.act, results);
          }}
        />
      )}
      {link && <LinkDialog room={room} invitation={link} close={() => setLink(undefined)} />}
    </>
  );
  return { act, changeType, dialogs, troubles, askMany: (name: "email" | "revoke", of: Invitation[]) => setMany({ act: name, of }) };
}
