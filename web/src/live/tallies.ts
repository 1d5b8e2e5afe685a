// What the tabs count.

import { signal } from "@preact/signals";
import type { Question } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { isStaff } from "../state.ts";
import { heldBy } from "./features.ts";
import type { Polls } from "./polls.ts";

const seen = signal(0);

/** The questions are before somebody's eyes. */
export function seenUpTo(questions: readonly Question[]): void {
  seen.value = Math.max(seen.peek(), ...questions.map(({ at }) => at));
}

/** To staff what waits for a decision, to others what is new. */
export function questionTally(session: RoomSession): number {
  const { open = [], mine = [] } = heldBy(session).questions ?? {};
  if (isStaff(session.state.value)) return open.filter(({ state }) => state === "waiting").length;
  return open.filter(({ id, at }) => at > seen.value && !mine.some((own) => own.id === id)).length;
}

/** The polls that wait for my answer. */
export const unanswered = ({ items, mine }: Pick<Polls, "items" | "mine">) => items.filter(({ id, state }) => state === "running" && !mine[id]);

export function pollTally(session: RoomSession): number {
  const { polls } = heldBy(session);
  return polls ? unanswered(polls).length : 0;
}

/** Who knocks, and who has raised a hand. */
export function peopleTally(session: RoomSession): number {
  const { watch, hands } = heldBy(session);
  return (watch?.waiting?.total ?? 0) + (hands?.total ?? 0);
}
