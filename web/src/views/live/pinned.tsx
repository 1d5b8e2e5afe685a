// The pinned message, above the chat.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { pin } from "../../live/acts.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import { Icon } from "../icons.tsx";
import { Marks } from "../roles.tsx";
import { Words } from "../words.tsx";

export function Pinned({ session }: { session: RoomSession }) {
  const pinned = useComputed(() => heldBy(session).order.pin).value;
  const mine = useComputed(() => may(session.state.value, "pin.set")).value;
  if (!pinned) return null;
  return (
    <section class="pinned" aria-label={t("pinned.label")}>
      <Icon name="pin" />
      <div>
        <p class="line"><b>{pinned.name}</b><Marks {...pinned} /></p>
        <p class="text"><Words {...pinned} /></p>
        {pinned.by.name && <p class="small soft">{t("pinned.by", { name: pinned.by.name })}</p>}
      </div>
      {mine && <button type="button" class="btn btn-quiet btn-icon btn-small" aria-label={t("pinned.clear")} onClick={() => void pin(session)}><Icon name="x" /></button>}
    </section>
  );
}
