// The list of keys, behind "?".

import "./second.ts";
import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { prefer } from "../kept.ts";
import { Dialog } from "./dialog.tsx";
import { letterOf, lettersOn } from "./letters.ts";
import type { Panel } from "./panels.tsx";

export interface KeyHelpProps {
  panels: readonly Panel[];
  close: () => void;
}

export function KeyHelp({ panels, close }: KeyHelpProps) {
  const [on, setOn] = useState(lettersOn());
  const rows: [string, string][] = [
    ["F6", t("keys.zones")],
    ["← →", t("keys.tabs")],
    ["Enter", t("keys.send")],
    ["Shift Enter", t("keys.break")],
    ["Esc", t("keys.escape")],
    ...panels.map(({ name }): [string, string] => [letterOf(name), t(`keys.${name}`)]),
    ["H", t("keys.hand")],
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
