// The rows of the list of invitations; on a phone each becomes a card.

import type { ComponentChildren } from "preact";
import { t } from "../../i18n/index.ts";
import type { Grant } from "../../protocol.ts";
import type { IconName } from "../icons.tsx";
import { Icon } from "../icons.tsx";
import type { MenuGroup, MenuItem } from "../menu.tsx";
import { MenuButton } from "../menu.tsx";
import { Avatar, Status } from "../parts.tsx";
import { Badge, roleIcon } from "../roles.tsx";
import { useSuccessor } from "../successor.ts";
import type { Invitation } from "./calls.ts";
import { fullName } from "./frame.tsx";
import { domainBeside, linkWords, mailWords, shapes, sinceWords } from "./invitationwords.ts";

export type Act = "edit" | "link" | "email" | "reset" | "revoke" | "restore";

interface Props {
  items: Invitation[];
  mail: boolean;
  picked: ReadonlySet<string>;
  /** Why the last act on many did not work for one. */
  troubles: ReadonlyMap<string, string>;
  pick: (ids: string[], on: boolean) => void;
  act: (act: Act, one: Invitation) => void;
  changeType: (one: Invitation, type: Grant) => void;
  hold: (on: boolean) => void;
  children?: ComponentChildren;
}

/** Explicit roles, because on a phone the rows become cards and browsers then forget the table. */
export function InvitationTable({ items, mail, picked, troubles, pick, act, changeType, hold, children }: Props) {
  const heads = ["person", "type", "state", "link"] as const;
  const ids = items.map((one) => one.id);
  const all = ids.every((id) => picked.has(id));
  const release = (event: MouseEvent | FocusEvent) => {
    const table = event.currentTarget as HTMLElement;
    const next = event.type === "focusout" ? (event as FocusEvent).relatedTarget : document.activeElement;
    if (!table.contains(next as Node | null) && !table.matches(":hover")) hold(false);
  };
  return (
    <div class="card card-flush holding" role="group" aria-labelledby="invitations" onMouseEnter={() => hold(true)} onFocusIn={() => hold(true)} onMouseLeave={release} onFocusOut={release}>
      {children}
      <table class="table" role="table" aria-labelledby="invitations">
        <thead role="rowgroup">
          <tr role="row">
            {heads.map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name === "person" && <label class="pick"><input type="checkbox" aria-label={t("invitations.pick.all")} checked={all} onChange={() => pick(ids, !all)} /></label>}
                {t(`invitations.${name}`)}
              </th>
            ))}
            <th role="columnheader" scope="col"><span class="sr">{t("invitations.actions")}</span></th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((one) => (
            <Row
              key={one.id}
              one={one}
              picked={picked.has(one.id)}
              trouble={troubles.get(one.id)}
              pick={(on) => pick([one.id], on)}
              menu={() => menuOf(one, mail, act, changeType)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  one: Invitation;
  picked: boolean;
  trouble?: string;
  pick: (on: boolean) => void;
  menu: () => MenuGroup[];
}

function Row({ one, picked, trouble, pick, menu }: RowProps) {
  const row = useSuccessor<HTMLTableRowElement>(one.id);
  const name = fullName(one);
  const mail = mailWords(one);
  return (
    <tr role="row" ref={row} data-row={one.id} data-picked={picked || undefined}>
      <td role="cell">
        <span class="who">
          <label class="pick"><input type="checkbox" aria-label={t("invitations.person.pick", { name })} checked={picked} onChange={(event) => pick(event.currentTarget.checked)} /></label>
          <Avatar name={name} seed={one.participant} />
          <span><b>{name}</b><span class="small soft">{one.email} {domainBeside(one)}</span></span>
        </span>
      </td>
      <td role="cell"><Badge role={one.type} /></td>
      <td role="cell">
        <span class="standing">
          <span class="line"><Status state={shapes[one.state]}>{t(`invitation.${one.state}`)}</Status><span class="small soft num">{sinceWords(one)}</span></span>
          {one.finishing && <Status state="revoked">{t("state.finishing")}</Status>}
          {mail && <Status state={one.mail?.state ?? ""}>{t(mail)}</Status>}
          {one.mail?.detail && <span class="small soft">{one.mail.detail}</span>}
          {trouble && <span class="error small"><Icon name="alert" />{trouble}</span>}
        </span>
      </td>
      <td role="cell" class="small soft">{linkWords(one)}</td>
      <td role="cell"><MenuButton label={t("people.actions", { name })} groups={menu} /></td>
    </tr>
  );
}

const types: Grant[] = ["viewer", "speaker", "moderator"];

function menuOf(one: Invitation, mail: boolean, act: Props["act"], changeType: Props["changeType"]): MenuGroup[] {
  const gone = one.state === "revoked" ? t("invitation.gone") : undefined;
  const off = gone ?? (one.finishing ? t("invitation.gone") : undefined);
  const item = (name: Act, icon: IconName, refused?: string, extra: Partial<MenuItem> = {}): MenuItem =>
    ({ label: t(`invitation.${name}`), icon, refused, run: () => act(name, one), ...extra });
  return [
    {
      label: t("invitation.type"),
      items: types.map((type) => ({ label: t(`role.${type}`), icon: roleIcon(type), checked: one.type === type, refused: gone, run: () => changeType(one, type) })),
    },
    {
      items: [
        item("edit", "clock", gone),
        item("link", "link", off),
        ...(mail ? [item("email", "mail", off, { label: t(one.mail ? "invitation.email" : "invitation.email.first") })] : []),
        item("reset", "device", off ?? (one.devices_used === 0 && !one.locked ? t("invitation.reset.none") : undefined)),
        ...(one.finishing && !gone ? [item("restore", "check")] : []),
        item("revoke", "leave", gone, { danger: true }),
      ],
    },
  ];
}
