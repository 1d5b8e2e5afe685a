// Where the features of the live room hook in. Their folds come with parts of the app, after the first script: until
// then what came since the last snapshot waits here, so that nothing is missed. It waits for each part by itself, and
// only where the person has what the part shows.

import type { ServerMessage } from "../protocol.ts";
import type { State } from "../state.ts";
import { isInside, isStaff, may, snapshotOf } from "../state.ts";
import type { Held } from "./features.ts";

/** A message on its way to the features. */
export interface Passing {
  message: ServerMessage;
  /** The room after it. */
  after: State;
  /** It happened while we were away, and is told as a sum. */
  missed: boolean;
}

export type Fold = (held: Held | undefined, passing: Passing) => Held;

/** The parts that bring folds, and whose features they are. Who becomes one of them is given a snapshot with it. */
const parts = {
  questions: (state: State) => may(state, "question.page"),
  polls: (state: State) => may(state, "interaction.page"),
  staff: isStaff,
  live: isInside, // last: its tellers may speak of what the others hold
};

export type FoldPart = keyof typeof parts;

const names = Object.keys(parts) as FoldPart[];

/** Each is set once its part is there. */
export const registry: { [Name in FoldPart]?: Fold } = {};

export class Features {
  #held?: Held;
  #waiting: Partial<Record<FoldPart, Passing[]>> = {};

  /** What is held after a message; undefined while the folds are on their way. */
  take(passing: Passing): Held | undefined {
    const { message, after } = passing;
    const anew = snapshotOf(message) || !isInside(after);
    for (const name of names) {
      const waiting = this.#waiting[name];
      if (!waiting || anew || !parts[name](after)) this.#waiting[name] = [passing];
      else waiting.push(passing);
    }
    return this.settle();
  }

  /** What is held by other ways than a message: a page that was asked for. */
  put(held: Held): void {
    this.#held = held;
  }

  /** Folds what has waited. */
  settle(): Held | undefined {
    for (const name of names) {
      const fold = registry[name];
      if (!fold) continue;
      this.#held = this.#waiting[name]?.reduce(fold, this.#held) ?? this.#held;
      this.#waiting[name] = [];
    }
    return this.#held;
  }
}
