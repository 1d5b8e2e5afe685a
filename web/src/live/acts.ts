// What people do in the live room, as commands: each gives whether it worked, and a failure has been told then.

import { t } from "../i18n/index.ts";
import { report } from "../notices.ts";
import type { RoomSession } from "../session.ts";
import { may } from "../state.ts";
import { heldBy } from "./features.ts";

export const like = (session: RoomSession, id: string, on: boolean) => session.attempt("chat.like", { id, on });

export const erase = (session: RoomSession, id: string) => session.attempt("chat.delete", { id });

export const pin = (session: RoomSession, id?: string) => session.attempt(id ? "pin.set" : "pin.clear", id ? { id } : {});

/** Tells moderators of a message. */
export async function reportMessage(session: RoomSession, id: string): Promise<void> {
  if (await session.attempt("chat.report", { id })) report(t("report.done"));
}

/** Raises one's hand, or lowers it: by button or key. */
export function turnHand(session: RoomSession): void {
  if (!may(session.state.peek(), "hand.raise")) return;
  void session.attempt(heldBy(session).hand ? "hand.lower" : "hand.raise", {});
}
