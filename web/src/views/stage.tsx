// The dark stage that stands at the same spot in every phase: the door, the title, the clock.

import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { countdown } from "../clock.ts";
import { seconds } from "../browser.ts";
import { longDay, timeSpan, unitParts, zoneCity } from "../i18n/format.ts";
import { t } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { Icon } from "./icons.tsx";

const HALF_OPEN = 600_000;
const HURRY = -10_000;
const LAST = 10_000; // everybody sees that it begins

export type Opening = "shut" | "half" | "open";

/** Decoration; words beside it always say the same. It stands open only once the room is. */
export function Door({ opening }: { opening: Opening }) {
  const { floor, leaf, panels, knob } = doors[opening];
  return (
    <svg class="door" viewBox="0 0 260 330" preserveAspectRatio="xMaxYMax meet" aria-hidden="true">
      <defs>
        <linearGradient id="door-light" x2="0" y2="1"><stop offset="0" stop-opacity=".55" /><stop offset="1" stop-opacity=".95" /></linearGradient>
        <linearGradient id="door-floor" x2="0" y2="1"><stop offset="0" stop-opacity=".5" /><stop offset="1" stop-opacity="0" /></linearGradient>
      </defs>
      <path d="M94 36h100v232H94z" fill="url(#door-light)" />
      <path class="door-moves" d={floor} fill="url(#door-floor)" />
      <path class="floor" d="M0 268h94M194 268h66" />
      <path class="jamb" d="M92.5 268V34.5h103V268" />
      <path class="leaf door-moves" d={leaf} />
      <path class="panel-line door-moves" d={panels} />
      <circle class="knob" cx={knob} cy="156" r="3" />
    </svg>
  );
}

const doors: Record<Opening, { floor: string; leaf: string; panels: string; knob: number }> = {
  shut: {
    floor: "M180 268H194L236 330H150z",
    leaf: "M94 36 180 31V276L94 268z",
    panels: "M107.76 56.5 166.24 49V139.5L107.76 140zM107.76 164 166.24 166.6V252.4L107.76 247.96z",
    knob: 173,
  },
  half: {
    floor: "M158 268H194L262 330H92z",
    leaf: "M94 36 158 24V287L94 268z",
    panels: "M104.24 54.4 147.76 42V138.8L104.24 140zM104.24 164 147.76 168.8V261.2L104.24 249.28z",
    knob: 151,
  },
  open: {
    floor: "M126 268H194L290 330H20z",
    leaf: "M94 36 126 17V299L94 268z",
    panels: "M99.12 52.3 120.88 35V138.1L99.12 140zM99.12 164 120.88 171.2V270.8L99.12 250.72z",
    knob: 119,
  },
};

export function Poster({ opening, children }: { opening: Opening; children: ComponentChildren }) {
  return <div class="poster"><Door opening={opening} />{children}</div>;
}

/** When it is, in the visitor's own zone. */
export function PosterWhen({ room }: { room: Room }) {
  return (
    <p class="poster-when soft">
      <Icon name="calendar" />
      <span>
        {longDay(room.starts_at)}, {timeSpan(room.starts_at, room.ends_at)}{" "}
        <span class="nowrap">{t("zone.yours", { city: zoneCity() })}</span>
      </span>
    </p>
  );
}

/** How far the door stands open while we wait, and whether zero has passed. */
export function useTimeLeft(session: RoomSession) {
  const opening = useComputed<Opening>(() => {
    seconds.value;
    session.state.value.room?.starts_at;
    const left = session.timeLeft();
    return left !== undefined && left <= HALF_OPEN ? "half" : "shut";
  });
  const passed = useComputed(() => {
    seconds.value;
    session.state.value.room?.starts_at;
    const left = session.timeLeft() ?? HALF_OPEN;
    return left <= HURRY ? "late" : left <= 0 ? "zero" : left <= LAST ? "last" : "no";
  });
  return { opening, passed };
}

/** Only the text nodes of the clock change. */
export function BigClock({ session, passed }: { session: RoomSession; passed: "no" | "last" | "zero" | "late" }) {
  if (passed === "late") return <p class="lead poster-late">{t("clock.late")}</p>;
  if (passed === "zero") return <p class="lead">{t("clock.opening")}</p>;
  return (
    <>
      <p class="clock-label" id="opens">{t(passed === "last" ? "clock.live" : "clock.label")}</p>
      <p class="clock" role="timer" aria-labelledby="opens"><Digits session={session} /></p>
    </>
  );
}

function Digits({ session }: { session: RoomSession }) {
  const parts = useComputed(() => {
    seconds.value;
    const left = session.state.value.room && session.timeLeft();
    return left === undefined ? [] : countdown(left).map(unitParts);
  });
  return (
    <>
      {parts.value.map(({ number, word }) => (
        <span key={word}>{number}<small>{word}</small>{" "}</span>
      ))}
    </>
  );
}
