// A line to somebody who waits, or why a hand goes down: the person is told it.

import "../second.ts";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../parts.tsx";

export interface WordProps {
  title: string;
  action: string;
  required?: boolean;
  send: (text: string) => Promise<unknown>;
  close: () => void;
}

export function WordDialog({ title, action, required, send, close }: WordProps) {
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const run = async (event: SubmitEvent) => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? "";
    if (required && !text) {
      setError(t("word.empty"));
      field.current?.focus();
    } else if (!busy) {
      setBusy(true);
      await send(text);
      close();
    }
  };
  return (
    <Dialog
      title={title}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="word" class="btn btn-main" aria-busy={busy}>{action}</button>
        </>
      }
    >
      <form id="word" class="dialog-body stack" onSubmit={run} noValidate>
        <Field id="word-text" label={t("word.label")} hint={t("word.hint")} error={error}>
          {(described) => <input ref={field} class="input" maxLength={500} autocomplete="off" {...described} />}
        </Field>
      </form>
    </Dialog>
  );
}
