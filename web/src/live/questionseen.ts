// Which questions this person has looked at, for the number on the tab.

import { signal } from "@preact/signals";
import type { Question } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { isStaff } from "../state.ts";
import { heldBy } from "./features.ts";

const seen = signal(0);

/** The questions are before somebody's eyes. */
export function seenUpTo(questions: readonly Question[]): void {
  seen.value = Math.max(seen.peek(), ...questions.map(({ at }) => at));
}

/** What the tab counts: to staff what waits for a decision, to others what is new. */
export function tallyOf(session: RoomSession): number {
  const { open, mine } = heldBy(session).questions;
  if (isStaff(session.state.value)) return open.filter(({ state }) => state === "waiting").length;
  return open.filter(({ id, at }) => at > seen.value && !mine.some((own) => own.id === id)).length;
}
