// What the live room holds beside chat and people (state.ts): one pure fold for each feature, in a file of its own.
// A feature joins in by a line in `always`, or, if nobody needs it before a later part of the app is there, by a line
// in `Late` and `join` in its file; what it holds is then `heldBy(session).NAME`. What it wants to tell (notices,
// screen readers) goes with it as a teller.

import type { ServerMessage } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";
import type { Feature } from "./feature.ts";
import { hand } from "./hand.ts";
import type { Hands } from "./hands.ts";
import { life, tellLife } from "./life.ts";
import { likes } from "./likes.ts";
import { order, tellOrder } from "./order.ts";
import type { Polls } from "./polls.ts";
import type { Questions } from "./questions.ts";
import { reactions } from "./reactions.ts";
import type { Fold, FoldPart } from "./registry.ts";
import { registry } from "./registry.ts";
import type { Watch } from "./watch.ts";

export const always = { likes, hand, reactions, order, life };

/** Undefined until their part is there. */
interface Late {
  questions: Questions;
  polls: Polls;
  hands: Hands;
  watch: Watch;
}

type Always = { [Name in keyof typeof always]: (typeof always)[Name]["initial"] };
export type Held = Always & Partial<Late>;

type Several = Partial<{ [Name in keyof Held]: Feature<NonNullable<Held[Name]>> }>;

/** Turns what changed into words. */
export type Teller = (before: Held, after: Held, message: ServerMessage, state: State) => void;

export const nothingHeld = Object.fromEntries(Object.entries(always).map(([name, { initial }]) => [name, initial])) as unknown as Held;

/** Some features after a message. What did not change stays the same object. */
export function foldFeatures(features: Several, held: Held, message: ServerMessage, after: State): Held {
  const before = held as unknown as Record<string, unknown>;
  let next = before;
  for (const [name, feature] of Object.entries(features) as [string, Feature<unknown>][]) {
    const slice = feature.reduce(before[name] ?? feature.initial, message, after);
    if (slice !== before[name]) next = { ...next, [name]: slice };
  }
  return next as unknown as Held;
}

const folding = (features: Several, tellers: Teller[]): Fold => (held = nothingHeld, { message, after, missed }) => {
  const next = foldFeatures(features, held, message, after);
  if (!missed) for (const tell of tellers) tell(held, next, message, after);
  return next;
};

/** The folds of a part of the app are there. */
export function join(part: FoldPart, features: Several, ...tellers: Teller[]): void {
  registry[part] = folding(features, tellers);
}

/** Other parts of the app add theirs, with the texts they need. */
export const tellers: Teller[] = [tellOrder, tellLife];

join("live", always, (...change) => {
  for (const tell of tellers) tell(...change);
});

export const heldBy = (session: RoomSession): Held => session.held.value ?? nothingHeld;
