// The drawings that no page needs before its later parts have come. Whoever may be the first of them imports this.

import type { JSX } from "preact";
import { addDrawings } from "./icons.tsx";

const drawings = {
  chat: <path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4v-4.05a2.5 2.5 0 0 1-2-2.45z" />,
  copy: <><rect x="9" y="9" width="11" height="11" rx="2" /><path d="M5.8 15H5.5A1.5 1.5 0 0 1 4 13.5v-8A1.5 1.5 0 0 1 5.5 4h8A1.5 1.5 0 0 1 15 5.5v.3" /></>,
  curtain: <path d="M3.5 4h17M5 4c0 7-.3 11-.7 16M19 4c0 7 .3 11 .7 16M9.5 4c0 5.5-1.7 9-5 11M14.5 4c0 5.5 1.7 9 5 11" />,
  device: <><path d="M12 16.5H3.5M5 13V6a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 19 6v.5" /><rect x="14.5" y="9.5" width="6.5" height="11" rx="1.5" /></>,
  down: <path d="m6.5 9.5 5.5 5.5 5.5-5.5" />,
  eye: <><path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" /><circle cx="12" cy="12" r="2.75" /></>,
  horn: <path d="M4 10.3v3.6l3 .4 9.5 4.2V5.8L7 10zM7.8 14.7l1.3 4.6h2.4l-1-3.5M19.8 10.5v3.3" />,
  hand: <path d="M7 13V6.6a1.5 1.5 0 0 1 3 0V11M10 10.5V4.7a1.5 1.5 0 0 1 3 0V11M13 6.2a1.5 1.5 0 0 1 3 0v5.3M16 8.7a1.5 1.5 0 0 1 3 0V14c0 4-2.8 6.8-6.6 6.8-2.6 0-4.2-1-5.6-3.2l-2.5-3.9a1.45 1.45 0 0 1 2.3-1.7L7.8 13.4" />,
  heart: <path d="M12 19.5S4 15 4 9.3A4.15 4.15 0 0 1 12 7.5a4.15 4.15 0 0 1 8 1.8c0 5.7-8 10.2-8 10.2z" />,
  key: <><circle cx="8" cy="15.5" r="3.75" /><path d="m10.7 12.8 8.3-8.3M15.5 8l3 3" /></>,
  leave: <path d="M10 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h4M15 8l4 4-4 4M19 12H9.5" />,
  link: <path d="M10.3 13.7a3.9 3.9 0 0 0 5.5 0l3-3a3.9 3.9 0 0 0-5.5-5.5l-1 1M13.7 10.3a3.9 3.9 0 0 0-5.5 0l-3 3a3.9 3.9 0 0 0 5.5 5.5l1-1" />,
  lock: <><rect x="5" y="10.5" width="14" height="9.5" rx="2" /><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5" /></>,
  mail: <><rect x="3.5" y="5.5" width="17" height="13" rx="2" /><path d="m4 7.5 8 5.5 8-5.5" /></>,
  mic: <><rect x="9" y="3.5" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" /></>,
  more: <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.75" />,
  pin: <path d="M9 4h6l-.7 6 3.2 3.5h-11L9.7 10zM12 13.5V20.5" />,
  plus: <path d="M12 5v14M5 12h14" />,
  poll: <path d="M5.5 20v-8M12 20V4M18.5 20v-5.5" />,
  question: <><circle cx="12" cy="12" r="8.5" /><path d="M9.6 9.5a2.45 2.45 0 0 1 4.9.5c0 1.8-2.5 2-2.5 3.7M12 16.7v.05" /></>,
  reply: <path d="M9.5 6.5 4.5 11.5l5 5M5 11.5h9a6 6 0 0 1 6 6v1" />,
  search: <><circle cx="11" cy="11" r="6.5" /><path d="m16 16 4.5 4.5" /></>,
  send: <path d="M4 11.8 20 4.5l-5 15.5-3.4-6.6zM11.6 13.4 20 4.5" />,
  shield: <path d="M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6z" />,
  up: <path d="m6.5 14.5 5.5-5.5 5.5 5.5" />,
} satisfies Record<string, JSX.Element>;

export type MoreDrawings = typeof drawings;

addDrawings(drawings);
