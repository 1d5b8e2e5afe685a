// The line to the server, when it is not well: lies on the edge of the stage, says what happens next.

import { online, seconds, world } from "../browser.ts";
import { t } from "../i18n/index.ts";
import type { RoomSession } from "../session.ts";
import { lostFor } from "../session.ts";
import { Icon } from "./icons.tsx";

const SHOWN_AFTER = 2_000;

/** Whether the break is long enough to be told. */
export function isAway(session: RoomSession): boolean {
  seconds.value;
  return lostFor(session.link.value) > SHOWN_AFTER;
}

export function LinkState({ session }: { session: RoomSession }) {
  const link = session.link.value;
  const { store, staff } = session.state.value.degraded;
  if (store && link.state === "online") return <Bar title={t("link.degraded")} text={staff ? t("link.withheld") : undefined} />;
  if (link.state === "waiting" && link.drain) return <Bar title={t("link.drain")} />;
  if (!isAway(session)) return null;
  if (!online.value) return <Bar title={t("link.offline")} text={t("link.offline.text")} />;
  const left = link.state === "waiting" ? Math.max(1, Math.ceil((link.retryAt - world.now()) / 1000)) : 0;
  const text = left ? t("link.next", { seconds: left }) : t("link.trying");
  return <Bar title={t("link.lost")} text={text} retry={() => session.retryNow()} />;
}

function Bar({ title, text, retry }: { title: string; text?: string; retry?: () => void }) {
  return (
    <div class="link-state">
      <Icon name="offline" />
      <p><b>{title}</b> {text && <span class="num">{text}</span>}</p>
      {retry ? <button type="button" class="btn btn-small" onClick={retry}>{t("link.retry")}</button> : <span />}
    </div>
  );
}
