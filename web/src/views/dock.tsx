// What I can do in the room, below the stage. Each feature brings its own buttons; without any there is no dock.

import { useComputed } from "@preact/signals";
import type { ComponentType } from "preact";
import { t } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";
import { may } from "../state.ts";
import { lazy, part } from "./lazy.tsx";

export interface DockProps {
  session: RoomSession;
  room: Room;
}

interface DockPart {
  name: string;
  has: (state: State) => boolean;
  View: ComponentType<DockProps>;
}

const parts: readonly DockPart[] = [
  { name: "moderation", has: (state) => may(state, "moderation.page"), View: part<DockProps>("order", async () => (await import("./live/moderationdock.tsx")).ModerationDock) },
  { name: "manager", has: (state) => state.you?.role === "manager", View: lazy<DockProps>(async () => (await import("./managerdock.tsx")).ManagerDock) },
  { name: "stage", has: (state) => may(state, "stage.leave") || state.you?.offer !== undefined || state.you?.until_at !== undefined, View: part<DockProps>("order", async () => (await import("./live/stagedock.tsx")).StageDock) },
  { name: "hand", has: (state) => may(state, "hand.raise") || may(state, "reaction.send"), View: part<DockProps>("questions", async () => (await import("./live/handbutton.tsx")).HandAndReactions) },
];

export function Dock({ session, room }: DockProps) {
  const names = useComputed(() => parts.filter(({ has }) => has(session.state.value)).map(({ name }) => name).join()).value.split(",");
  const mine = parts.filter(({ name }) => names.includes(name));
  if (mine.length === 0) return null;
  return (
    <section class="dock" aria-label={t("dock.label")} data-zone="dock">
      {mine.map(({ name, View }) => <View key={name} session={session} room={room} />)}
    </section>
  );
}
