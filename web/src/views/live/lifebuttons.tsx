// Begin, pause, go on: what those who run the room press.

import { useComputed } from "@preact/signals";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { goLive, resume, stopCountdown } from "../../live/life.ts";
import type { RoomSession } from "../../session.ts";
import { Icon } from "../icons.tsx";
import { part } from "../lazy.tsx";

const PauseDialog = part("order", async () => (await import("./pausedialog.tsx")).PauseDialog);

export function LifeButtons({ session }: { session: RoomSession }) {
  const early = useComputed(() => session.state.value.phase === "backstage").value;
  const paused = useComputed(() => heldBy(session).life.paused !== undefined).value;
  const going = useComputed(() => session.state.value.liveAt !== undefined).value;
  const [asking, setAsking] = useState(false);
  const act = (run: typeof goLive) => () => void run(session);
  return (
    <>
      {going && <button type="button" class="btn btn-main" onClick={act(stopCountdown)}><Icon name="x" />{t("live.stop")}</button>}
      {!going && (early || paused) && <button type="button" class="btn btn-main" onClick={act(goLive)}><Icon name="clock" />{t(early ? "live.begin" : "live.resume")}</button>}
      {paused && <button type="button" class="btn" onClick={act(resume)}><Icon name="send" />{t("live.resume.now")}</button>}
      {!early && !paused && <button type="button" class="btn" onClick={() => setAsking(true)}><Icon name="clock" />{t("pause.open")}</button>}
      {asking && <PauseDialog session={session} close={() => setAsking(false)} />}
    </>
  );
}
