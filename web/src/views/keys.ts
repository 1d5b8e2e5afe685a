// F6 walks the regions of the room; letters open its panels; the list of both is behind "?".

import { useEffect } from "preact/hooks";
import type { Command } from "./letters.ts";
import { commandOf } from "./letters.ts";

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
