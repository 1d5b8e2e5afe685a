// What people do about questions, hands and reactions.

import type { Page, Question } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { isStaff } from "../state.ts";
import { heldBy } from "./features.ts";
import { noQuestions, withPage } from "./questions.ts";

export const ask = (session: RoomSession, text: string, anonymous: boolean) => session.attempt("question.ask", { text, anonymous });
export const vote = (session: RoomSession, id: string, on: boolean) => session.attempt("question.vote", { id, on });
export const publish = (session: RoomSession, id: string) => session.attempt("question.publish", { id });
export const claim = (session: RoomSession, id: string, on: boolean) => session.attempt("question.claim", { id, on });
export const answer = (session: RoomSession, id: string, text?: string) => session.attempt("question.answer", text ? { id, text } : { id, live: true });
export const dismiss = (session: RoomSession, id: string, reason: string) => session.attempt("question.dismiss", { id, reason });

/** Asks for questions that we do not hold yet: the next open ones, or those that were answered before we came. */
export async function fetchQuestions(session: RoomSession, state: "open" | "answered", after?: string): Promise<void> {
  const page = (await session.ask("question.page", { state, after, sort: state === "open" ? "votes" : "time", limit: 50 })) as unknown as Page<Question>;
  const held = heldBy(session);
  session.hold({ ...held, questions: withPage(held.questions ?? noQuestions, page, state, isStaff(session.truth.peek())) });
}

export const lowerHand = (session: RoomSession, participant: string, reason?: string) => session.attempt("hand.lower", { participant, reason });
export const clearHands = (session: RoomSession) => session.attempt("hand.clear", {});

/** A reaction that is one too many is no matter. */
export const react = (session: RoomSession, emoji: string) => void session.ask("reaction.send", { emoji }).catch(() => undefined);
