// Before a pause: what everybody is to read meanwhile.

import "../second.ts";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { pause } from "../../live/life.ts";
import type { RoomSession } from "../../session.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../parts.tsx";

const MOST = 300;

export function PauseDialog({ session, close }: { session: RoomSession; close: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? "";
    const wrong = [...text].length > MOST ? t("announce.long") : "";
    setError(wrong);
    if (wrong || busy) return field.current?.focus();
    setBusy(true);
    const done = await pause(session, text);
    setBusy(false);
    if (done) close();
  };
  return (
    <Dialog
      title={t("pause.title")}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="pause" class="btn btn-main" aria-busy={busy}>{t("pause.action")}</button>
        </>
      }
    >
      <form id="pause" class="dialog-body stack" onSubmit={submit} noValidate>
        <p class="soft">{t("pause.text")}</p>
        <Field id="pause-text" label={t("pause.message")} hint={t("pause.hint")} error={error}>
          {(described) => <textarea ref={field} class="input" rows={2} maxLength={MOST * 2} {...described} />}
        </Field>
      </form>
    </Dialog>
  );
}
