// The tabs of the panel: roving tabindex, chosen by arrow; at the bottom on a phone.

import { useComputed } from "@preact/signals";
import { t } from "../i18n/index.ts";
import type { Channel } from "../outbox.ts";
import type { RoomSession } from "../session.ts";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";

export type TabName = Channel | "people";

interface Props {
  session: RoomSession;
  staff: boolean;
  shown: TabName;
  show: (tab: TabName) => void;
}

export function Tabs({ session, staff, shown, show }: Props) {
  const names: TabName[] = staff ? ["chat", "people", "backchannel"] : ["chat", "people"];
  const steer = (event: KeyboardEvent) => {
    const at = names.indexOf(shown);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = names.at(to % names.length) ?? "chat";
    show(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("panel.label")} onKeyDown={steer}>
      {names.map((name) => <Tab key={name} session={session} name={name} selected={name === shown} show={show} />)}
    </div>
  );
}

const icons: Record<TabName, IconName> = { chat: "chat", people: "people", backchannel: "curtain" };

function Tab({ session, name, selected, show }: { session: RoomSession; name: TabName; selected: boolean; show: (tab: TabName) => void }) {
  const unread = useComputed(() => (name === "people" ? 0 : session.unreadIn[name].value)).value;
  return (
    <button
      type="button"
      class="tab"
      role="tab"
      id={`tab-${name}`}
      aria-selected={selected}
      aria-controls={`pane-${name}`}
      tabIndex={selected ? 0 : -1}
      data-staff={name === "backchannel" || undefined}
      onClick={() => show(name)}
    >
      <Icon name={icons[name]} />
      <span>{t(`tab.${name}`)}</span>
      {unread > 0 && !selected && (
        <span class={name === "backchannel" ? "tally tally-staff" : "tally"}>
          {unread > 99 ? "99+" : unread}<span class="sr"> {t("tab.new")}</span>
        </span>
      )}
    </button>
  );
}
