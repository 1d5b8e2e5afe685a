// The messages that this person likes, as far as this window has seen it.

import type { ServerMessage } from "../protocol.ts";
import type { State } from "../state.ts";
import type { Feature } from "./feature.ts";

export const likes: Feature<readonly string[]> = {
  initial: [],
  reduce(liked, message: ServerMessage, { you }: State) {
    if (!("event" in message) || message.event !== "chat.liked" || message.data.participant !== you?.participant) return liked;
    const { id, on } = message.data;
    const others = liked.filter((other) => other !== id);
    return on ? [...others, id] : others;
  },
};
