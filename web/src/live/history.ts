// Paging back in a conversation.

import type { Channel } from "../outbox.ts";
import type { Message, Page } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";

/** Asks for what stands before the oldest message that we have. */
export async function older(session: RoomSession, channel: Channel): Promise<void> {
  const before = session.state.peek()[channel]?.items[0]?.id;
  const page = await session.ask(`${channel}.page`, { before, limit: 50 });
  session.truth.value = withOlder(session.truth.value, channel, page as unknown as Page<Message>);
}

/** Older messages, as `chat.page` and `backchannel.page` give them: nothing, if it is no longer for this person. */
export function withOlder(state: State, name: Channel, page: Page<Message>): State {
  const thread = state[name];
  if (!thread) return state;
  const known = new Set(thread.items.map((post) => post.id));
  const items = [...page.items.filter((post) => !known.has(post.id)), ...thread.items];
  return { ...state, [name]: { items, more: page.more } };
}
