// How long, in words.

import { number } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";

const MINUTE = 60_000;

/** "< 1 min", "12 min", "1 h 5 min". */
export function lasted(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  if (ms === 0) return "–";
  if (minutes < 1) return t("report.moment");
  if (minutes < 60) return t("report.minutes", { minutes });
  return t("report.hours", { hours: number(Math.floor(minutes / 60)), minutes: minutes % 60 });
}
