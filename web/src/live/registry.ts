// Where the features of the live room hook in. Their folds come with its part of the app, after the first script:
// until then what came since the last snapshot waits here, so that nothing is missed.

import type { ServerMessage } from "../protocol.ts";
import type { State } from "../state.ts";
import { isInside, snapshotOf } from "../state.ts";
import type { Held } from "./features.ts";

/** A message on its way to the features. */
export interface Passing {
  message: ServerMessage;
  /** The room after it. */
  after: State;
  /** It happened while we were away, and is told as a sum. */
  missed: boolean;
}

/** Set once the live part is there. */
export const registry: { fold?: (held: Held | undefined, passing: Passing) => Held } = {};

export class Features {
  #held?: Held;
  #waiting: Passing[] = [];

  /** What is held after a message; undefined while the folds are on their way. */
  take(passing: Passing): Held | undefined {
    if (snapshotOf(passing.message) || !isInside(passing.after)) this.#waiting = [];
    this.#waiting.push(passing);
    return this.settle();
  }

  /** What is held by other ways than a message: a page that was asked for. */
  put(held: Held): void {
    this.#held = held;
  }

  /** Folds what has waited. */
  settle(): Held | undefined {
    const { fold } = registry;
    if (!fold) return undefined;
    this.#held = this.#waiting.reduce(fold, this.#held);
    this.#waiting = [];
    return this.#held;
  }
}
