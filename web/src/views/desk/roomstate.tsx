// How a room stands, in words and shape: for the list and for its page.

import { serverNow } from "../../api.ts";
import type { RoomRecord } from "../../api.ts";
import { seconds } from "../../browser.ts";
import { countdown } from "../../clock.ts";
import { unit } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Status } from "../parts.tsx";

const SOON = 12 * 3_600_000;

/** A time to the minute: "12 min", "1 h 30 min". */
const about = (ms: number) => {
  const parts = countdown(Math.max(1, Math.ceil(ms / 60_000)) * 60_000);
  return parts.filter((part) => part.value > 0).map(unit).join(" ");
};

export function RoomStatus({ room }: { room: RoomRecord }) {
  seconds.value;
  const now = serverNow();
  if (room.state === "open") return <Status state="live">{t("room.live", { time: about(now - Date.parse(room.opened_at ?? room.starts_at)) })}</Status>;
  if (room.state === "closed") return <Status state="over">{t("room.over")}</Status>;
  if (room.state === "deleted") return <Status state="revoked">{t("room.deleted")}</Status>;
  const left = Date.parse(room.starts_at) - now;
  if (left > SOON) return <Status state="issued">{t("room.scheduled")}</Status>;
  return <Status state="waiting">{left > 0 ? t("room.opens", { time: about(left) }) : t("room.opening")}</Status>;
}
