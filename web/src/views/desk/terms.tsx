// For how long a link works and on how many devices: as the site says, or as one says oneself.

import { serverNow } from "../../api.ts";
import { dayAndTime } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import type { InviteRoom } from "../invitewindow.tsx";
import { Field } from "../parts.tsx";
import type { Errors } from "./forms.tsx";
import { instantOf, localValue, textOf } from "./forms.tsx";
import type { Inviting } from "./calls.ts";
import { most } from "./limits.ts";

const DAY = 86_400_000;

export const termIds = { expires_at: "invite-expires", devices: "invite-devices" };

/** One's own terms, as they stand in the form. */
export interface Own {
  expires: string;
  devices: string;
  any: boolean;
}

export interface Terms {
  expires_at?: string;
  devices?: number;
}

/** What is wrong with one's own terms. */
export function checkTerms(data: FormData): Errors {
  const wrong: Errors = {};
  if (data.has("expires_at") && !(instantOf(textOf(data, "expires_at")) > serverNow())) wrong.expires_at = t("invite.expires.past");
  const devices = Number(textOf(data, "devices"));
  if (data.has("devices") && !(Number.isInteger(devices) && devices >= 1 && devices <= most.devices)) wrong.devices = t("invite.devices.wrong");
  return wrong;
}

export const termsOf = (own?: Own): Terms =>
  own ? { expires_at: new Date(instantOf(own.expires)).toISOString(), devices: own.any ? 0 : Number(own.devices) } : {};

/** A room without an end lasts a day, for its links. */
const endOf = ({ starts_at, ends_at }: InviteRoom) => ends_at ?? starts_at + DAY;

interface Props {
  room: InviteRoom;
  inviting: Inviting;
  own?: Own;
  change: (own: Own) => void;
  errors: Errors;
}

export function TermsFields({ room, inviting, own, change, errors }: Props) {
  const usual = Date.parse(inviting.expires_at ?? "");
  if (!own) {
    const start = () => change({ expires: localValue(usual), devices: String(inviting.devices || 1), any: inviting.devices === 0 });
    return (
      <div class="stack-s">
        <p class="small soft">
          {t("invite.lasts", { time: dayAndTime(usual), devices: devicesWords(inviting.devices) })}{" "}
          <button type="button" class="linklike" onClick={start}>{t("invite.lasts.change")}</button>
        </p>
        {usual < room.starts_at && <Early fix={() => change({ expires: localValue(endOf(room) + 60_000), devices: String(inviting.devices || 1), any: inviting.devices === 0 })} />}
      </div>
    );
  }
  return (
    <div class="stack-s">
      <div class="fields-2">
        <Field id={termIds.expires_at} label={t("invite.expires")} hint={t("invite.expires.hint")} error={errors.expires_at}>
          {(described) => <input class="input" type="datetime-local" name="expires_at" value={own.expires} onInput={(event) => change({ ...own, expires: event.currentTarget.value })} {...described} />}
        </Field>
        <Field id={termIds.devices} label={t("invite.devices")} hint={t("invite.devices.hint")} error={errors.devices}>
          {(described) => <input class="input" type="number" name="devices" min={1} max={most.devices} disabled={own.any} value={own.devices} onInput={(event) => change({ ...own, devices: event.currentTarget.value })} {...described} />}
        </Field>
      </div>
      {inviting.unlimited && (
        <label class="check">
          <input type="checkbox" checked={own.any} onChange={(event) => change({ ...own, any: event.currentTarget.checked })} />
          <span>{t("invite.devices.any")}</span>
        </label>
      )}
      {instantOf(own.expires) < room.starts_at && <Early fix={() => change({ ...own, expires: localValue(endOf(room) + 60_000) })} />}
    </div>
  );
}

/** "one device", "3 devices", "any number of devices". */
export const devicesWords = (devices: number) => (devices === 0 ? t("devices.any") : plural("devices", devices));

/** A link that dies before the doors open helps nobody. */
function Early({ fix }: { fix: () => void }) {
  return (
    <div class="notice" data-kind="warn">
      <Icon name="clock" />
      <div>
        <p class="small">{t("invite.early")}</p>
        <p><button type="button" class="btn btn-small" onClick={fix}>{t("invite.early.fix")}</button></p>
      </div>
      <span />
    </div>
  );
}
