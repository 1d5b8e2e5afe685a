// What of a conversation is new to somebody. Messages are in the order of their places in the log, which their ids tell:
// so a mark holds through breaks, new snapshots and reloads.

import type { Post } from "../state.ts";

export const placeOf = (id: string) => Number.parseInt(id.slice(1), 36);

export const lastPlace = (items: readonly Post[]) => placeOf(items.at(-1)?.id ?? "m0");

export interface Unread {
  count: number;
  /** Those that mention one. */
  mentions: number;
}

/** What others have written behind a place. */
export function unreadOf(items: readonly Post[], seen: number, me?: string): Unread {
  const unread = { count: 0, mentions: 0 };
  for (let i = items.length - 1; i >= 0; i--) {
    const post = items[i] as Post;
    if (placeOf(post.id) <= seen) break;
    if (post.participant === me || post.deletedBy !== undefined) continue;
    unread.count++;
    if (post.mentions?.some(({ participant }) => participant === me)) unread.mentions++;
  }
  return unread;
}

/** The first message behind a place, before which the line stands; none, if nothing is new. */
export function firstBehind(items: readonly Post[], seen: number | undefined): string | undefined {
  return seen === undefined ? undefined : items.find(({ id }) => placeOf(id) > seen)?.id;
}
