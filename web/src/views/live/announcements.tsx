// What staff tell everybody: it stands until its time is over, it is taken back, or one has closed it.

import "../second.ts";
import { signal, useComputed } from "@preact/signals";
import { seconds } from "../../browser.ts";
import { t } from "../../i18n/index.ts";
import type { Announcement } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import { Icon } from "../icons.tsx";

const closed = signal<readonly string[]>([]);

export function Announcements({ session }: { session: RoomSession }) {
  const all = useComputed(() => session.state.value.announcements).value;
  const staff = useComputed(() => may(session.state.value, "announcement.post")).value;
  seconds.value; // some are over by and by
  const now = session.clock.now();
  const shown = all.filter(({ id, expires_at }) => !closed.value.includes(id) && !(expires_at && now && expires_at <= now));
  if (shown.length === 0) return null;
  return (
    <div class="announcements">
      {shown.toReversed().map((one) => <Card key={one.id} session={session} one={one} staff={staff} />)}
    </div>
  );
}

function Card({ session, one, staff }: { session: RoomSession; one: Announcement; staff: boolean }) {
  const close = () => {
    closed.value = [...closed.value, one.id];
  };
  return (
    <div class="notice" data-kind="info" role="group" aria-label={t("announced.by", { name: one.name })}>
      <Icon name="horn" />
      <div>
        <p class="text">{one.text}</p>
        <p class="small soft">{t("announced.by", { name: one.name })}{one.to !== "everybody" && ` · ${t(`announced.to.${one.to}`)}`}</p>
        {staff && <p><button type="button" class="btn btn-small" onClick={() => void session.attempt("announcement.withdraw", { id: one.id })}>{t("announced.withdraw")}</button></p>}
      </div>
      <button type="button" class="btn btn-quiet btn-icon btn-small" aria-label={t("announced.close")} onClick={close}><Icon name="x" /></button>
    </div>
  );
}
