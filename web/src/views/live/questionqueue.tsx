// What staff does with a question: take it, publish it, answer it, dismiss it.

import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { answer, claim, dismiss, publish } from "../../live/questionacts.ts";
import type { Question } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import { Status } from "../parts.tsx";

type Writing = "answer" | "dismiss";

interface Props {
  session: RoomSession;
  question: Question;
}

export function QueueActions({ session, question }: Props) {
  const [writing, setWriting] = useState<Writing>();
  const me = useComputed(() => session.state.value.you?.participant).value;
  const rights = useComputed(() => session.state.value.you?.rights).value;
  const by = question.claimed;
  const mine = by?.participant === me;
  if (!rights?.includes("question.claim")) return null;
  if (by && !mine) return <p class="line"><Status state="waiting">{t("question.taken", { name: by.name })}</Status></p>;
  if (writing) return <Write session={session} question={question} what={writing} close={() => setWriting(undefined)} />;
  const published = question.state === "published";
  const publishes = rights.includes("question.publish");
  const answers = rights.includes("question.answer") && (published || publishes);
  const about = <span class="sr">: {question.text.slice(0, 60)}</span>;
  return (
    <p class="line">
      {mine && <Status state="inside">{t("question.taken.you")}</Status>}
      {mine && answers && <button type="button" class="btn btn-small" onClick={() => void answer(session, question.id)}>{t("question.live")}{about}</button>}
      {mine && answers && <button type="button" class="btn btn-small" onClick={() => setWriting("answer")}>{t("question.answer")}{about}</button>}
      {!mine && <button type="button" class="btn btn-small" onClick={() => void claim(session, question.id, true)}>{t("question.take")}{about}</button>}
      {!published && publishes && <button type="button" class="btn btn-small" onClick={() => void publish(session, question.id)}>{t("question.publish")}{about}</button>}
      {may(session.state.peek(), "question.dismiss") && <button type="button" class="btn btn-quiet btn-small" onClick={() => setWriting("dismiss")}>{t("question.dismiss")}{about}</button>}
      {mine && <button type="button" class="btn btn-quiet btn-small" onClick={() => void claim(session, question.id, false)}>{t("question.back")}{about}</button>}
    </p>
  );
}

/** An answer in writing, or why there is none. */
function Write({ session, question, what, close }: Props & { what: Writing; close: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = `${what}-${question.id}`;
  useEffect(() => field.current?.focus(), []);
  const send = async () => {
    const text = field.current?.value.trim() ?? "";
    if (what === "answer" && !text) return field.current?.focus();
    if (await (what === "answer" ? answer(session, question.id, text) : dismiss(session, question.id, text))) close();
  };
  return (
    <form
      class="stack-s write"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <label class="small" for={id}>{t(`question.${what}.text`)}</label>
      <textarea ref={field} class="input" id={id} rows={2} maxLength={what === "answer" ? 2_000 : 500} />
      <p class="line">
        <button type="submit" class={what === "answer" ? "btn btn-small btn-main" : "btn btn-small btn-danger"}>{t(`question.${what}.send`)}</button>
        <button type="button" class="btn btn-quiet btn-small" onClick={close}>{t("dialog.cancel")}</button>
      </p>
    </form>
  );
}
