// F6 walks the regions of the room; letters open its panes; the list of both is behind "?".

import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { prefer } from "../kept.ts";
import { Dialog } from "./dialog.tsx";
import type { Command } from "./letters.ts";
import { commandOf, lettersOn } from "./letters.ts";

const ZONES = ["stage", "dock", "panel", "notice"];

export function useKeys(obey: (command: Command) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "F6") return walk(event);
      const command = commandOf(event);
      if (!command) return;
      event.preventDefault();
      obey(command);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}

function walk(event: KeyboardEvent): void {
  const zones = ZONES.map((name) => document.querySelector<HTMLElement>(`[data-zone=${name}]`)).filter((zone) => zone !== null);
  const at = zones.findLastIndex((zone) => zone.contains(document.activeElement));
  const next = zones.at(event.shiftKey ? (at < 0 ? -1 : at - 1) : (at + 1) % zones.length);
  if (!next) return;
  event.preventDefault();
  const inside = next.querySelector<HTMLElement>("button:not([tabindex='-1']), a[href], textarea, input, [tabindex='0']");
  (inside ?? next).focus();
}

export function KeyHelp({ staff, close }: { staff: boolean; close: () => void }) {
  const [on, setOn] = useState(lettersOn());
  const rows: [string, string][] = [
    ["F6", t("keys.zones")],
    ["← →", t("keys.tabs")],
    ["Enter", t("keys.send")],
    ["Shift Enter", t("keys.break")],
    ["Esc", t("keys.escape")],
    ["C", t("keys.chat")],
    ["P", t("keys.people")],
    ...(staff ? [["B", t("keys.backchannel")] as [string, string]] : []),
    ["?", t("keys.help")],
  ];
  const toggle = () => {
    prefer("letters", on ? "off" : "");
    setOn(!on);
  };
  return (
    <Dialog title={t("keys.title")} close={close} foot={<button type="button" class="btn btn-main" onClick={close}>{t("dialog.done")}</button>}>
      <div class="dialog-body stack">
        <dl class="facts keys">
          {rows.map(([key, text]) => <><dt><kbd>{key}</kbd></dt><dd>{text}</dd></>)}
        </dl>
        <label class="check"><input type="checkbox" checked={on} onChange={toggle} /><span>{t("keys.letters")}</span></label>
      </div>
    </Dialog>
  );
}
