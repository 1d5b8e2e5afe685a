// Questions and answers: the queue of the staff, or what viewers may see; one's own; those answered; and where one asks.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { time } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { fetchQuestions, vote } from "../../live/questionacts.ts";
import { noQuestions } from "../../live/questions.ts";
import { seenUpTo } from "../../live/tallies.ts";
import type { MyQuestion, Question } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { isStaff, may } from "../../state.ts";
import { Cue } from "../cue.ts";
import { Icon } from "../icons.tsx";
import type { PaneProps } from "../pane.ts";
import { paneOf } from "../pane.ts";
import { Marks } from "../roles.tsx";
import { Empty } from "../shapes.tsx";
import { AskForm } from "./askform.tsx";
import { QueueActions } from "./questionqueue.tsx";

type Order = "votes" | "time";

export function QuestionsPane(props: PaneProps) {
  const { session, shown, docked } = props;
  useState(() => session.settle()); // before anything is drawn
  const held = useComputed(() => heldBy(session).questions ?? noQuestions).value;
  const staff = useComputed(() => isStaff(session.state.value)).value;
  const asks = useComputed(() => may(session.state.value, "question.ask")).value;
  const [order, setOrder] = useState<Order>("votes");
  const waiting = held.open.filter((question) => question.state === "waiting").length;
  useEffect(() => {
    if (shown) seenUpTo(held.open);
  }, [shown, held.open]);
  return (
    <div {...paneOf(props, "questions")}>
      <div class="pane-head">
        <h2 id="questions-title" class={docked ? undefined : "sr"}>
          <Icon name="question" />{t("question.title")}
          {staff && waiting > 0 && <span class="tally">{waiting}<span class="sr"> {t("question.waiting")}</span></span>}
        </h2>
        <label class="sr" for="question-order">{t("question.order")}</label>
        <select class="input select order" id="question-order" value={order} onChange={(event) => setOrder(event.currentTarget.value as Order)}>
          <option value="votes">{t("question.order.votes")}</option>
          <option value="time">{t("question.order.time")}</option>
        </select>
      </div>
      <div class="scroll" id="questions-list" tabIndex={0} role="group" aria-label={t("tab.questions")}>
        <Mine questions={held.mine} />
        <List session={session} questions={sorted(held.open.filter(({ state }) => staff || state !== "waiting"), order)} voted={held.voted} staff={staff} />
        {held.more && <MoreOpen session={session} last={sorted(held.open, "votes").at(-1)?.id} />}
        <Answered session={session} questions={held.done} shown={shown} />
      </div>
      {asks && <AskForm session={session} />}
    </div>
  );
}

const sorted = (questions: readonly Question[], order: Order) =>
  [...questions].sort((a, b) => (order === "votes" ? (b.votes ?? 0) - (a.votes ?? 0) || a.at - b.at : b.at - a.at));

/** One's own that others do not see, and what became of them. */
function Mine({ questions }: { questions: readonly MyQuestion[] }) {
  const own = questions.filter(({ state, text }) => text && (state === "waiting" || state === "dismissed"));
  if (own.length === 0) return null;
  return (
    <>
      <h3 class="group-title"><span>{t("question.mine")}</span></h3>
      <ul>
        {own.map(({ id, text, state, reason, anonymous }) => (
          <li key={id} class="ask ask-mine">
            <p class="text">{text}</p>
            <p class="small soft">{t(`question.mine.${state === "waiting" ? "waiting" : "dismissed"}`)} {reason} {anonymous && t("question.anonymously")}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function List({ session, questions, voted, staff }: { session: RoomSession; questions: readonly Question[]; voted: readonly string[]; staff: boolean }) {
  const { rows, fresh, release, ref } = useStillList(questions);
  if (questions.length === 0) return <Empty icon="question" title={t("question.empty")}><p>{t(staff ? "question.empty.staff" : "question.empty.text")}</p></Empty>;
  return (
    <>
      {fresh > 0 && <p class="pad-s"><button type="button" class="btn btn-small btn-block" onClick={release}>{plural("question.fresh", fresh)}</button></p>}
      <ul ref={ref}>
        {rows.map((question) => (
          <li key={question.id} class="ask" data-state={question.state}>
            <VoteButton session={session} question={question} voted={voted.includes(question.id)} />
            <p class="text">{question.text}</p>
            <Byline session={session} question={question} />
            {staff && <QueueActions session={session} question={question} />}
          </li>
        ))}
      </ul>
    </>
  );
}

function Byline({ session, question }: { session: RoomSession; question: Question }) {
  const { participant = "", name, role, right, guest } = question;
  return (
    <p class="small soft line">
      {role ? <><span>{name}</span><Marks role={role} right={right} guest={guest} /><Cue session={session} who={{ participant, name, role }} /></> : <span>{t("question.anonymous")}</span>}
      <time dateTime={new Date(question.at).toISOString()}>{time(question.at)}</time>
    </p>
  );
}

function VoteButton({ session, question, voted }: { session: RoomSession; question: Question; voted: boolean }) {
  if (question.state === "waiting") return <span class="vote vote-none"><Icon name="clock" /><span class="sr">{t("question.unpublished")}</span></span>;
  const votes = question.votes ?? 0;
  return (
    <button type="button" class="vote" aria-pressed={voted} onClick={() => void vote(session, question.id, !voted)}>
      <Icon name="up" /><span class="sr">{t("question.vote")} </span><span>{votes}</span>
    </button>
  );
}

function MoreOpen({ session, last }: { session: RoomSession; last?: string }) {
  const more = () => void fetchQuestions(session, "open", last).catch(() => undefined); // the button stays
  return <p class="pad"><button type="button" class="btn btn-small btn-block" onClick={more}>{t("question.more")}</button></p>;
}

/** Those that are done: what was answered while we are here, and on asking what was before. */
function Answered({ session, questions, shown }: { session: RoomSession; questions: readonly Question[]; shown: boolean }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (open && shown) void fetchQuestions(session, "answered").catch(() => undefined);
  }, [open, shown]);
  return (
    <details class="answered" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="group-title">{t("question.answered")}</summary>
      {open && questions.length === 0 && <p class="soft small pad">{t("question.answered.none")}</p>}
      <ul>
        {open && questions.toReversed().map((question) => (
          <li key={question.id} class="ask">
            <p class="text">{question.text}</p>
            <Byline session={session} question={question} />
            {question.answer && (
              <p class="text quote"><span class="answer"><b>{question.answer.name}</b> {question.answer.text ?? t("question.live")}</span></p>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Keeps rows where they are while somebody points at the list or has focus in it; new ones gather behind a button. */
function useStillList(questions: readonly Question[]) {
  const ref = useRef<HTMLUListElement>(null);
  const order = useRef<string[]>([]);
  const [, draw] = useState(0);
  const busy = ref.current?.matches(":hover, :focus-within") ?? false;
  if (!busy) order.current = questions.map(({ id }) => id);
  const byId = new Map(questions.map((question) => [question.id, question]));
  const rows = order.current.flatMap((id) => byId.get(id) ?? []);
  useEffect(() => {
    const list = ref.current;
    const left = () => draw((n) => n + 1);
    list?.addEventListener("pointerleave", left);
    return () => list?.removeEventListener("pointerleave", left);
  }, [questions.length > 0]);
  const release = () => {
    order.current = questions.map(({ id }) => id);
    draw((n) => n + 1);
  };
  return { rows, fresh: questions.length - rows.length, release, ref };
}

