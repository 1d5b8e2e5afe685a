// Where one asks. Unsent text stays through breaks and reloads, and is never mounted anew while the room is live.

import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { draftOf, keepDraft } from "../../kept.ts";
import { heldBy } from "../../live/features.ts";
import { isHeld } from "../../live/life.ts";
import { ask } from "../../live/questionacts.ts";
import type { RoomSession } from "../../session.ts";
import { Icon } from "../icons.tsx";

const MOST = 500;

export function AskForm({ session }: { session: RoomSession }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [size, setSize] = useState(0);
  const [anonymous, setAnonymous] = useState(false);
  const [busy, setBusy] = useState(false);
  const most = useComputed(() => session.state.value.limits.question_text ?? MOST).value;
  const held = useComputed(() => isHeld(session, heldBy(session))).value;
  const changed = () => {
    const text = field.current?.value ?? "";
    keepDraft(session.room, "question", text);
    setSize([...text].length);
  };
  useEffect(() => {
    if (!field.current) return;
    field.current.value = draftOf(session.room, "question");
    changed();
  }, []);
  const send = async () => {
    const text = field.current?.value.trim() ?? "";
    if (busy || held || !field.current || !text || size > most) return field.current?.focus();
    setBusy(true);
    const asked = await ask(session, text, anonymous);
    setBusy(false);
    if (!asked) return; // the text stays
    if (field.current.value.trim() === text) field.current.value = "";
    changed();
  };
  const left = most - size;
  return (
    <form
      class="composer ask-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="check small" for="question-anonymous">
        <input type="checkbox" id="question-anonymous" checked={anonymous} onChange={(event) => setAnonymous(event.currentTarget.checked)} />
        <span>{t("question.anonymous.ask")} <span class="hint">{t("question.anonymous.hint")}</span></span>
      </label>
      {held && <p class="composer-note">{t("chat.paused")}</p>}
      {left < most / 5 && <p class="composer-note" id="question-note">{left < 0 ? t("chat.toolong", { over: -left }) : t("chat.left", { left })}</p>}
      <label class="sr" for="question-text">{t("question.write")}</label>
      <textarea
        ref={field}
        class="input"
        id="question-text"
        rows={1}
        placeholder={t("question.write")}
        aria-describedby={left < most / 5 ? "question-note" : undefined}
        aria-invalid={left < 0 || undefined}
        onInput={changed}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" class="btn btn-main" aria-busy={busy} aria-disabled={held || undefined}><Icon name="question" />{t("question.ask")}</button>
    </form>
  );
}
