// What a manager can do from inside the room, in the dock.

import "./second.ts";
import { t } from "../i18n/index.ts";
import { report } from "../notices.ts";
import type { DockProps } from "./dock.tsx";
import { Icon } from "./icons.tsx";
import { useInviteWindow } from "./invitewindow.tsx";
import { useMayInvite } from "./mayinvite.ts";
import { MenuButton } from "./menu.tsx";

export function ManagerDock({ session, room }: DockProps) {
  const invite = useInviteWindow(room);
  const may = useMayInvite(session.room, true);
  const copy = async () => {
    await navigator.clipboard.writeText(new URL(`/r/${session.room}`, location.href).href);
    report(t("dock.copied"));
  };
  return (
    <>
      {may && <button type="button" class="btn" aria-busy={invite.busy} onClick={invite.open}><Icon name="plus" />{t("dock.invite")}</button>}
      <a class="btn" href={`/rooms/${session.room}`} target="_blank" rel="noopener"><Icon name="key" />{t("room.manage")}<span class="sr"> {t("new.tab")}</span></a>
      <MenuButton
        class="btn btn-icon"
        label={t("dock.more")}
        groups={() => [{ items: [...(may ? [{ label: t("dock.invite"), icon: "plus" as const, run: invite.open }] : []), { label: t("dock.copy"), icon: "copy", run: () => void copy() }] }]}
      />
      {invite.part}
    </>
  );
}
