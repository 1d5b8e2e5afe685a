// The queue of raised hands. Staff alone knows it.

import type { Hand } from "../protocol.ts";
import { snapshotOf } from "../state.ts";
import type { Feature, Message } from "./feature.ts";

export interface Hands {
  /** The first raised first; undefined: not for this person. */
  queue?: readonly Hand[];
  total: number;
}

export const hands: Feature<Hands> = {
  initial: { total: 0 },
  reduce(held, message) {
    const snapshot = snapshotOf(message);
    if (snapshot) return { queue: snapshot.hands?.items, total: snapshot.hands?.total ?? 0 };
    return onEvent(held, message);
  },
};

function onEvent(held: Hands, message: Message): Hands {
  if (!("event" in message)) return held;
  switch (message.event) {
    case "hand.raised":
      return raised(held, { at: message.at, ...message.data });
    case "hand.lowered":
    case "person.erased":
      return lowered(held, message.data.participant);
    case "content.forgotten":
      return { queue: held.queue && [], total: 0 };
    default:
      return held;
  }
}

function raised(held: Hands, hand: Hand): Hands {
  if (!held.queue || held.queue.some((other) => other.participant === hand.participant)) return held;
  return { ...held, queue: [...held.queue, hand], total: held.total + 1 };
}

function lowered(held: Hands, participant: string): Hands {
  if (!held.queue?.some((hand) => hand.participant === participant)) return held;
  return { ...held, queue: held.queue.filter((hand) => hand.participant !== participant), total: held.total - 1 };
}
