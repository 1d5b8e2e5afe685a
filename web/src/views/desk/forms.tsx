// What all forms of the managers' part share: checked on submit, input kept, the first bad field gets focus.

import { useRef, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import { focusFirstInvalid } from "../parts.tsx";
import { wordsFor } from "./limits.ts";

export type Errors = Record<string, string>;

export const isAddress = (text: string) => /^[^\s@]+@[^\s@]+$/.test(text);

export const textOf = (data: FormData, name: string) => String(data.get(name) ?? "").trim();

/** Why a call was refused, in a sentence. */
export function failureOf(error: unknown): string {
  const code = error instanceof Problem ? error.code : "internal";
  switch (code) {
    case "network":
    case "unavailable":
    case "busy":
      return t("desk.failed.unavailable");
    case "not_authenticated":
      return t("desk.failed.session");
    case "reauthenticate":
      return t("desk.failed.proof");
    case "forbidden":
      return t("desk.failed.forbidden");
    case "conflict":
    case "over":
    case "closed":
      return t("desk.failed.conflict");
    case "slow_down":
      return t("desk.failed.slow");
    case "not_found":
      return t("desk.failed.gone");
    default:
      return (error instanceof Problem && error.detail) || t("desk.failed.other");
  }
}

/** The fields that the server refused, in words of the visitor's language. */
export function fieldErrors(error: unknown): Errors {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(Object.entries(error.fields).map(([name, said]) => [name, t(wordsFor(name, said))]));
}

/** An error without a place in the form: general words need the field's name. */
function unplaced([name, said]: [string, string]): string {
  const key = wordsFor(name, said);
  return key.startsWith("field.") ? `${name}: ${t(key)}` : t(key);
}

interface Submit {
  /** Returns what is wrong, by field; empty when it may be sent. */
  check: (data: FormData) => Errors;
  send: (data: FormData) => Promise<void>;
  /** Words for a refusal that this form knows better. */
  explain?: (error: unknown) => string | undefined;
  /** Where the form can show an error; what else the server refuses is told above the form. */
  fields: readonly string[];
}

export function useSubmit({ check, send, explain, fields }: Submit) {
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Errors>({});
  const [failed, setFailed] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const show = (wrong: Errors) => {
    setErrors(wrong);
    focusFirstInvalid(form.current);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || !form.current) return;
    setFailed("");
    const data = new FormData(form.current);
    const wrong = check(data);
    if (Object.keys(wrong).length > 0) return show(wrong);
    setErrors({});
    setBusy(true);
    try {
      await send(data);
    } catch (error) {
      const refused = Object.entries(error instanceof Problem ? error.fields : {});
      const elsewhere = refused.filter(([name]) => !fields.includes(name));
      const here = Object.entries(fieldErrors(error)).filter(([name]) => fields.includes(name));
      if (here.length > 0) show(Object.fromEntries(here));
      setFailed(refused.length > 0 ? elsewhere.map(unplaced).join(". ") : (explain?.(error) ?? failureOf(error)));
    }
    setBusy(false);
  };
  return { form, busy, errors, failed, submit, forgive: () => setFailed("") };
}

export function Failed({ text }: { text: string }) {
  return <div role="alert">{text && <p class="error"><Icon name="alert" /><span>{text}</span></p>}</div>;
}

/** Three or more errors: a summary with links above the form. */
export function Summary({ errors, ids }: { errors: Errors; ids: Record<string, string> }) {
  const wrong = Object.entries(errors);
  if (wrong.length < 3) return null;
  const jump = (event: MouseEvent, name: string) => {
    event.preventDefault();
    document.getElementById(ids[name] ?? name)?.focus();
  };
  return (
    <div class="notice" data-kind="bad">
      <Icon name="alert" />
      <div>
        <p><b>{t("form.errors")}</b></p>
        <ul>{wrong.map(([name, text]) => <li key={name}><a href={`#${ids[name] ?? name}`} onClick={(event) => jump(event, name)}>{text}</a></li>)}</ul>
      </div>
      <span />
    </div>
  );
}

export { instantOf, instantsOf, localValue } from "../../localtime.ts";
