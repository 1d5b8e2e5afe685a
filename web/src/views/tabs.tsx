// The tabs of the panel: roving tabindex, chosen by arrow; at the bottom on a phone.

import { useComputed } from "@preact/signals";
import { plural, t } from "../i18n/index.ts";
import type { RoomSession } from "../session.ts";
import { Icon } from "./icons.tsx";
import type { TabName } from "./pane.ts";
import type { Panel } from "./panels.tsx";

interface Props {
  session: RoomSession;
  tabs: readonly Panel[];
  shown: TabName;
  show: (tab: TabName) => void;
}

export function Tabs({ session, tabs, shown, show }: Props) {
  const steer = (event: KeyboardEvent) => {
    const at = tabs.findIndex((panel) => panel.name === shown);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs.at(to % tabs.length)?.name ?? "chat";
    show(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("panel.label")} onKeyDown={steer}>
      {tabs.map((panel) => <Tab key={panel.name} session={session} panel={panel} selected={panel.name === shown} show={show} />)}
    </div>
  );
}

function Tab({ session, panel, selected, show }: { session: RoomSession; panel: Panel; selected: boolean; show: (tab: TabName) => void }) {
  const { name, icon } = panel;
  const staff = name === "backchannel";
  const tally = useComputed(() => panel.tally?.(session) ?? 0).value;
  const calls = useComputed(() => panel.calls?.(session) ?? 0).value;
  return (
    <button
      type="button"
      class="tab"
      role="tab"
      id={`tab-${name}`}
      aria-selected={selected}
      aria-controls={`pane-${name}`}
      tabIndex={selected ? 0 : -1}
      data-staff={staff || undefined}
      onClick={() => show(name)}
    >
      <Icon name={icon} />
      <span>{t(`tab.${name}`)}</span>
      {tally > 0 && !selected && (
        <span class={staff ? "tally tally-staff" : "tally"}>
          {calls > 0 && "@"}{tally > 99 ? "99+" : tally}<span class="sr"> {t(panel.tallyText ?? "tab.new")}{calls > 0 && `, ${plural("tab.mentions", calls)}`}</span>
        </span>
      )}
    </button>
  );
}
