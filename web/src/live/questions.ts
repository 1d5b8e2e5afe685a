// Questions and answers as this person may see them: the open ones, those that are done as far as they were shown,
// the fate of one's own, and what one has voted for.

import type { Answer, Event, MyQuestion, Question, Who } from "../protocol.ts";
import { snapshotOf } from "../state.ts";
import type { Feature, Message } from "./feature.ts";
import { youIn } from "./feature.ts";
import { join } from "./features.ts";

const KEPT = 200; // of those that are done

export interface Questions {
  open: readonly Question[];
  /** There are open ones beyond these. */
  more: boolean;
  done: readonly Question[];
  mine: readonly MyQuestion[];
  voted: readonly string[];
}

export const noQuestions: Questions = { open: [], more: false, done: [], mine: [], voted: [] };

export const questions: Feature<Questions> = {
  initial: noQuestions,
  reduce(held, message) {
    const you = youIn(message);
    const known = you ? { ...held, mine: you.questions ?? [], voted: you.voted ?? [] } : held;
    const snapshot = snapshotOf(message);
    if (snapshot) return { ...known, open: snapshot.questions?.items ?? [], more: snapshot.questions?.more ?? false, done: [] };
    return "event" in message ? onEvent(known, message) : onSignal(known, message);
  },
};

function onSignal(held: Questions, message: Message): Questions {
  if (!("signal" in message) || message.signal !== "question.votes") return held;
  const { votes } = message.data;
  return { ...held, open: held.open.map((question) => (question.id in votes ? { ...question, votes: votes[question.id] } : question)) };
}

function onEvent(held: Questions, event: Event): Questions {
  switch (event.event) {
    case "question.asked":
      return { ...held, open: asked(held.open, { ...event.data, state: "waiting" }) };
    case "question.published": {
      const { by: _, ...question } = event.data;
      return { ...held, open: asked(held.open, { ...question, state: "published" }) };
    }
    case "question.claimed": {
      const { id, on, ...who } = event.data;
      return { ...held, open: held.open.map((question) => (question.id === id ? claimed(question, on ? who : undefined) : question)) };
    }
    case "question.answered": {
      const { id, ...answer } = event.data;
      return settled(held, id, { ...answer, at: event.at });
    }
    case "question.dismissed":
      return settled(held, event.data.id);
    case "me.question":
      return { ...held, mine: mine(held.mine, event.data) };
    case "me.voted":
      return { ...held, voted: voted(held.voted, event.data.id, event.data.on) };
    case "stage.changed":
      return event.data.role === "viewer" ? { ...held, open: released(held.open, event.data.participant) } : held;
    case "person.erased":
      return erased(held, event.data.participant, event.data.questions ?? []);
    case "content.forgotten":
      return noQuestions;
    default:
      return held;
  }
}

/** Where a question stands in the order of asking: its id is a place in the log. */
const place = (id: string) => Number.parseInt(id.slice(1), 36);

/** A new question, or an old one that everybody may see now. */
function asked(open: readonly Question[], question: Question): readonly Question[] {
  const at = open.findIndex((other) => place(other.id) >= place(question.id));
  if (at < 0) return [...open, question];
  const known = open[at] as Question;
  return known.id === question.id ? open.with(at, { ...known, state: question.state }) : open.toSpliced(at, 0, question);
}

function claimed({ claimed: _, ...question }: Question, by?: Who): Question {
  return by ? { ...question, claimed: by } : question;
}

/** Who is not of the staff any more has nothing taken. */
function released(open: readonly Question[], participant: string): readonly Question[] {
  return open.map((question) => (question.claimed?.participant === participant ? claimed(question) : question));
}

function settled(held: Questions, id: string, answer?: Answer): Questions {
  const question = held.open.find((one) => one.id === id);
  return {
    ...held,
    open: held.open.filter((one) => one.id !== id),
    done: question && answer ? [...held.done, { ...claimed(question), state: "answered" as const, answer }].slice(-KEPT) : held.done.filter((one) => one.id !== id),
    voted: voted(held.voted, id, false),
  };
}

/** The first news of one's own question has all of it, later ones its state. */
function mine(list: readonly MyQuestion[], news: MyQuestion): readonly MyQuestion[] {
  const at = list.findIndex((question) => question.id === news.id);
  const known = list[at];
  if (known) return list.with(at, { ...known, state: news.state, reason: news.reason });
  return news.text ? [...list, news] : list;
}

function voted(list: readonly string[], id: string, on: boolean): readonly string[] {
  const others = list.filter((other) => other !== id);
  return on ? [...others, id].sort((a, b) => place(a) - place(b)) : others;
}

function erased(held: Questions, participant: string, ids: readonly string[]): Questions {
  const gone = (question: Question) => question.participant === participant || ids.includes(question.id);
  return {
    ...held,
    open: released(held.open.filter((question) => !gone(question)), participant),
    done: held.done.filter((question) => !gone(question) && question.answer?.participant !== participant),
    voted: held.voted.filter((id) => !held.open.some((question) => question.id === id && gone(question))),
  };
}

/** Questions of a page join what is held, unless only staff see them and one is not of them any more. */
export function withPage(held: Questions, page: { items: Question[]; more: boolean }, state: "open" | "answered", staff: boolean): Questions {
  const list = state === "open" ? held.open : held.done;
  const known = new Set(list.map((question) => question.id));
  const all = [...list, ...page.items.filter((question) => !known.has(question.id) && (staff || question.state !== "waiting" && !question.claimed))].sort((a, b) => place(a.id) - place(b.id));
  return state === "open" ? { ...held, open: all, more: page.more } : { ...held, done: all };
}

join("questions", { questions });
