// What the live room holds beside chat and people (state.ts): one pure fold for each feature, in a file of its own.
// A feature joins in by a line in `features`; what it holds is then `heldBy(session).NAME`. What it wants to tell
// (notices, screen readers) is a line in `tellers`.

import type { ServerMessage } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";
import type { Feature } from "./feature.ts";
import { hands } from "./hands.ts";
import { likes } from "./likes.ts";
import { order, tellOrder } from "./order.ts";
import { polls, pollTeller } from "./polls.ts";
import { questions } from "./questions.ts";
import { reactions } from "./reactions.ts";
import type { Passing } from "./registry.ts";
import { registry } from "./registry.ts";

export const features = { likes, questions, hands, reactions, order, polls };

export type Held = { [Name in keyof typeof features]: (typeof features)[Name]["initial"] };

const entries = Object.entries(features) as [string, Feature<unknown>][];

export const nothingHeld = Object.fromEntries(entries.map(([name, feature]) => [name, feature.initial])) as unknown as Held;

/** All features after a message. What did not change stays the same object. */
export function foldFeatures(held: Held, message: ServerMessage, after: State): Held {
  const before = held as Record<string, unknown>;
  let next = before;
  for (const [name, feature] of entries) {
    const slice = feature.reduce(before[name], message, after);
    if (slice !== before[name]) next = { ...next, [name]: slice };
  }
  return next as Held;
}

/** Turns what changed into words. */
export type Teller = (before: Held, after: Held, message: ServerMessage, state: State) => void;

/** Others join with the parts that show their features. */
export const tellers: Teller[] = [tellOrder, pollTeller];

registry.fold = (held = nothingHeld, { message, after, missed }: Passing) => {
  const next = foldFeatures(held, message, after);
  if (!missed) for (const tell of tellers) tell(held, next, message, after);
  return next;
};

export const heldBy = (session: RoomSession): Held => session.held.value ?? nothingHeld;
