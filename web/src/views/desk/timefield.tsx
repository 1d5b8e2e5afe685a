// A time in the visitor's zone. Where the clocks go back, one time on the wall is two moments: then it asks which.

import { useState } from "preact/hooks";
import { zoneTime } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Field } from "../parts.tsx";
import { instantsOf, localValue, textOf } from "./forms.tsx";

interface Props {
  id: string;
  name: string;
  label: string;
  hint: string;
  error?: string;
  at?: number;
  fixed?: boolean;
}

export function TimeField({ id, name, label, hint, error, at, fixed = false }: Props) {
  const [local, setLocal] = useState(at ? localValue(at) : "");
  const moments = instantsOf(local);
  return (
    <div class="stack-s">
      <Field id={id} label={label} hint={hint} error={error}>
        {(described) => <input class="input" type="datetime-local" name={name} value={local} readOnly={fixed} onInput={(event) => setLocal(event.currentTarget.value)} {...described} />}
      </Field>
      {moments.length > 1 && (
        <Field id={`${id}-which`} label={t("form.time.which")}>
          {(described) => (
            <select class="input" name={`${name}_which`} disabled={fixed} {...described}>
              {moments.map((moment, i) => <option key={moment} value={i} selected={at !== undefined && Math.abs(moment - at) < 60_000}>{zoneTime(moment)}</option>)}
            </select>
          )}
        </Field>
      )}
    </div>
  );
}

/** The moment that a TimeField means; NaN for a time that is missing, or that the clocks leap over. */
export function momentOf(data: FormData, name: string): number {
  const moments = instantsOf(textOf(data, name));
  return moments[Number(textOf(data, `${name}_which`))] ?? moments[0] ?? Number.NaN;
}

/** What is wrong with a time that is no moment. */
export const noMoment = (data: FormData, name: string): string => t(textOf(data, name) ? "form.time.skipped" : "form.starts.empty");
