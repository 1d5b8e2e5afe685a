// Inviting somebody: who, as what, for how long; then the link, shown once.

import "./base.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Invitation } from "./calls.ts";
import { serverNow } from "../../api.ts";
import { say } from "../../announce.ts";
import { dayAndTime } from "../../i18n/format.ts";
import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";
import type { Grant } from "../../protocol.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { Badge, Field, roleIcon } from "../parts.tsx";
import type { Errors } from "./forms.tsx";
import { Failed, instantOf, isAddress, localValue, Summary, textOf, useSubmit } from "./forms.tsx";
import { fullName } from "./frame.tsx";
import { desk } from "./calls.ts";
import { most } from "./limits.ts";

const DAY = 86_400_000;
const types: Grant[] = ["viewer", "moderator", "speaker"];
const ids = { email: "invite-email", first_name: "invite-first", last_name: "invite-last", expires_at: "invite-expires" };

export interface InviteRoom {
  id: string;
  title: string;
  starts_at: number;
  ends_at?: number;
}

export function InviteDialog({ room, close }: { room: InviteRoom; close: () => void }) {
  const [done, setDone] = useState<Invitation>();
  const [round, setRound] = useState(0);
  if (done) {
    const next = () => {
      setDone(undefined);
      setRound(round + 1);
    };
    return <LinkDialog key={done.id} room={room} invitation={done} close={close} next={next} />;
  }
  return <InviteForm key={round} room={room} close={close} done={setDone} />;
}

function check(data: FormData): Errors {
  const wrong: Errors = {};
  if (!textOf(data, "email")) wrong.email = t("email.empty");
  else if (!isAddress(textOf(data, "email"))) wrong.email = t("email.malformed");
  if (!textOf(data, "first_name")) wrong.first_name = t("field.first.empty");
  if (!textOf(data, "last_name")) wrong.last_name = t("field.last.empty");
  if (data.has("expires_at") && !(instantOf(textOf(data, "expires_at")) > serverNow())) wrong.expires_at = t("invite.expires.past");
  return wrong;
}

