// Who was kept out and asks for a way in: each with what helps, in one click.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import { shortDayAndTime } from "../../i18n/format.ts";
import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Icon } from "../icons.tsx";
import { Avatar } from "../parts.tsx";
import { useSuccessor } from "../successor.ts";
import type { Invitation, Request } from "./calls.ts";
import { desk } from "./calls.ts";
import { failureOf } from "./forms.tsx";
import { fullName } from "./frame.tsx";
import { LinkDialog } from "./linkdialog.tsx";
import { useMail } from "./mail.ts";

interface Props {
  room: RoomRecord;
  changed: () => void;
}

export function Requests({ room, changed }: Props) {
  const [asking, setAsking] = useState<{ items: Request[]; total: number }>();
  const [link, setLink] = useState<Invitation>();
  useEffect(() => void desk.requests(room.id).then(setAsking, (error) => report(failureOf(error), "bad")), [room.requests]);
  const there = Boolean(asking?.total);
  useEffect(() => { // who comes by a mail about a request
    if (there && location.hash === "#requests") document.getElementById("requests")?.focus();
  }, [there]);
  const about = { id: room.id, title: room.title, starts_at: Date.parse(room.starts_at) };
  const dialog = link && <LinkDialog room={about} invitation={link} close={() => setLink(undefined)} />;
  if (!asking || !there) return <>{dialog}</>;
  const answered = (id: string) => {
    setAsking({ items: asking.items.filter(({ invitation }) => invitation.id !== id), total: asking.total - 1 });
    changed();
  };
  const more = asking.total - asking.items.length;
  return (
    <section class="stack" aria-labelledby="requests">
      <h2 class="form-title line" id="requests" tabIndex={-1}>{t("requests.title")} <span class="tally">{asking.total}</span></h2>
      <ul class="stack-s">
        {asking.items.map((one) => <Row key={one.invitation.id} room={room.id} one={one} answered={answered} show={setLink} />)}
      </ul>
      {more > 0 && <p class="small soft">{t("requests.more", { count: more })}</p>}
      {dialog}
    </section>
  );
}

interface RowProps {
  room: string;
  one: Request;
  answered: (id: string) => void;
  show: (invitation: Invitation) => void;
}

const reasons = ["invitation_expired", "invitation_used", "invitation_revoked", "other_device", "lobby_locked", "lobby_no_match"] as const;

function why({ why }: Request): string {
  const known = reasons.find((reason) => reason === why);
  return t(known ? `requests.why.${known}` : "requests.why.other");
}

function Row({ room, one, answered, show }: RowProps) {
  const { invitation } = one;
  const row = useSuccessor<HTMLLIElement>(invitation.id);
  const mail = useMail();
  const [busy, setBusy] = useState(false);
  const name = fullName(invitation);
  const act = (run: () => Promise<Invitation | undefined>, done?: Key) => async () => {
    if (busy) return;
    setBusy(true);
    try {
      const made = await run();
      if (made) show(made);
      else if (done) report(t(done, { name }));
      answered(invitation.id);
    } catch (error) {
      report(failureOf(error), "bad");
      setBusy(false);
    }
  };
  const quietly = (call: Promise<unknown>) => call.then(() => undefined);
  const invite = async () => {
    const { email, first_name, last_name, type } = invitation;
    const fresh = await desk.invite(room, { email, first_name, last_name, type, send_email: mail });
    return mail ? undefined : fresh;
  };
  const renew = async () => ({ ...invitation, ...(await desk.newLink(room, invitation.id)) });
  const tied = invitation.devices_used > 0 || invitation.locked;
  return (
    <li class="card stack-s" ref={row} data-row={invitation.id}>
      <div class="who">
        <Avatar name={name} seed={invitation.participant} />
        <span><b>{name}</b><span class="small soft">{invitation.email}</span></span>
      </div>
      <p class="line-start"><Icon name="alert" /><span>{why(one)} <span class="soft">· {t("requests.at", { time: shortDayAndTime(Date.parse(one.asked_at)) })}</span></span></p>
      {one.message && <p class="quote">{one.message}</p>}
      <p class="line">
        {invitation.state === "revoked"
          ? <button type="button" class="btn btn-small" aria-busy={busy} onClick={act(invite, "requests.invite.done")}>{t("requests.invite")}</button>
          : mail
            ? <button type="button" class="btn btn-small" aria-busy={busy} onClick={act(() => quietly(desk.sendAgain(room, invitation.id)), "requests.mail.done")}>{t("requests.mail")}</button>
            : <button type="button" class="btn btn-small" aria-busy={busy} onClick={act(renew)}>{t("requests.link")}</button>}
        {tied && invitation.state !== "revoked" && <button type="button" class="btn btn-small" onClick={act(() => quietly(desk.resetDevice(room, invitation.id)), "requests.reset.done")}>{t("requests.reset")}</button>}
        <button type="button" class="btn btn-small btn-quiet" onClick={act(() => quietly(desk.dismiss(room, invitation.id)), "requests.dismiss.done")}>{t("requests.dismiss")}</button>
      </p>
    </li>
  );
}
