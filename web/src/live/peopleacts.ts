// What staff does to people in the live room, as commands, and whom they see.

import { t } from "../i18n/index.ts";
import { report } from "../notices.ts";
import type { Grant, Member } from "../protocol.ts";
import type { RoomSession } from "../session.ts";

export interface PeoplePage {
  items: Member[];
  total: number;
  next?: string;
}

export async function people(session: RoomSession, q: string, role?: string, after?: string): Promise<PeoplePage> {
  return (await session.ask("people.page", { q: q || undefined, role, after, limit: 50 })) as unknown as PeoplePage;
}

/** Gives a role and offers to take that back: undo beats asking. */
export async function setRole(session: RoomSession, member: Member, role: Grant): Promise<void> {
  const was = member.role as Grant;
  if (!(await session.attempt("role.set", { participant: member.participant, role }))) return;
  const undo = { label: t("undo"), run: () => void setRole(session, { ...member, role }, was) };
  report(t(`role.done.${role}`, { name: member.name }), "good", [undo]);
}

/** Mutes or lets write again, and offers to take that back: undo beats asking. */
export async function mute(session: RoomSession, { participant, name }: Pick<Member, "participant" | "name">, on: boolean, reason?: string): Promise<void> {
  if (!(await session.attempt(on ? "participant.mute" : "participant.unmute", { participant, reason: on ? reason : undefined }))) return;
  const undo = { label: t("undo"), run: () => void mute(session, { participant, name }, !on) };
  report(t(on ? "mute.done" : "unmute.done", { name }), "good", [undo]);
}
