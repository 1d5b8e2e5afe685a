// The reactions of the last second: sums, gone with the next.

import type { Feature } from "./feature.ts";

export interface Reactions {
  counts: Record<string, number>;
}

export const reactions: Feature<Reactions> = {
  initial: { counts: {} },
  reduce: (held, message) => ("signal" in message && message.signal === "reactions" ? { counts: message.data.counts } : held),
};
