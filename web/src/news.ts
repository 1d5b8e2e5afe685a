// What is worth telling the person about a frame: pure, from the state before and after it.
// notices.ts turns it into words, on screen and for screen readers.

import type { Role, ServerMessage } from "./protocol.ts";
import type { Post, State } from "./state.ts";

export type News =
  | { type: "role"; role: Role; up: boolean; by: string }
  | { type: "moved"; from: number; to: number; reason?: string }
  | { type: "opened"; confirmed: boolean }
  | { type: "entered" }
  | { type: "closed"; reason?: string }
  | { type: "deleted"; reason?: string }
  | { type: "request"; name: string }
  | { type: "message"; post: Post; staff: boolean };

const ranks: Record<Role, number> = { viewer: 0, speaker: 1, moderator: 2, manager: 3 };

export function outranks(a: Role, b: Role): boolean {
  return ranks[a] > ranks[b];
}

export function newsOf(before: State, after: State, message: ServerMessage): News[] {
  if (!("event" in message)) return [];
  switch (message.event) {
    case "me.role": {
      const was = before.you?.role ?? "viewer";
      const { role, by } = message.data;
      return was === role ? [] : [{ type: "role", role, up: outranks(role, was), by: by.name }];
    }
    case "room.scheduled":
      return moved(before, message.data.starts_at, message.data.reason);
    case "room.opened":
      return before.phase === "live" ? [] : [{ type: "opened", confirmed: before.you?.confirmed ?? false }];
    case "phase.changed":
      return message.data.phase === "live" && before.phase !== "live" ? [{ type: "entered" }] : [];
    case "room.closed":
    case "room.deleted":
      return [{ type: message.event === "room.closed" ? "closed" : "deleted", reason: message.data.reason }];
    case "chat.posted":
      return posted(after.chat.items.at(-1), message.data.id, false);
    case "backchannel.posted":
      return posted(after.backchannel?.items.at(-1), message.data.id, true);
    case "invitation.requested":
      return [{ type: "request", name: message.data.name }];
    default:
      return [];
  }
}

function moved(before: State, to: number, reason?: string): News[] {
  const from = before.room?.starts_at;
  return from === undefined || from === to ? [] : [{ type: "moved", from, to, reason }];
}

function posted(last: Post | undefined, id: string, staff: boolean): News[] {
  return last?.id === id ? [{ type: "message", post: last, staff }] : [];
}
