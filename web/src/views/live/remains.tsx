// What remains of a room when it is over, where its managers show it: closing words, results, answered questions.

import "../second.ts";
import { useEffect, useState } from "preact/hooks";
import { at, call } from "../../api.ts";
import { longDay, timeSpan } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import type { Interaction, InteractionForm, Outcome } from "../../protocol.ts";
import { Icon } from "../icons.tsx";
import { Results } from "./pollresults.tsx";

interface Remains {
  title: string;
  starts_at: string;
  opened_at?: string;
  closed_at?: string;
  closing_words?: string;
  closing_link?: string;
  pin?: { name: string; text: string };
  interactions: (InteractionForm & { id: string; outcome?: Outcome })[];
  questions: { id: string; name?: string; text: string; votes: number; answer: { name: string; text?: string; live?: boolean } }[];
}

export interface RemainsProps {
  room: string;
  /** Asked again when this changes. */
  news?: unknown;
}

/** Nothing, unless there is something that this person may see. */
export function RemainsView({ room, news }: RemainsProps) {
  const [remains, setRemains] = useState<Remains>();
  useEffect(() => {
    call<Remains>("GET", `${at(room)}/results`).then(setRemains, () => setRemains(undefined));
  }, [room, news]);
  if (!remains) return null;
  const { closing_words, closing_link, pin, interactions, questions } = remains;
  const opened = Date.parse(remains.opened_at ?? remains.starts_at);
  return (
    <section class="stack" aria-labelledby="remains">
      <div class="card stack-s">
        <h2 class="card-title" id="remains">{t("remains.title", { title: remains.title })}</h2>
        <p class="small soft">{longDay(opened)}, {timeSpan(opened, remains.closed_at ? Date.parse(remains.closed_at) : undefined)}</p>
        {closing_words && <p class="lead text">{closing_words}</p>}
        {closing_link && <p><a class="btn text" href={closing_link} rel="noopener noreferrer"><Icon name="link" />{closing_link.replace(/^https:\/\//, "")}</a></p>}
        {pin && <p class="quote"><span><b>{pin.name}</b> {pin.text}</span></p>}
      </div>
      {interactions.length > 0 && <h3 class="card-title">{t("remains.results")}</h3>}
      {interactions.map((item) => (
        <article key={item.id} class="card stack-s" aria-labelledby={`remains-${item.id}`}>
          <h4 class="card-title text" id={`remains-${item.id}`}>{item.question}</h4>
          <p class="small soft">{plural("polls.answers", item.outcome?.answers ?? 0)}</p>
          {item.outcome && <Results item={{ ...item, state: "closed" } as Interaction} numbers={item.outcome} />}
        </article>
      ))}
      {questions.length > 0 && <h3 class="card-title">{t("remains.questions")}</h3>}
      {questions.map(({ id, name, text, answer }) => (
        <article key={id} class="card stack-s">
          <p><b>{name || t("remains.anonymous")}</b> <span class="text">{text}</span></p>
          <p class="quote"><span><b>{answer.name}</b> {answer.text ?? t("remains.live")}</span></p>
        </article>
      ))}
    </section>
  );
}
