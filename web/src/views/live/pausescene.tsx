// The stage while the room is paused: calm, with what staff have said about it, and when it goes on.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { seconds } from "../../browser.ts";
import { t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import type { RoomSession } from "../../session.ts";
import { Door } from "../stage.tsx";

export function PauseScene({ session }: { session: RoomSession }) {
  const message = useComputed(() => heldBy(session).life.paused?.message).value;
  const left = useComputed(() => {
    seconds.value;
    return session.state.value.liveAt === undefined ? undefined : Math.max(0, Math.ceil((session.timeLeft() ?? 0) / 1_000));
  }).value;
  return (
    <div class="calm-scene">
      <Door opening="half" />
      <div class="stack-s">
        <h2 class="poster-title">{t("paused.title")}</h2>
        {message && <p class="lead text">{message}</p>}
        {left === undefined ? <p class="soft calm-text">{t("paused.text")}</p> : <p class="lead num" role="timer">{t("paused.left", { seconds: left })}</p>}
      </div>
    </div>
  );
}
