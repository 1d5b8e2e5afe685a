// One's own hand.

import type { Feature } from "./feature.ts";
import { youIn } from "./feature.ts";

/** Since when one's own hand is up; 0: it is not. */
export const hand: Feature<number> = {
  initial: 0,
  reduce(up, message) {
    const you = youIn(message);
    if (you) return you.hand ?? 0;
    if (!("event" in message)) return up;
    if (message.event === "me.hand") return message.data.at || 0;
    return message.event === "content.forgotten" ? 0 : up;
  },
};
