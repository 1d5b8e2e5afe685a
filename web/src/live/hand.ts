// One's own hand, by button or key.

import type { RoomSession } from "../session.ts";
import { may } from "../state.ts";
import { heldBy } from "./features.ts";

/** Raises one's hand, or lowers it. */
export function turnHand(session: RoomSession): void {
  if (!may(session.state.peek(), "hand.raise")) return;
  void session.attempt(heldBy(session).hands.mine ? "hand.lower" : "hand.raise", {});
}
