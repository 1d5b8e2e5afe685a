// What interrupts a session: a pause holds the room for its viewers. The countdown to going on is in state.ts, because
// those who wait before the doors see theirs.

import { say, sayNow } from "../announce.ts";
import { time } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import type { Event, Pause, Unattended } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { snapshotOf } from "../state.ts";
import type { Feature } from "./feature.ts";
import type { Held, Teller } from "./features.ts";

export interface Life {
  paused?: Pause;
  /** Nobody who runs the room is here. */
  unattended?: Unattended;
}

export const life: Feature<Life> = {
  initial: {},
  reduce(held, message) {
    const fresh = snapshotOf(message);
    if (fresh) return { paused: fresh.paused, unattended: fresh.unattended };
    return "event" in message ? onEvent(held, message) : held;
  },
};

function onEvent(held: Life, event: Event): Life {
  switch (event.event) {
    case "room.paused":
      return { ...held, paused: event.data };
    case "room.resumed":
    case "content.forgotten":
      return { ...held, paused: undefined };
    case "room.unattended":
      return { ...held, unattended: event.data };
    case "room.attended":
      return { ...held, unattended: undefined };
    case "room.closed":
      return {};
    case "person.erased":
      return held.paused?.participant === event.data.participant ? { ...held, paused: { ...held.paused, name: "", message: undefined } } : held;
    default:
      return held;
  }
}

export const tellLife: Teller = (_before, _after, message) => {
  if (!("event" in message)) return;
  if (message.event === "room.paused") sayNow(`${t("paused.title")}. ${message.data.message ?? t("paused.text")}`);
  if (message.event === "room.unattended") sayNow(`${t("unattended.title")} ${fateOf(message.data)}`);
  if (message.event === "room.attended") say(t("unattended.over"));
  if (message.event === "room.resumed") sayNow(t("paused.over"));
  if (message.event === "room.go_live_cancelled") say(t("live.stopped"));
};

/** What happens to a room that nobody runs. */
export const fateOf = ({ then, at }: Unattended): string => t(`unattended.${then}`, { time: time(at) });

/** Whether what this person would say has to wait. */
export const isHeld = (session: RoomSession, held: Held): boolean => held.life.paused !== undefined && session.state.value.you?.role === "viewer";

export const pause = (session: RoomSession, message: string) => session.attempt("room.pause", { message });
export const resume = (session: RoomSession) => session.attempt("room.resume", {});
export const goLive = (session: RoomSession) => session.attempt("room.go_live", {});
export const stopCountdown = (session: RoomSession) => session.attempt("room.go_live_cancel", {});
