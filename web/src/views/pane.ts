// A pane of the live room: the content of a tab, or one with a place of its own.

import type { RoomSession } from "../session.ts";

export type TabName = "chat" | "questions" | "polls" | "people" | "backchannel";

export interface PaneProps {
  session: RoomSession;
  shown: boolean;
  /** It has a place of its own: under the tabs, or on the desk under the stage (DESIGN, section 3). */
  docked?: "panel" | "desk";
}

/** The attributes of a pane's element. With a place of its own it is named by its heading, `NAME-title`. */
export function paneOf({ shown, docked }: PaneProps, name: TabName) {
  const role = docked ? ("region" as const) : ("tabpanel" as const);
  return {
    id: `pane-${name}`,
    hidden: !shown,
    class: docked === "desk" ? "pane on-desk" : "pane",
    role,
    "aria-labelledby": docked ? `${name}-title` : `tab-${name}`,
  };
}
