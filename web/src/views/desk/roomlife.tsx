// In the form of a room: what happens when nobody runs it, and what remains when it is over.

import type { RoomRecord } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { Field } from "../parts.tsx";
import type { RoomFields } from "./calls.ts";
import type { Errors } from "./forms.tsx";
import { textOf } from "./forms.tsx";

const WORDS = 1_000;
const LINK = 500;
const MINUTES = 240;
const fates = ["site", "nothing", "lock", "end"] as const;

export function RoomLife({ room, errors }: { room?: RoomRecord; errors: Errors }) {
  const rule = room?.host_absent;
  return (
    <>
      <fieldset class="stack-s">
        <legend class="legend">{t("form.absent")}</legend>
        <p class="hint">{t("form.absent.hint")}</p>
        <div class="fields-2">
          <div class="field">
            <label for="absent-then">{t("form.absent.then")}</label>
            <select class="input" id="absent-then" name="absent_then" defaultValue={rule?.then ?? "site"}>
              {fates.map((fate) => <option key={fate} value={fate} selected={fate === (rule?.then ?? "site")}>{t(`form.absent.${fate}`)}</option>)}
            </select>
          </div>
          <Field id="absent-minutes" label={t("form.absent.minutes")} error={errors.host_absent}>
            {(described) => <input class="input num" name="absent_minutes" inputMode="numeric" autocomplete="off" maxLength={3} defaultValue={String(rule?.minutes ?? 10)} {...described} />}
          </Field>
        </div>
      </fieldset>
      <fieldset class="stack-s">
        <legend class="legend">{t("form.after")}</legend>
        <label class="check"><input type="checkbox" name="results" defaultChecked={room?.results} /><span>{t("form.results")}<br /><small class="soft">{t("form.results.hint")}</small></span></label>
        <Field id="closing-words" label={t("form.words")} error={errors.closing_words}>
          {(described) => <textarea class="input" name="closing_words" rows={2} maxLength={WORDS} defaultValue={room?.closing_words} {...described} />}
        </Field>
        <Field id="closing-link" label={t("form.link")} hint={t("form.link.hint")} error={errors.closing_link}>
          {(described) => <input class="input" type="url" name="closing_link" maxLength={LINK} autocomplete="off" defaultValue={room?.closing_link} {...described} />}
        </Field>
      </fieldset>
    </>
  );
}

export type LifeFields = Pick<RoomFields, "host_absent" | "results" | "closing_words" | "closing_link">;

export function lifeOf(data: FormData): LifeFields {
  const then = textOf(data, "absent_then") as (typeof fates)[number];
  return {
    host_absent: then === "site" ? { then } : { then, minutes: Number(textOf(data, "absent_minutes")) },
    results: data.has("results"),
    closing_words: textOf(data, "closing_words"),
    closing_link: textOf(data, "closing_link"),
  };
}

export function checkLife(data: FormData): Errors {
  const wrong: Errors = {};
  const { host_absent, closing_link } = lifeOf(data);
  const { minutes = 1 } = host_absent;
  if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES)) wrong.host_absent = t("form.absent.wrong");
  if (closing_link && !/^https:\/\/[^\s/@]+/.test(closing_link)) wrong.closing_link = t("form.link.wrong");
  return wrong;
}

/** Only what I changed. */
export function changedLife(room: RoomRecord, fields: LifeFields): Partial<LifeFields> {
  const change: Partial<LifeFields> = {};
  const { then, minutes } = fields.host_absent;
  const was = room.host_absent;
  if (then !== (was?.then ?? "site") || (was && minutes !== was.minutes)) change.host_absent = fields.host_absent;
  if (fields.results !== Boolean(room.results)) change.results = fields.results;
  if (fields.closing_words !== (room.closing_words ?? "")) change.closing_words = fields.closing_words;
  if (fields.closing_link !== (room.closing_link ?? "")) change.closing_link = fields.closing_link;
  return change;
}
