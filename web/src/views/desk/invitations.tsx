// Everybody who is invited: state, search, pages, and what can be done with each invitation.

import { useEffect, useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import type { Invitation } from "./calls.ts";
import { serverNow } from "../../api.ts";
import { shortDayAndTime } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import type { Grant } from "../../protocol.ts";
import { Confirm } from "../dialog.tsx";
import type { IconName } from "../icons.tsx";
import { Icon } from "../icons.tsx";
import { useInviteWindow } from "../invitewindow.tsx";
import type { MenuGroup } from "../menu.tsx";
import { MenuButton } from "../menu.tsx";
import { Avatar, Badge, Bones, Empty, roleIcon, Status } from "../parts.tsx";
import { useSuccessor } from "../successor.ts";
import { failureOf } from "./forms.tsx";
import { fullName } from "./frame.tsx";
import { LinkDialog } from "./linkdialog.tsx";
import { useEvery } from "./live.ts";
import { useMail } from "./mail.ts";
import { desk } from "./calls.ts";

const REFRESH = 5_000;
const TYPING = 250;
const filters = ["", "issued", "opened", "confirmed", "inside", "expired", "revoked"] as const;

type Asked = { act: "link" | "email" | "reset" | "revoke"; invitation: Invitation };

export function Invitations({ room }: { room: RoomRecord }) {
  const [search, setSearch] = useState("");
  const [state, setState] = useState<(typeof filters)[number]>("");
  const list = useInvitations(room.id, search.trim(), state);
  const [asked, setAsked] = useState<Asked>();
  const [link, setLink] = useState<Invitation>();
  const dates = { starts_at: Date.parse(room.starts_at), ends_at: room.ends_at ? Date.parse(room.ends_at) : undefined };
  const invite = useInviteWindow({ id: room.id, title: room.title, ...dates }, list.refresh);
  return (
    <section class="stack" aria-labelledby="invitations">
      <div class="page-head">
        <h2 class="form-title" id="invitations" tabIndex={-1}>{t("invitations.title")}</h2>
        <button type="button" class="btn btn-main" aria-busy={invite.busy} onClick={invite.open}><Icon name="plus" />{t("invite.title")}</button>
      </div>
      <div class="tools">
        <div class="search">
          <Icon name="search" />
          <label class="sr" for="find-invitation">{t("invitations.search")}</label>
          <input class="input" id="find-invitation" type="search" autocomplete="off" placeholder={t("invitations.search.hint")} value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        </div>
        <div class="line chips" role="group" aria-label={t("rooms.show")}>
          {filters.map((name) => <button key={name} type="button" class="chip" aria-pressed={state === name} onClick={() => setState(name)}>{t(`invitation.${name || "all"}`)}</button>)}
        </div>
      </div>
      {list.failed && <p class="error" role="alert"><Icon name="alert" />{list.failed}</p>}
      {!list.items && !list.failed && <Bones label={t("invitations.loading")} />}
      {list.items?.length === 0 && <Nobody filtered={search !== "" || state !== ""} />}
      {list.items && list.items.length > 0 && <Table items={list.items} act={(ask) => setAsked(ask)} changeType={(one, type) => void changeType(room.id, one, type, list.refresh)} />}
      {(list.previous || list.next) && (
        <nav class="line pages" aria-label={t("invitations.pages")}>
          <button type="button" class="btn btn-small" aria-disabled={!list.previous} onClick={list.previous}>{t("invitations.previous")}</button>
          <button type="button" class="btn btn-small" aria-disabled={!list.next} onClick={list.next}>{t("invitations.next")}</button>
        </nav>
      )}
      {invite.part}
      {asked && <Ask room={room.id} asked={asked} close={() => setAsked(undefined)} refresh={list.refresh} show={setLink} />}
      {link && <LinkDialog room={room} invitation={link} close={() => setLink(undefined)} />}
    </section>
  );
}

function Nobody({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty icon="search" title={t("invitations.nothing")} />;
  return <Empty icon="mail" title={t("invitations.none")}><p>{t("invitations.none.text")}</p></Empty>;
}

function useInvitations(room: string, search: string, state: string) {
  const [items, setItems] = useState<Invitation[]>();
  const [next, setNext] = useState<string>();
  const [failed, setFailed] = useState("");
  const [cursors, setCursors] = useState<string[]>([]); // of the pages before and at this one
  const load = async (pages = cursors) => {
    try {
      const page = await desk.invitations(room, search, state, pages.at(-1));
      setItems(page.items);
      setNext(page.next);
      setFailed("");
    } catch (error) {
      setFailed(failureOf(error));
    }
  };
  const turn = (pages: string[]) => {
    setCursors(pages);
    void load(pages);
  };
  useEffect(() => {
    const timer = setTimeout(() => turn([]), search ? TYPING : 0);
    return () => clearTimeout(timer);
  }, [search, state]);
  useEvery(REFRESH, () => void load());
  return {
    items,
    failed,
    refresh: () => void load(),
    next: next ? () => turn([...cursors, next]) : undefined,
    previous: cursors.length > 0 ? () => turn(cursors.slice(0, -1)) : undefined,
  };
}

async function changeType(room: string, invitation: Invitation, type: Grant, refresh: () => void): Promise<void> {
  if (invitation.type === type) return;
  const was = invitation.type;
  try {
    await desk.changeInvitation(room, invitation.id, { type });
    const undo = { label: t("undo"), run: () => void changeType(room, { ...invitation, type }, was, refresh) };
    report(t("invitation.changed", { name: fullName(invitation), type: t(`role.${type}`) }), "good", [undo]);
  } catch (error) {
    report(failureOf(error), "bad");
  }
  refresh();
}

interface TableProps {
  items: Invitation[];
  act: (asked: Asked) => void;
  changeType: (invitation: Invitation, type: Grant) => void;
}

/** Explicit roles, because on a phone the rows become cards and browsers then forget the table. */
function Table({ items, act, changeType }: TableProps) {
  const mail = useMail();
  const heads = ["person", "type", "state", "link"] as const;
  return (
    <div class="card card-flush">
      <table class="table" role="table" aria-labelledby="invitations">
        <thead role="rowgroup">
          <tr role="row">
            {heads.map((name) => <th key={name} role="columnheader" scope="col">{t(`invitations.${name}`)}</th>)}
            <th role="columnheader" scope="col"><span class="sr">{t("invitations.actions")}</span></th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((one) => <InvitationRow key={one.id} one={one} menu={() => menuOf(one, mail, act, changeType)} />)}
        </tbody>
      </table>
    </div>
  );
}

function InvitationRow({ one, menu }: { one: Invitation; menu: () => MenuGroup[] }) {
  const row = useSuccessor<HTMLTableRowElement>(one.id);
  const name = fullName(one);
  return (
    <tr role="row" ref={row} data-row={one.id}>
      <td role="cell"><span class="who"><Avatar name={name} seed={one.participant} /><span><b>{name}</b><span class="small soft">{one.email}</span></span></span></td>
      <td role="cell"><Badge role={one.type} /></td>
      <td role="cell">
                <span class="stack-s">
                  <Status state={shapes[one.state]}>{t(`invitation.${one.state}`)}</Status>
                  {one.mail && <Status state={one.mail.state}>{t(`mail.${one.mail.about}.${one.mail.state}`)}</Status>}
                  <span class="small soft">{one.mail?.detail}</span>
                </span>
              </td>
      <td role="cell" class="small soft">{linkWords(one)}</td>
      <td role="cell"><MenuButton label={t("people.actions", { name })} groups={menu} /></td>
    </tr>
  );
}

/** The shape before the word, see parts.css: ring, half disc, disc, diamonds. */
const shapes: Record<Invitation["state"], string> = {
  issued: "issued", queued: "queued", sent: "issued", bounced: "bounced", failed: "failed", opened: "issued", confirmed: "confirmed",
  waiting: "waiting", inside: "inside", left: "left", expired: "expired", revoked: "revoked",
};

function linkWords(one: Invitation): string {
  if (one.state === "revoked") return t("link.off");
  if (one.locked) return t("link.locked");
  if (one.devices_used > 0) return plural("link.used", one.devices_used);
  if (one.state === "expired" || Date.parse(one.expires_at) <= serverNow()) return t("link.expired");
  return t("link.unused", { time: shortDayAndTime(Date.parse(one.expires_at)) });
}

const types: Grant[] = ["viewer", "speaker", "moderator"];

function menuOf(one: Invitation, mail: boolean, act: TableProps["act"], changeType: TableProps["changeType"]): MenuGroup[] {
  const gone = one.state === "revoked" ? t("invitation.gone") : undefined;
  const ask = (name: Asked["act"], icon: IconName, not?: string) => ({ label: t(`invitation.${name}`), icon, refused: gone ?? not, run: () => act({ act: name, invitation: one }) });
  return [
    {
      label: t("invitation.type"),
      items: types.map((type) => ({ label: t(`role.${type}`), icon: roleIcon(type), checked: one.type === type, refused: gone, run: () => changeType(one, type) })),
    },
    {
      items: [
        ask("link", "link"),
        ...(mail ? [{ ...ask("email", "mail"), label: t(one.mail ? "invitation.email" : "invitation.email.first") }] : []),
        ask("reset", "device", one.devices_used === 0 && !one.locked ? t("invitation.reset.none") : undefined),
        { ...ask("revoke", "leave"), danger: true },
      ],
    },
  ];
}

interface AskProps {
  room: string;
  asked: Asked;
  close: () => void;
  refresh: () => void;
  show: (invitation: Invitation) => void;
}

const acts = { email: desk.sendAgain, reset: desk.resetDevice, revoke: desk.revoke };

function Ask({ room, asked: { act, invitation }, close, refresh, show }: AskProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const name = fullName(invitation);
  const run = async () => {
    setBusy(true);
    try {
      if (act === "link") show({ ...invitation, ...(await desk.newLink(room, invitation.id)) });
      else await acts[act](room, invitation.id);
      close();
      if (act !== "link") report(t(`invitation.${act}.done`, { name }));
      refresh();
    } catch (e) {
      setError(failureOf(e));
    }
    setBusy(false);
  };
  return (
    <Confirm
      title={t(`invitation.${act}.title`, { name })}
      text={t(`invitation.${act}.text`, { name })}
      action={t(`invitation.${act}`)}
      danger={act === "revoke"}
      busy={busy}
      error={error}
      close={close}
      run={run}
    />
  );
}
