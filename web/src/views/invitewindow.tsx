// The Invite users window, in the room and on its managers' page. It comes as a part of its own, when it is wanted.

import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { t, usePart } from "../i18n/index.ts";
import { report } from "../notices.ts";

export interface InviteRoom {
  id: string;
  title: string;
  starts_at: number;
  ends_at?: number;
}

interface InviteProps {
  room: InviteRoom;
  close: () => void;
}

/** `open` shows the window, `busy` while it is on its way; `part` belongs into the page. */
export function useInviteWindow(room?: InviteRoom, closed?: () => void) {
  const [dialog, setDialog] = useState<{ View: ComponentType<InviteProps> }>();
  const [busy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    try {
      const [views] = await Promise.all([import("./desk/invite.tsx"), usePart("desk")]);
      setDialog({ View: views.InviteDialog });
    } catch {
      report(t("failed.unavailable"), "bad");
    }
    setBusy(false);
  };
  const close = () => {
    setDialog(undefined);
    closed?.();
  };
  const part = dialog && room && <dialog.View room={room} close={close} />;
  return { open, busy, part };
}
