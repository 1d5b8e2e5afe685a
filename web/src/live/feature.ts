// What a feature of the live room is: a pure fold of the server's messages.

import type { ServerMessage, You } from "../protocol.ts";
import type { State } from "../state.ts";

export type Message = ServerMessage;

export interface Feature<Slice> {
  initial: Slice;
  /** What is held after a message; `after` is the room's state then. A snapshot is all there is: what it lacks is to be forgotten. */
  reduce(slice: Slice, message: ServerMessage, after: State): Slice;
}

/** What is personal, where a message tells it anew. */
export function youIn(message: ServerMessage): You | undefined {
  const body = ("event" in message ? message.data : "re" in message && message.ok) || {};
  return "you" in body ? body.you as You : undefined;
}
