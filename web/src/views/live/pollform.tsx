// The form of an answer: large, one question at a time, sent by one button.

import { useComputed } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import type { Answer } from "../../live/pollacts.ts";
import { answer } from "../../live/pollacts.ts";
import type { Interaction, MyAnswer } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { nameOf } from "./pollwords.ts";

const WORD = 30;
const TEXT = 500;

interface Props {
  session: RoomSession;
  item: Interaction;
  mine?: MyAnswer;
  done: () => void;
}

export function AnswerForm({ session, item, mine, done }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const paused = useComputed(() => heldBy(session).life.paused !== undefined).value;
  const send = async (event: Event) => {
    event.preventDefault();
    const given = givenIn(form.current, item);
    setMissing(!given);
    if (!given) return form.current?.querySelector<HTMLElement>("input, textarea")?.focus();
    setBusy(true);
    const ok = await answer(session, item.id, given);
    setBusy(false);
    if (ok) done();
  };
  return (
    <form ref={form} class="stack-s" onSubmit={send} aria-labelledby={`poll-${item.id}`}>
      <Fields item={item} mine={mine} />
      {paused && <p class="hint">{t("chat.paused")}</p>}
      {missing && <p class="error" role="alert">{t("polls.missing")}</p>}
      <p><button type="submit" class="btn btn-main btn-large" aria-busy={busy} disabled={busy || paused}>{t("polls.send")}</button></p>
    </form>
  );
}

function givenIn(form: HTMLFormElement | null, item: Interaction): Answer | undefined {
  if (!form) return undefined;
  const data = new FormData(form);
  const texts = data.getAll("word").map(String).filter((word) => word.trim());
  const text = String(data.get("text") ?? "").trim();
  const choices = data.getAll("choice").map(Number);
  if (item.kind === "wordcloud") return texts.length > 0 ? { words: texts } : undefined;
  if (item.kind === "open") return text ? { text } : undefined;
  return choices.length > 0 && choices.length <= (item.most ?? 1) ? { choices } : undefined;
}

function Fields({ item, mine }: Pick<Props, "item" | "mine">) {
  switch (item.kind) {
    case "wordcloud":
      return (
        <div class="stack-s">
          {Array.from({ length: item.most ?? 1 }, (_, i) => <input key={i} class="input" name="word" maxLength={WORD} autocomplete="off" aria-label={t("polls.word", { number: i + 1 })} placeholder={t("polls.word", { number: i + 1 })} />)}
        </div>
      );
    case "open":
      return <textarea class="input" name="text" rows={3} maxLength={TEXT} aria-label={t("polls.text")} placeholder={t("polls.text")} />;
    default:
      return <Choices item={item} mine={mine} />;
  }
}

function Choices({ item, mine }: Pick<Props, "item" | "mine">) {
  const count = item.kind === "crowd" ? 2 : item.kind === "rating" ? item.scale ?? 5 : item.options?.length ?? 0;
  const several = item.kind === "multi";
  return (
    <div class={item.kind === "rating" || item.kind === "crowd" ? "scale" : "choices"} role={several ? "group" : "radiogroup"} aria-labelledby={`poll-${item.id}`}>
      {several && <p class="hint">{t("polls.most", { most: item.most ?? count })}</p>}
      {Array.from({ length: count }, (_, choice) => (
        <label key={choice} class="choice">
          <input type={several ? "checkbox" : "radio"} name="choice" value={choice} defaultChecked={mine?.choices?.includes(choice)} />
          <span>{nameOf(item, choice)}</span>
        </label>
      ))}
      {item.kind === "rating" && <p class="hint">{t("polls.scale", { most: count })}</p>}
    </div>
  );
}
