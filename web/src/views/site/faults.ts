// What is wrong with a template, and where: the server says it in English, people read it in their language.

import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";

const known: readonly (readonly [RegExp, Key])[] = [
  [/^there is nothing$/, "fault.nothing"],
  [/^this is longer than (\d+) bytes$/, "fault.long"],
  [/^there is a control character$/, "fault.control"],
  [/^a subject is one line$/, "fault.line"],
  [/^this brace is not closed/, "fault.brace"],
  [/^(\{.*\}) is no token here; there are (.*)$/, "fault.token"],
  [/^(\{.*\}) is no condition here; there are (.*)$/, "fault.condition"],
  [/^(\{.*\}) cannot stand here$/, "fault.place"],
  [/^(\{.*\}) may stand here once$/, "fault.once"],
  [/^(\{end\}|\{else\}) has no /, "fault.alone"],
  [/^(\{link\}|\{code\}) is missing/, "fault.link"],
  [/^this is nested too deeply$/, "fault.deep"],
  [/^these are too many tokens$/, "fault.many"],
  [/^comments and the like/, "fault.comment"],
  [/^a link leads to/, "fault.href"],
  [/^(\S+) is not allowed at (<.*>)/, "fault.attribute"],
  [/^(<.*>) is not allowed$/, "fault.element"],
  [/^(<.*>) closes nothing$/, "fault.closes"],
  [/^(<.*>) stands where (<.*>) is due$/, "fault.order"],
  [/^(\{.*\}|<\/.*>) stands (?:within|behind) (<.*>|\{.*\}), which is not closed$/, "fault.across"],
  [/^(.*) is not closed$/, "fault.open"],
];

export interface Place {
  line: number;
  column: number;
}

const placed = /^line (\d+), column (\d+): (.*)$/s;

/** Where a fault is, for the cursor. */
export function placeOf(said: string): Place | undefined {
  const [, line, column] = placed.exec(said) ?? [];
  return line && column ? { line: Number(line), column: Number(column) } : undefined;
}

/** How many UTF-16 units stand before a place. */
export function offsetOf(text: string, { line, column }: Place): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
}

export function faultInWords(said: string): string {
  const place = placeOf(said);
  const says = placed.exec(said)?.[3] ?? said;
  for (const [pattern, key] of known) {
    const [whole, what = "", more = ""] = pattern.exec(says) ?? [];
    if (whole) return place ? t("fault.at", { ...place, says: t(key, { what, more }) }) : t(key, { what, more });
  }
  return said;
}
