// Our own drawings: 24 grid, 1.75 stroke, round ends, the colour of the text beside them.

import type { JSX } from "preact";
import type { MoreDrawings } from "./moreicons.tsx";

/** What the first page needs. The later parts bring theirs, in moreicons.tsx. */
const drawings = {
  alert: <path d="M12 4.5 20.5 19.5h-17zM12 10v4.3M12 16.9v.05" />,
  calendar: <><rect x="4" y="5" width="16" height="15" rx="2" /><path d="M4 10h16M8.5 3v4M15.5 3v4" /></>,
  check: <path d="m5 12.5 4.5 4.5L19 7" />,
  clock: <><circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" /></>,
  offline: <path d="M4 4l16 16M2.8 9.2A13 13 0 0 1 7 6.6M10.5 5.6a13 13 0 0 1 10.7 3.6M6 12.7a8.3 8.3 0 0 1 3.5-2M14.5 10.8A8.3 8.3 0 0 1 18 12.7M9.3 16a3.9 3.9 0 0 1 4.4-.8M12 19.2v.05" />,
  people: <><circle cx="9" cy="8.5" r="3.25" /><path d="M3 19.5c.5-3.4 2.9-5.3 6-5.3s5.5 1.9 6 5.3M15.6 5.5a3.25 3.25 0 0 1 0 6M17.6 14.7c2 .7 3.1 2.3 3.4 4.8" /></>,
  x: <path d="m6 6 12 12M18 6 6 18" />,
} satisfies Record<string, JSX.Element>;

type Drawings = typeof drawings & MoreDrawings;
export type IconName = keyof Drawings;

/** Brings drawings that the first page does without. */
export function addDrawings(more: MoreDrawings): void {
  Object.assign(drawings, more);
}

/** Always beside words, or inside a button with a label: hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{(drawings as Drawings)[name]}</svg>;
}

export function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path class="frame" d="M5 21V3h14v18" />
      <path class="leaf" d="M5 3l8.5 3v17.5L5 21z" />
    </svg>
  );
}
