// How long a role that was given for a time still lasts: a quiet clock, spoken a minute before the end only.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../../announce.ts";
import { seconds } from "../../browser.ts";
import { stopwatch } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import type { RoomSession } from "../../session.ts";
import { Icon } from "../icons.tsx";

const LAST_CALL = 60_000;

/** What is left, by the server's clock. */
function useLeft(session: RoomSession, until?: number): number | undefined {
  seconds.value;
  const now = session.clock.now();
  return until === undefined || now === undefined ? undefined : Math.max(0, until - now);
}

export function TimeLeft({ session, until }: { session: RoomSession; until: number }) {
  const left = useLeft(session, until);
  if (left === undefined) return null;
  return <span class="badge num" title={t("role.until")}><Icon name="clock" /><span class="sr">{t("role.until")} </span>{stopwatch(left)}</span>;
}

/** It may be less than a minute by now: where the tab slept, or where the end was moved. */
const lastCall = (left: number) => (left > LAST_CALL - 5_000 ? t("role.minute") : plural("role.seconds", Math.ceil(left / 1_000)));

/** One's own time. */
export function OwnTime({ session }: { session: RoomSession }) {
  const until = useComputed(() => session.state.value.you?.until_at).value;
  const left = useLeft(session, until);
  const before = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (left !== undefined && before.current !== undefined && before.current > LAST_CALL && left <= LAST_CALL) say(lastCall(left));
    before.current = left;
  }, [left]);
  return until === undefined ? null : <TimeLeft session={session} until={until} />;
}
