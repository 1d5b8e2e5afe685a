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
      return lowered(held, message.data.participant);
    case "hands.cleared":
      return { queue: held.queue && [], total: 0 };
    case "participant.renamed":
      return { ...held, queue: held.queue?.map((hand) => (hand.participant === message.data.participant ? { ...hand, name: message.data.name } : hand)) };
    case "content.forgotten":
      return { queue: held.queue && [], total: 0 };
    default:
      return held;
  }
}

/** The queue is its beginning: where the rest is not known, a new hand is only counted. */
function raised(held: Hands, hand: Hand): Hands {
  if (!held.queue) return held;
  return { ...held, queue: held.queue.length === held.total ? [...held.queue, hand] : held.queue, total: held.total + 1 };
}

function lowered(held: Hands, participant: string): Hands {
  if (!held.queue) return held;
  return { ...held, queue: held.queue.filter((hand) => hand.participant !== participant), total: held.total - 1 };
}

/** Joins a page of the queue to its beginning, unless it is no longer for this person. */
export function withHands(held: Hands, page: { items: Hand[]; total: number }): Hands {
  if (!held.queue) return held;
  const known = new Set(held.queue.map(({ participant }) => participant));
  return { ...held, queue: [...held.queue, ...page.items.filter(({ participant }) => !known.has(participant))], total: page.total };
}
