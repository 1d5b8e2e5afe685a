// The dock of those who moderate.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useState } from "preact/hooks";
import { plural, t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import type { DockProps } from "../dock.tsx";
import { Icon } from "../icons.tsx";
import { LifeButtons } from "./lifebuttons.tsx";
import { part } from "../lazy.tsx";

const AnnounceDialog = part("order", async () => (await import("./announcedialog.tsx")).AnnounceDialog);
const Controls = part("order", async () => (await import("./controls.tsx")).Controls);

export function ModerationDock({ session }: DockProps) {
  const [open, setOpen] = useState<"announce" | "controls">();
  const reports = useComputed(() => heldBy(session).watch?.reports.length ?? 0).value;
  const close = () => setOpen(undefined);
  return (
    <>
      <LifeButtons session={session} />
      <button type="button" class="btn" onClick={() => setOpen("announce")}><Icon name="horn" />{t("dock.announce")}</button>
      <button type="button" class="btn" onClick={() => setOpen("controls")}>
        <Icon name="shield" />{t("dock.controls")}
        {reports > 0 && <span class="tally">{reports}<span class="sr"> {plural("dock.reports", reports)}</span></span>}
      </button>
      {open === "announce" && <AnnounceDialog session={session} close={close} />}
      {open === "controls" && <Controls session={session} close={close} />}
    </>
  );
}
