// Writing an announcement.

import "../second.ts";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { announce } from "../../live/moderate.ts";
import type { RoomSession } from "../../session.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../parts.tsx";

const MOST = 300;
const audiences = ["everybody", "inside", "waiting", "staff"] as const;
const minutes = [0, 1, 5, 15, 60];

export function AnnounceDialog({ session, close }: { session: RoomSession; close: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(form.current ?? undefined);
    const text = String(data.get("text") ?? "").trim();
    const wrong = text === "" ? t("announce.empty") : [...text].length > MOST ? t("announce.long") : "";
    setError(wrong);
    if (wrong || busy) return form.current?.querySelector("textarea")?.focus();
    setBusy(true);
    const done = await announce(session, text, String(data.get("to")), Number(data.get("minutes")) * 60);
    setBusy(false);
    if (!done) return;
    close();
  };
  return (
    <Dialog
      title={t("announce.title")}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="announce" class="btn btn-main" aria-busy={busy}>{t("announce.action")}</button>
        </>
      }
    >
      <form ref={form} id="announce" class="dialog-body stack" onSubmit={submit} noValidate>
        <Field id="announce-text" label={t("announce.text")} hint={t("announce.hint")} error={error}>
          {(described) => <textarea class="input" name="text" rows={3} maxLength={MOST * 2} {...described} />}
        </Field>
        <div class="field">
          <label for="announce-to">{t("announce.to")}</label>
          <select class="input" id="announce-to" name="to">{audiences.map((to) => <option key={to} value={to}>{t(`announced.to.${to}`)}</option>)}</select>
        </div>
        <div class="field">
          <label for="announce-minutes">{t("announce.stands")}</label>
          <select class="input" id="announce-minutes" name="minutes">
            {minutes.map((n) => <option key={n} value={n}>{n === 0 ? t("announce.stands.open") : t("announce.stands.minutes", { minutes: n })}</option>)}
          </select>
        </div>
      </form>
    </Dialog>
  );
}
