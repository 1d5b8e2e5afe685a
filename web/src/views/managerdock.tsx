// What a manager can do from inside the room. The dialog comes with the managers' part, when it is wanted.

import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { t, usePart } from "../i18n/index.ts";
import { report } from "../notices.ts";
import type { Room } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { Icon } from "./icons.tsx";

interface InviteProps {
  room: { id: string; title: string; starts_at: number; ends_at?: number };
  close: () => void;
}

export function ManagerDock({ session, room }: { session: RoomSession; room: Room }) {
  const [dialog, setDialog] = useState<{ view: ComponentType<InviteProps> }>();
  const [busy, setBusy] = useState(false);
  const invite = async () => {
    setBusy(true);
    try {
      const [view] = await Promise.all([import("./desk/invite.tsx"), usePart("desk")]);
      setDialog({ view: view.InviteDialog });
    } catch {
      report(t("failed.unavailable"), "bad");
    }
    setBusy(false);
  };
  return (
    <section class="dock" aria-label={t("dock.label")} data-zone="dock">
      <button type="button" class="btn" aria-busy={busy} onClick={invite}><Icon name="plus" />{t("dock.invite")}</button>
      <a class="btn" href={`/rooms/${session.room}`} target="_blank" rel="noopener"><Icon name="key" />{t("room.manage")}<span class="sr"> {t("new.tab")}</span></a>
      {dialog && <dialog.view room={room} close={() => setDialog(undefined)} />}
    </section>
  );
}
