// What is asked before something happens to an invitation, or to many.

import { useState } from "preact/hooks";
import type { Key, PluralKey } from "../../i18n/index.ts";
import { plural, t } from "../../i18n/index.ts";
import { Confirm, Dialog } from "../dialog.tsx";
import { Field } from "../parts.tsx";
import type { Invitation, InvitationChange, Result, Sessions } from "./calls.ts";
import { desk } from "./calls.ts";
import type { Errors } from "./forms.tsx";
import { Failed, failureOf, instantOf, localValue, Summary, textOf, useSubmit } from "./forms.tsx";
import { fullName } from "./frame.tsx";
import { isHere } from "./invitationwords.ts";
import { most } from "./limits.ts";

export type Asked = "link" | "email" | "reset" | "revoke";

interface AskProps {
  asked: Asked;
  one: Invitation;
  close: () => void;
  /** Does it; a refusal is told in the dialog. */
  run: (sessions: Sessions) => Promise<void>;
}

export function Ask({ asked, one, close, run }: AskProps) {
  const name = fullName(one);
  const here = asked === "revoke" && isHere(one) && one.devices_used > 0 && !one.finishing;
  return (
    <Asking
      title={t(`invitation.${asked}.title`, { name })}
      text={t(`invitation.${asked}.text`, { name })}
      action={t(`invitation.${asked}`)}
      danger={asked === "revoke"}
      choice={here ? t("invitation.revoke.here", { name }) : undefined}
      close={close}
      run={run}
    />
  );
}

interface ManyProps {
  act: "email" | "revoke";
  ids: string[];
  here: boolean;
  room: string;
  close: () => void;
  done: (results: Result[]) => void;
}

export function AskMany({ act, ids, here, room, close, done }: ManyProps) {
  return (
    <Asking
      title={plural(`bulk.${act}.title` as PluralKey, ids.length)}
      text={t(`bulk.${act}.text` as Key)}
      action={t(`bulk.${act}` as Key)}
      danger={act === "revoke"}
      choice={here && act === "revoke" ? t("bulk.revoke.here") : undefined}
      close={close}
      run={async (sessions) => done((await (act === "email" ? desk.sendMany(room, ids) : desk.revokeMany(room, ids, sessions))).items)}
    />
  );
}

interface AskingProps {
  title: string;
  text: string;
  action: string;
  danger: boolean;
  choice?: string;
  close: () => void;
  run: (sessions: Sessions) => Promise<void>;
}

function Asking({ choice, run, ...rest }: AskingProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [sessions, setSessions] = useState<Sessions>("end");
  const go = async () => {
    setBusy(true);
    try {
      await run(choice ? sessions : "end");
    } catch (e) {
      setError(failureOf(e));
    }
    setBusy(false);
  };
  return (
    <Confirm busy={busy} error={error} run={go} {...rest}>
      {choice && (
        <fieldset class="field">
          <legend class="legend">{choice}</legend>
          <div class="choices">
            {(["end", "finish"] as const).map((one) => (
              <label class="choice" key={one}>
                <input type="radio" name="sessions" checked={sessions === one} onChange={() => setSessions(one)} />
                <b>{t(`invitation.revoke.${one}`)}</b>
                <span class="hint">{t(`invitation.revoke.${one}.text`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </Confirm>
  );
}

const ids = { first_name: "edit-first", last_name: "edit-last", expires_at: "edit-expires", devices: "edit-devices" };

function check(data: FormData): Errors {
  const wrong: Errors = {};
  if (!textOf(data, "first_name")) wrong.first_name = t("field.first.empty");
  if (!textOf(data, "last_name")) wrong.last_name = t("field.last.empty");
  const devices = Number(textOf(data, "devices"));
  if (data.has("devices") && !(Number.isInteger(devices) && devices >= 1 && devices <= most.devices)) wrong.devices = t("invite.devices.wrong");
  if (Number.isNaN(instantOf(textOf(data, "expires_at")))) wrong.expires_at = t("invite.expires.past");
  return wrong;
}

/** What is another than before. */
export function changeOf(one: Invitation, data: FormData): InvitationChange {
  const change: InvitationChange = {};
  for (const name of ["first_name", "last_name"] as const) if (textOf(data, name) !== one[name]) change[name] = textOf(data, name);
  if (textOf(data, "expires_at") !== localValue(Date.parse(one.expires_at))) change.expires_at = new Date(instantOf(textOf(data, "expires_at"))).toISOString();
  if (data.has("devices") && Number(textOf(data, "devices")) !== one.devices) change.devices = Number(textOf(data, "devices"));
  return change;
}

interface EditProps {
  one: Invitation;
  close: () => void;
  save: (change: InvitationChange) => Promise<void>;
}

export function EditDialog({ one, close, save }: EditProps) {
  const name = fullName(one);
  const { form, busy, errors, failed, submit } = useSubmit({ check, send: (data) => save(changeOf(one, data)), fields: Object.keys(ids) });
  return (
    <Dialog
      title={t("invitation.edit.title", { name })}
      subtitle={one.email}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="edit-invitation" class="btn btn-main" aria-busy={busy}>{t("invitation.edit.save")}</button>
        </>
      }
    >
      <form ref={form} id="edit-invitation" class="dialog-body stack" onSubmit={submit} noValidate>
        <Failed text={failed} />
        <Summary errors={errors} ids={ids} />
        <div class="fields-2">
          <Field id={ids.first_name} label={t("field.first")} error={errors.first_name}>
            {(described) => <input class="input" name="first_name" maxLength={most.name} defaultValue={one.first_name} {...described} />}
          </Field>
          <Field id={ids.last_name} label={t("field.last")} error={errors.last_name}>
            {(described) => <input class="input" name="last_name" maxLength={most.name} defaultValue={one.last_name} {...described} />}
          </Field>
        </div>
        <div class="fields-2">
          <Field id={ids.expires_at} label={t("invitation.edit.expires")} error={errors.expires_at}>
            {(described) => <input class="input" type="datetime-local" name="expires_at" defaultValue={localValue(Date.parse(one.expires_at))} {...described} />}
          </Field>
          {one.devices > 0 && (
            <Field id={ids.devices} label={t("invitation.edit.devices")} error={errors.devices}>
              {(described) => <input class="input" type="number" inputMode="numeric" min={1} max={most.devices} name="devices" defaultValue={String(one.devices)} {...described} />}
            </Field>
          )}
        </div>
      </form>
    </Dialog>
  );
}
