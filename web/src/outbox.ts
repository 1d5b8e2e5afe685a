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
  /** Whose it is. */
  by?: string;
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

/** What a tab keeps of them for the page after a reload; nothing, if the room has them all. */
export function packed(drafts: Draft[]): string {
  const left = drafts.filter((draft) => !draft.id);
  return left.length > 0 ? JSON.stringify(left) : "";
}

const KEY_LIFE = 50 * 60_000; // the server knows a key for an hour: by then nobody says whether it has arrived

/** What an earlier page of this tab had not sent, or had not been told of; `now` is the wall's. */
export function unpacked(kept: string | undefined, now: number): Draft[] {
  try {
    const left = JSON.parse(kept || "[]") as Draft[];
    return left.map((draft) => (now - draft.at < KEY_LIFE ? draft : { ...draft, state: "failed", why: "unknown" }));
  } catch {
    return [];
  }
}

/** What the room does not show yet. */
export function unseen(drafts: Draft[], channel: Channel, shown: readonly Pick<Message, "id">[]): Draft[] {
  const ids = new Set(shown.map((message) => message.id));
  return drafts.filter((draft) => draft.channel === channel && !(draft.id && ids.has(draft.id)));
}
