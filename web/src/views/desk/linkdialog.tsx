// The link of an invitation, shown once: to copy, or as a QR code to scan or save.

import { useRef, useState } from "preact/hooks";
import { say } from "../../announce.ts";
import { dayAndTime } from "../../i18n/format.ts";
import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { Field, Status } from "../parts.tsx";
import { Badge } from "../roles.tsx";
import type { Invitation } from "./calls.ts";
import { fullName } from "./frame.tsx";
import { domainBeside, domainOf } from "./invitationwords.ts";
import { QrCode } from "./qrcode.tsx";
import { devicesWords } from "./terms.tsx";

interface Props {
  room: { title: string };
  invitation: Invitation & { inside?: boolean };
  close: () => void;
  next?: () => void;
}

/** A known address has a link already: then there is none to show, and what has changed is said instead. */
export function LinkDialog({ room, invitation, close, next }: Props) {
  const name = fullName(invitation);
  return (
    <Dialog
      title={t(titleOf(invitation), { name, type: t(`role.${invitation.type}`) })}
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
        {invitation.url ? <CopyLink url={invitation.url} /> : <p>{t(invitation.inside ? "invite.inside.text" : "invite.known.text", { name })}</p>}
        {invitation.warnings && <Warnings all={invitation.warnings} domain={domainOf(invitation)} />}
        <div class="with-qr">
          <Facts invitation={invitation} />
          {invitation.qr && <QrCode code={invitation.qr} name={name} />}
        </div>
      </div>
    </Dialog>
  );
}

function titleOf({ url, inside }: Props["invitation"]): Key {
  if (url) return "invite.done.title";
  return inside ? "invite.inside.title" : "invite.known.title";
}

/** It is invited already: this is for who may have been deceived. */
function Warnings({ all, domain }: { all: string[]; domain: string }) {
  return (
    <div class="notice" data-kind="warn" role="status">
      <Icon name="alert" />
      <div class="stack-s">
        {all.map((one) => <p key={one}>{warningWords(one, domain)}</p>)}
        <p>{t("invite.domain.check")}</p>
      </div>
      <span />
    </div>
  );
}

function warningWords(warning: string, domain: string): string {
  const [kind, other = ""] = warning.split(":");
  return kind === "looks_like" ? t("invite.domain.alike", { domain, other }) : t("invite.domain.mixed", { domain });
}

function Facts({ invitation }: { invitation: Invitation }) {
  return (
    <dl class="facts">
      <dt>{t("invite.done.for")}</dt><dd>{invitation.email} <span class="small soft">{domainBeside(invitation)}</span></dd>
      <dt>{t("invite.done.type")}</dt><dd><Badge role={invitation.type} /></dd>
      <dt>{t("invite.done.until")}</dt><dd>{dayAndTime(Date.parse(invitation.expires_at))}</dd>
      <dt>{t("invite.done.works")}</dt><dd>{t("invite.done.works.text", { devices: devicesWords(invitation.devices) })}</dd>
      {invitation.sent !== undefined && (
        <>
          <dt>{t("invite.done.mail")}</dt>
          <dd><Status state={invitation.sent ? "waiting" : "failed"}>{t(mailWords(invitation))}</Status></dd>
        </>
      )}
    </dl>
  );
}

function mailWords({ sent, url }: Invitation): Key {
  if (sent) return "invite.done.mail.sent";
  return url ? "invite.done.mail.failed" : "invite.done.mail.none";
}

export function CopyLink({ url, id = "link", label = t("invite.link") }: { url: string; id?: string; label?: string }) {
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
    <Field id={id} label={label} hint={t("invite.link.hint")}>
      {(described) => (
        <div class="copy">
          <input ref={field} class="input" readOnly value={url} onFocus={(event) => event.currentTarget.select()} {...described} />
          <button type="button" class="btn btn-main" onClick={copy}><Icon name={copied ? "check" : "copy"} />{t(copied ? "invite.copied" : "invite.copy")}</button>
        </div>
      )}
    </Field>
  );
}
