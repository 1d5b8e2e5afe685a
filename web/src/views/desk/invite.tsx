// Inviting somebody: who, as what, for how long; then the link, shown once.

import "./base.ts";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t, usePart } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import type { Grant } from "../../protocol.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import type { InviteRoom } from "../invitewindow.tsx";
import { Field } from "../parts.tsx";
import { roleIcon } from "../roles.tsx";
import type { Invitation, Inviting, KnownPerson } from "./calls.ts";
import { desk } from "./calls.ts";
import type { Errors } from "./forms.tsx";
import { Failed, isAddress, Summary, textOf, useSubmit } from "./forms.tsx";
import { most } from "./limits.ts";
import { LinkDialog } from "./linkdialog.tsx";
import { asInviter, useMail } from "./mail.ts";
import { PersonField } from "./personfield.tsx";
import type { Own } from "./terms.tsx";
import { checkTerms, termIds, termsOf, TermsFields } from "./terms.tsx";

const types: Grant[] = ["viewer", "moderator", "speaker"];
const ids = { email: "invite-email", first_name: "invite-first", last_name: "invite-last", ...termIds };

interface Props {
  room: InviteRoom;
  close: () => void;
}

export function InviteDialog({ room, close }: Props) {
  const [done, setDone] = useState<Invitation & { inside?: boolean }>();
  const [round, setRound] = useState(0);
  const inviting = useInviting(room.id);
  const list = useGuestList();
  if (done) {
    const next = () => {
      setDone(undefined);
      setRound(round + 1);
    };
    return <LinkDialog key={done.id} room={room} invitation={done} close={close} next={next} />;
  }
  if (list.view) return <list.view room={room} inviting={inviting} close={close} />;
  if (inviting && !inviting.allowed) return <Off room={room} close={close} reason={inviting.reason} />;
  return <InviteForm key={round} room={room} inviting={inviting} close={close} done={setDone} list={list} />;
}

/** The way to invite many at once: a part of its own. */
function useGuestList() {
  const [loaded, setLoaded] = useState<{ view: ComponentType<Props & { inviting?: Inviting }> }>();
  const [busy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    try {
      const [views] = await Promise.all([import("./guestlist.tsx"), usePart("sheet")]);
      setLoaded({ view: views.GuestListDialog });
    } catch {
      report(t("desk.failed.unavailable"), "bad");
    }
    setBusy(false);
  };
  return { view: loaded?.view, open, busy };
}

/** What an invitation would be, if nothing else is said; the server judges again. */
export function useInviting(room: string): Inviting | undefined {
  const [inviting, setInviting] = useState<Inviting>();
  useEffect(() => {
    desk.room(room).then((record) => setInviting(record.inviting), () => undefined);
  }, [room]);
  return inviting;
}

/** Nobody may be invited. */
function Off({ room, close, reason }: Props & { reason?: string }) {
  return (
    <Dialog title={t("invite.title")} subtitle={room.title} close={close} foot={<button type="button" class="btn" onClick={close}>{t("dialog.close")}</button>}>
      <div class="dialog-body"><p>{offWords(reason)}</p></div>
    </Dialog>
  );
}

export const offWords = (reason?: string) => t(reason === "collaboration_off" ? "invite.off.collaboration" : "invite.off");

function check(data: FormData): Errors {
  const wrong: Errors = {};
  if (!textOf(data, "email")) wrong.email = t("email.empty");
  else if (!isAddress(textOf(data, "email"))) wrong.email = t("email.malformed");
  if (!textOf(data, "first_name")) wrong.first_name = t("field.first.empty");
  if (!textOf(data, "last_name")) wrong.last_name = t("field.last.empty");
  return { ...wrong, ...checkTerms(data) };
}

interface FormProps extends Props {
  inviting?: Inviting;
  done: (invitation: Invitation & { inside?: boolean }) => void;
  list: { open: () => void; busy: boolean };
}

function InviteForm({ room, inviting, close, done, list }: FormProps) {
  const [own, setOwn] = useState<Own>();
  const [known, setKnown] = useState<KnownPerson>();
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
        ...termsOf(own),
        ...(known?.invitation ? {} : asInviter()),
        send_email,
      });
      done({ ...made, sent: made.sent ?? (send_email && false), inside: made.existing && known?.invitation?.inside });
    },
    explain: (error) => (error instanceof Problem && error.code === "collaboration_off" ? offWords(error.code) : undefined),
    fields: Object.keys(ids),
  });
  const fill = (person: KnownPerson) => {
    for (const name of ["first_name", "last_name"] as const) {
      const field = form.current?.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = person[name];
    }
  };
  return (
    <Dialog
      title={t("invite.title")}
      subtitle={room.title}
      close={close}
      foot={
        <>
          <p class="small foot-note"><button type="button" class="linklike" aria-busy={list.busy} onClick={list.open}>{t("invite.list")}</button></p>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" class="btn btn-main" form="invite" aria-busy={busy}>{t("invite.action")}</button>
        </>
      }
    >
      <form ref={form} class="dialog-body stack" id="invite" onSubmit={submit} noValidate>
        <Failed text={failed} />
        <Summary errors={errors} ids={ids} />
        <PersonField id={ids.email} room={room.id} error={errors.email} pick={fill} known={setKnown} />
        <div class="fields-2">
          <Field id={ids.first_name} label={t("field.first")} error={errors.first_name}>
            {(described) => <input class="input" name="first_name" autocomplete="off" aria-required="true" maxLength={most.name} {...described} />}
          </Field>
          <Field id={ids.last_name} label={t("field.last")} error={errors.last_name}>
            {(described) => <input class="input" name="last_name" autocomplete="off" aria-required="true" maxLength={most.name} {...described} />}
          </Field>
        </div>
        <Types />
        {inviting && <TermsFields room={room} inviting={inviting} own={own} change={setOwn} errors={errors} />}
        {mail && <label class="check"><input type="checkbox" name="send_email" defaultChecked /><span>{t("invite.mail")}</span></label>}
      </form>
    </Dialog>
  );
}

function Types() {
  return (
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
  );
}
