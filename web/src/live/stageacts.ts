// Coming onto the stage and leaving it, as commands: each gives whether it worked, and a failure has been told then.

import { t } from "../i18n/index.ts";
import { report } from "../notices.ts";
import type { Hand } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { heldBy } from "./features.ts";
import { withHands } from "./hands.ts";
import { aboutOffer } from "./watch.ts";

type Named = { participant: string; name: string };

export const answerOffer = (session: RoomSession, accept: boolean) => session.attempt("stage.answer", { accept });

export const leaveStage = (session: RoomSession) => session.attempt("stage.leave", {});

export const tellKnocker = (session: RoomSession, participant: string, text: string) => session.attempt("admit.tell", { participant, text });

export const rename = (session: RoomSession, participant: string, first_name: string, last_name: string, reason: string) =>
  session.attempt("participant.rename", { participant, first_name, last_name, reason });

/** Asks somebody onto the stage, for some seconds or for good, and offers to take that back. */
export async function offer(session: RoomSession, { participant, name }: Named, for_s?: number): Promise<void> {
  if (!(await session.attempt("stage.offer", { participant, for_s }))) return;
  report(t("stage.offer.done", { name }), "good", [{ label: t("undo"), run: () => void withdrawOffer(session, participant) }], aboutOffer(participant));
}

export const withdrawOffer = (session: RoomSession, participant: string) => session.attempt("stage.withdraw", { participant });

/** Gives a role for a time. */
export async function lend(session: RoomSession, { participant, name }: Named, for_s: number): Promise<void> {
  if (!(await session.attempt("role.set", { participant, role: "speaker", for_s }))) return;
  const undo = { label: t("undo"), run: () => void session.attempt("role.set", { participant, role: "viewer" }) };
  report(t("role.lent.done", { name, minutes: for_s / 60 }), "good", [undo]);
}

/** Asks for hands behind those that we know. */
export async function moreHands(session: RoomSession): Promise<void> {
  const after = heldBy(session).hands?.queue?.at(-1)?.participant;
  const page = (await session.ask("hand.page", { after, limit: 100 })) as unknown as { items: Hand[]; total: number };
  const held = heldBy(session);
  session.hold({ ...held, hands: withHands(held.hands ?? { total: 0 }, page) });
}
