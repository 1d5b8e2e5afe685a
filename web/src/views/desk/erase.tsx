// Erasing a person: what will happen, the address typed once more, and what came of it.

import "./base.ts";
import { useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { Dialog } from "../dialog.tsx";
import { Field, focusFirstInvalid } from "../parts.tsx";
import { Failed, failureOf } from "./forms.tsx";
import type { Erasure, Somebody } from "./persondata.ts";
import { erase } from "./persondata.ts";

interface Props {
  email: string;
  /** Missing: oneself. */
  who?: Somebody;
  close: () => void;
  done: (erasure: Erasure) => void;
}

const same = (typed: string, email: string) => typed.trim().toLowerCase() === email.trim().toLowerCase();

export function EraseDialog({ email, who, close, done }: Props) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState("");
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const run = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setFailed("");
    setWrong(same(typed, email) ? "" : t("erase.confirm.wrong"));
    if (!same(typed, email)) return focusFirstInvalid(event.currentTarget as HTMLElement);
    setBusy(true);
    await erase(typed.trim(), who).then(done, (error) => setFailed(wordsOf(error)));
    setBusy(false);
  };
  const account = !who || Boolean(who.person);
  return (
    <Dialog
      title={who ? t("erase.title", { email }) : t("erase.title.own")}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="erase" class="btn btn-danger" aria-busy={busy}>{t("erase.action")}</button>
        </>
      }
    >
      <form id="erase" class="dialog-body stack" onSubmit={(event) => void run(event)} noValidate>
        <p>{t("erase.text")}</p>
        <ul class="points">
          {account && <li>{t(who ? "erase.account" : "erase.account.own")}</li>}
          <li>{t("erase.rooms")}</li>
          {account && <li>{t(who ? "erase.heir" : "erase.heir.own")}</li>}
          <li>{t("erase.audit")}</li>
        </ul>
        <p><b>{t("erase.final")}</b></p>
        <Failed text={failed} />
        <Field id="erase-confirm" label={t("erase.confirm", { email })} error={wrong}>
          {(described) => <input class="input" type="email" autocomplete="off" spellcheck={false} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} {...described} />}
        </Field>
      </form>
    </Dialog>
  );
}

/** Of the conflicts there is one: the site would be left without an owner. */
function wordsOf(error: unknown): string {
  return error instanceof Problem && error.code === "conflict" ? t("erase.last") : failureOf(error);
}
