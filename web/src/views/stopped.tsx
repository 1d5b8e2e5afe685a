// The end of a visit to a room, as its session knows it.

import type { RoomSession } from "../session.ts";
import type { Link } from "../wire.ts";
import { Refusal } from "./refusal.tsx";

export interface StoppedProps {
  session: RoomSession;
  /** The line that was closed for good, or what ended it on this side. */
  why: (Link & { state: "stopped" }) | "left" | "room_deleted";
  again: (takeover?: boolean) => void;
}

export function Stopped({ session, why, again }: StoppedProps) {
  const { room } = session.state.value;
  const facts = { room, id: session.room, ended: room?.closed_at, now: session.clock.now() ?? Date.now() };
  if (why === "left") return <Refusal facts={{ ...facts, code: why }} again={again} />;
  if (why === "room_deleted") return <Refusal facts={{ ...facts, code: why, reason: room?.reason }} again={again} />;
  return <Refusal facts={{ ...facts, ...saidBy(session, why) }} again={again} holds={session.holds} moved={() => again()} />;
}

/** Close codes that end a session for good, as the refusal codes of section 6 and DESIGN, section 5. */
const closeReasons: Readonly<Record<number, string>> = {
  4501: "version",
  4502: "not_authenticated",
  4503: "invitation_revoked",
  4504: "other_device",
  4505: "displaced",
  4506: "removed",
  4507: "banned",
  4508: "over",
  4509: "room_deleted",
  4511: "lobby_locked",
  4512: "domain_blocked",
  4513: "connection_limit",
};

const final = new Set([
  "not_found", "not_authenticated", "invitation_expired", "invitation_revoked", "invitation_used",
  "other_device", "over", "room_deleted", "lobby_locked", "domain_blocked", "removed", "banned",
]);

function saidBy(session: RoomSession, { code, refusal }: StoppedProps["why"] & object) {
  const said = refusal && final.has(refusal.code) ? refusal : undefined;
  const { farewell, denied } = session.state.peek();
  return { code: denied ? "denied" : said?.code ?? closeReasons[code] ?? `problem ${code}`, reason: farewell || said?.reason, extra: said };
}