function InviteForm({ room, close, done }: { room: InviteRoom; close: () => void; done: (invitation: Invitation) => void }) {
  const [expires, setExpires] = useState<string>(); // set: a time of one's own
  const mail = useMail();
  const { form, busy, errors, failed, submit } = useSubmit({
    check,
    send: async (data) => {
      const send_email = data.has("send_email") || undefined;
      const made = await desk.invite(room.id, {
        email: textOf(data, "email"),
        first_name: textOf(data, "first_name"),
        last_name: textOf(data, "last_name"),
        type: textOf(data, "type") as Grant,
        expires_at: expires ? new Date(instantOf(expires)).toISOString() : undefined,
        send_email,
      });
      done({ ...made, sent: made.sent ?? (send_email && false) });
    },
    fields: Object.keys(ids),
  });
  return (
    <Dialog
      title={t("invite.title")}
      subtitle={room.title}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" class="btn btn-main" form="invite" aria-busy={busy}>{t("invite.action")}</button>
        </>
      }
    >
      <form ref={form} class="dialog-body stack" id="invite" onSubmit={submit} noValidate>
        <Failed text={failed} />
        <Summary errors={errors} ids={ids} />
        <Field id={ids.email} label={t("email.label")} error={errors.email}>
          {(described) => <input class="input" type="email" name="email" autocomplete="off" inputMode="email" spellcheck={false} maxLength={most.address} {...described} />}
        </Field>
        <div class="fields-2">
          <Field id={ids.first_name} label={t("field.first")} error={errors.first_name}>
            {(described) => <input class="input" name="first_name" autocomplete="off" maxLength={most.name} {...described} />}
          </Field>
          <Field id={ids.last_name} label={t("field.last")} error={errors.last_name}>
            {(described) => <input class="input" name="last_name" autocomplete="off" maxLength={most.name} {...described} />}
          </Field>
        </div>
        <fieldset class="stack-s">
          <legend class="legend">{t("invite.type")}</legend>
          <div class="choices">
            {types.map((type) => (
              <label class="choice" key={type}>
                <input type="radio" name="type" value={type} defaultChecked={type === "viewer"} />
                <b><Icon name={roleIcon(type)} />{t(`role.${type}`)}</b>
                <span class="small soft">{t(`invite.type.${type}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <Expiry room={room} expires={expires} change={setExpires} error={errors.expires_at} />
        {mail && <label class="check"><input type="checkbox" name="send_email" defaultChecked /><span>{t("invite.mail")}</span></label>}
      </form>
    </Dialog>
  );
}

/** Whether the site can send mails. */
export function useMail(): boolean {
  const [mail, setMail] = useState(false);
  useEffect(() => {
    desk.features().then((features) => setMail(features.mail), () => undefined); // unknown is as good as no
  }, []);
  return mail;
}

/** A room without an end lasts a day, for its links. */
const endOf = ({ starts_at, ends_at }: InviteRoom) => ends_at ?? starts_at + DAY;

interface ExpiryProps {
  room: InviteRoom;
  expires?: string;
  change: (expires?: string) => void;
  error?: string;
}

/** Without a time of one's own, a link lasts 24 hours or, if that is later, to the room's end: the server reckons. */
function Expiry({ room, expires, change, error }: ExpiryProps) {
  if (expires === undefined) {
    const day = serverNow() + DAY;
    const usual = Math.max(day, endOf(room));
    return (
      <p class="small soft">
        {usual > day ? t("invite.lasts", { time: dayAndTime(usual) }) : t("invite.lasts.day")}{" "}
        <button type="button" class="linklike" onClick={() => change(localValue(usual))}>{t("invite.lasts.change")}</button>
      </p>
    );
  }
  return (
    <div class="stack-s">
      <Field id={ids.expires_at} label={t("invite.expires")} hint={t("invite.expires.hint")} error={error}>
        {(described) => <input class="input" type="datetime-local" name="expires_at" value={expires} onInput={(event) => change(event.currentTarget.value)} {...described} />}
      </Field>
      {instantOf(expires) < room.starts_at && <Early room={room} change={change} />}
    </div>
  );
}

/** A link that dies before the doors open helps nobody. */
function Early({ room, change }: { room: InviteRoom; change: (expires: string) => void }) {
  return (
    <div class="notice" data-kind="warn">
      <Icon name="clock" />
      <div>
        <p class="small">{t("invite.early")}</p>
        <p><button type="button" class="btn btn-small" onClick={() => change(localValue(endOf(room) + 60_000))}>{t("invite.early.fix")}</button></p>
      </div>
      <span />
    </div>
  );
}

interface LinkProps {
  room: InviteRoom;
  invitation: Invitation;
  close: () => void;
  next?: () => void;
}

/** The link itself. A known address has one already: then there is none to show. */
export function LinkDialog({ room, invitation, close, next }: LinkProps) {
  const name = fullName(invitation);
  return (
    <Dialog
      title={t(invitation.url ? "invite.done.title" : "invite.known.title", { name })}
      subtitle={room.title}
      close={close}
      foot={
        <>
          {next && <button type="button" class="btn" onClick={next}>{t("invite.done.next")}</button>}
          <button type="button" class="btn btn-main" onClick={close}>{t("dialog.done")}</button>
        </>
      }
    >
      <div class="dialog-body stack">
        {invitation.url ? <CopyLink url={invitation.url} /> : <p>{t("invite.known.text", { name })}</p>}
        <dl class="facts">
          <dt>{t("invite.done.for")}</dt><dd>{invitation.email}</dd>
          <dt>{t("invite.done.type")}</dt><dd><Badge role={invitation.type} /></dd>
          {invitation.sent !== undefined && <><dt>{t("invite.done.mail")}</dt><dd>{t(mailWords(invitation))}</dd></>}
          <dt>{t("invite.done.until")}</dt><dd>{dayAndTime(Date.parse(invitation.expires_at))}</dd>
          <dt>{t("invite.done.works")}</dt><dd>{t("invite.done.works.text")}</dd>
        </dl>
      </div>
    </Dialog>
  );
}

function mailWords({ sent, url }: Invitation): Key {
  if (sent) return "invite.done.mail.sent";
  return url ? "invite.done.mail.failed" : "invite.done.mail.none";
}

function CopyLink({ url }: { url: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      return; // forbidden or not secure: it is selected, the keyboard copies it
    }
    setCopied(true);
    say(t("invite.copied.say"));
  };
  return (
    <Field id="link" label={t("invite.link")} hint={t("invite.link.hint")}>
      {(described) => (
        <div class="copy">
          <input ref={field} class="input" readOnly value={url} onFocus={(event) => event.currentTarget.select()} {...described} />
          <button type="button" class="btn btn-main" onClick={copy}><Icon name={copied ? "check" : "copy"} />{t(copied ? "invite.copied" : "invite.copy")}</button>
        </div>
      )}
    </Field>
  );
}
