// What people do with interactions, as commands: each gives whether it worked, and a failure has been told then.

import type { Interaction, InteractionForm, OpenAnswer, Page, Results } from "../protocol.ts";
import type { RoomSession } from "../session.ts";

export interface Answer {
  choices?: number[];
  words?: string[];
  text?: string;
}

export const answer = (session: RoomSession, id: string, given: Answer) => session.attempt("interaction.answer", { id, ...given });

export const launch = (session: RoomSession, id: string) => session.attempt("interaction.launch", { id });
export const close = (session: RoomSession, id: string) => session.attempt("interaction.close", { id });
export const remove = (session: RoomSession, id: string) => session.attempt("interaction.remove", { id });
export const share = (session: RoomSession, id: string, results: Results) => session.attempt("interaction.share", { id, results });
export const show = (session: RoomSession, id: string, one?: OpenAnswer) => session.attempt("interaction.show", { id, text: one?.text, participant: one?.participant });

/** Writes a draft, or writes one anew; its id. */
export async function write(session: RoomSession, form: InteractionForm, id?: string): Promise<string | undefined> {
  const ok = await session.attempt(id ? "interaction.revise" : "interaction.create", { id, ...form });
  return ok && String(ok.id);
}

export async function older(session: RoomSession, before?: string): Promise<Page<Interaction>> {
  return (await session.ask("interaction.page", { before, limit: 20 })) as unknown as Page<Interaction>;
}

/** A draft as it was written, with the right answer, which is told to nobody else. */
export async function whole(session: RoomSession, item: Interaction): Promise<Interaction> {
  if (item.kind !== "quiz") return item;
  const next = `i${(parseInt(item.id.slice(1), 36) + 1).toString(36)}`;
  return (await older(session, next)).items.find(({ id }) => id === item.id) ?? item;
}

export async function openAnswers(session: RoomSession, id: string, after?: string): Promise<{ items: OpenAnswer[]; next?: string }> {
  return (await session.ask("interaction.answers", { id, after, limit: 20 })) as unknown as { items: OpenAnswer[]; next?: string };
}
