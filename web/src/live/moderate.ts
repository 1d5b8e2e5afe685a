// What moderators do, as commands: each gives whether it worked, and a failure has been told then.

import type { By, Knocks, Role, Settings, Who } from "../protocol.ts";
import type { RoomSession } from "../session.ts";

export type Scope = "invitation" | "address" | "domain";

/** What was done to somebody, by whom, when and why. */
export interface Measure {
  kind: "muted" | "removed" | "banned";
  participant: string;
  name: string;
  role: Role;
  guest?: boolean;
  scope?: Scope;
  domain?: string;
  reason?: string;
  by: By;
  at: number;
}

export interface Reported extends Who {
  id: string;
  text: string;
  at: number;
  times: number;
  reasons?: { participant: string; name: string; reason?: string }[];
}

export interface Moderation {
  measures: Measure[];
  reports: Reported[];
  more: boolean;
}

export const moderation = async (session: RoomSession) => (await session.ask("moderation.page", {})) as unknown as Moderation;

export const knocks = async (session: RoomSession, after?: string) => (await session.ask("admit.page", { after, limit: 50 })) as unknown as Knocks;

export const remove = (session: RoomSession, participant: string, reason: string) => session.attempt("participant.remove", { participant, reason });

export const ban = (session: RoomSession, participant: string, by: Scope, reason: string) => session.attempt("participant.ban", { participant, by, reason });

export const unban = (session: RoomSession, participant: string) => session.attempt("participant.unban", { participant });

export const admit = (session: RoomSession, participants: string[] | "all") => session.attempt("admit.grant", { participants });

export const deny = (session: RoomSession, participants: string[] | "all") => session.attempt("admit.deny", { participants });

export const change = (session: RoomSession, settings: Partial<Settings>) => session.attempt("room.settings", settings);

export const clear = (session: RoomSession) => session.attempt("chat.clear", {});

export const settle = (session: RoomSession, id: string) => session.attempt("report.settle", { id });

export const announce = (session: RoomSession, text: string, to: string, expires_in_s: number) => session.attempt("announcement.post", { text, to, expires_in_s });

export const withdraw = (session: RoomSession, id: string) => session.attempt("announcement.withdraw", { id });

export const source = (session: RoomSession, url: string) => session.attempt("stage.source", url ? { url } : { none: true });
