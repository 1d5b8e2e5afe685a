// Single letters outside fields; they can be switched off.

import { preference } from "../kept.ts";
import type { TabName } from "./pane.ts";

export type Command = TabName | "hand" | "help";

const letters: Record<string, Command> = { h: "hand", c: "chat", q: "questions", o: "polls", p: "people", b: "backchannel", "?": "help" };

export const lettersOn = () => preference("letters") !== "off";

/** The key of a command, as the list of keys shows it. */
export function letterOf(command: Command): string {
  return Object.keys(letters).find((letter) => letters[letter] === command)?.toUpperCase() ?? "";
}

/** The command of a key, unless somebody is typing or holds a modifier. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (!lettersOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
  const target = event.target as HTMLElement;
  if (target.matches("input, textarea, select, [role=menu] *, dialog *")) return undefined;
  return letters[event.key.toLowerCase()];
}
