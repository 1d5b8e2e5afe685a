// The panels of the live room, in the order of their tabs. Who has the right has the panel: a promotion brings it
// in place, a demotion takes it away. A panel of a feature comes as a part of its own.

import type { ComponentType } from "preact";
import type { Key } from "../i18n/index.ts";
import { peopleTally, pollTally, questionTally } from "../live/tallies.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";
import { isStaff, may } from "../state.ts";
import type { IconName } from "./icons.tsx";
import type { Lazy } from "./lazy.tsx";
import { lazy, part } from "./lazy.tsx";
import type { PaneProps, TabName } from "./pane.ts";
import { ThreadPane } from "./thread.tsx";

export interface Panel {
  name: TabName;
  icon: IconName;
  has(state: State): boolean;
  View: ComponentType<PaneProps> | Lazy<PaneProps>;
  /** Where its letter takes the focus. */
  focus: string;
  /** What its tab counts; the text behind the number is for screen readers. */
  tally?(session: RoomSession): number;
  tallyText?: Key;
  /** How many of that mention this person. */
  calls?(session: RoomSession): number;
  /** Staff with a wide window have it under the tabs, or on the desk under the stage. */
  docks?: PaneProps["docked"];
}

export const panels: readonly Panel[] = [
  {
    name: "chat",
    icon: "chat",
    has: () => true,
    View: (props) => <ThreadPane channel="chat" {...props} />,
    focus: "chat-text",
    tally: (session) => session.unreadIn.chat.value,
    calls: (session) => session.mentionsIn.chat.value,
  },
  {
    name: "questions",
    icon: "question",
    has: (state) => may(state, "question.page"),
    View: part("questions", async () => (await import("./live/questions.tsx")).QuestionsPane),
    focus: "question-text",
    tally: questionTally,
    docks: "desk",
  },
  {
    name: "polls",
    icon: "poll",
    has: (state) => may(state, "interaction.page"),
    View: part("polls", async () => (await import("./live/polls.tsx")).PollsPane),
    focus: "pane-polls",
    tally: pollTally,
    docks: "desk",
  },
  {
    name: "people",
    icon: "people",
    has: () => true,
    View: lazy(async () => (await import("./people.tsx")).PeoplePane),
    focus: "pane-people",
    tally: peopleTally,
    tallyText: "tab.hands",
  },
  {
    name: "backchannel",
    icon: "curtain",
    has: isStaff,
    View: (props) => <ThreadPane channel="backchannel" {...props} />,
    focus: "backchannel-text",
    tally: (session) => session.unreadIn.backchannel.value,
    calls: (session) => session.mentionsIn.backchannel.value,
    docks: "panel",
  },
];

/** Fetches a panel's part before it is wanted. */
export function preload({ View }: Panel): void {
  if ("preload" in View) View.preload();
}
