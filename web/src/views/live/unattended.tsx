// Nobody who runs the room is here: everybody reads what happens, and when.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { fateOf } from "../../live/life.ts";
import type { RoomSession } from "../../session.ts";
import { Icon } from "../icons.tsx";

export function UnattendedNote({ session }: { session: RoomSession }) {
  const fate = useComputed(() => heldBy(session).life.unattended).value;
  const locked = useComputed(() => heldBy(session).order.settings.locked).value;
  if (!fate) return null;
  return (
    <div class="announcements">
      <div class="notice" data-kind="warn" role="group" aria-label={t("unattended.title")}>
        <Icon name="alert" />
        <div><p><b>{t("unattended.title")}</b></p><p class="small">{fate.then === "lock" && locked ? t("unattended.locked") : fateOf(fate)}</p></div>
        <span />
      </div>
    </div>
  );
}
