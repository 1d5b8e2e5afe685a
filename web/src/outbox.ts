// Messages on their way: shown at once, gone when the room shows them. Pure functions over a list.

import type { Mention, Message } from "./protocol.ts";

export type Channel = "chat" | "backchannel";

export interface Draft {
  key: string;
  channel: Channel;
  text: string;
  reply_to?: string;
  mentions?: Mention[];
  at: number;
  state: "sending" | "failed";
  /** The code of the refusal, for a failed one. */
  why?: string;
  /** The id that the server gave it, or that we recognised in an event that came before the answer. */
  id?: string;
}

export function add(drafts: Draft[], draft: Draft): Draft[] {
  return [...drafts, draft];
}

export function change(drafts: Draft[], key: string, part: Partial<Draft>): Draft[] {
  return drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft));
}

export function remove(drafts: Draft[], key: string): Draft[] {
  return drafts.filter((draft) => draft.key !== key);
}

/** Our own message came back as an event, perhaps before its answer: claim the oldest draft that says the same. */
export function recognise(drafts: Draft[], channel: Channel, message: Pick<Message, "id" | "text">): Draft[] {
  if (drafts.some((draft) => draft.id === message.id)) return drafts;
  const mine = drafts.find((d) => d.channel === channel && !d.id && d.text === message.text);
  return mine ? change(drafts, mine.key, { id: message.id }) : drafts;
}

/** What the room does not show yet. */
export function unseen(drafts: Draft[], channel: Channel, shown: readonly Pick<Message, "id">[]): Draft[] {
  const ids = new Set(shown.map((message) => message.id));
  return drafts.filter((draft) => draft.channel === channel && !(draft.id && ids.has(draft.id)));
}
