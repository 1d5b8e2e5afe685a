// Mentioning people: what is asked for while somebody types, and where the chosen stand in the text.

import type { Mention } from "../protocol.ts";

const MOST = 10; // in a message

export interface Chosen {
  participant: string;
  name: string;
}

/** Those whom a kept draft means. */
export function chosenOf(kept: string): Chosen[] {
  try {
    return JSON.parse(kept || "[]") as Chosen[];
  } catch {
    return [];
  }
}

export interface Asked {
  /** Where the "@" stands. */
  from: number;
  query: string;
}

/** What stands between an "@" and the caret, if it may be the beginning of a name. */
export function askedAt(text: string, caret: number): Asked | undefined {
  const found = /(?:^|[\s([{"'„“])@([^@\n]{0,40})$/u.exec(text.slice(0, caret));
  return found ? { from: caret - (found[1]?.length ?? 0) - 1, query: found[1] ?? "" } : undefined;
}

const inName = /[\p{L}\p{N}\p{M}]/u;

/** Where those who were chosen stand in the text now. Of namesakes the one chosen first is the one named first. */
export function mentionsIn(text: string, chosen: readonly Chosen[]): Mention[] | undefined {
  const taken: { from: number; to: number; participant: string }[] = [];
  for (const { participant, name } of chosen.toSorted((a, b) => b.name.length - a.name.length)) {
    const words = `@${name}`;
    for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + 1)) {
      const to = from + words.length;
      if (taken.some((other) => from < other.to && other.from < to) || inName.test(text.slice(to, to + 1))) continue;
      taken.push({ from, to, participant });
      break;
    }
  }
  if (taken.length === 0) return undefined;
  const count = (from: number, to: number) => [...text.slice(from, to)].length;
  return taken.sort((a, b) => a.from - b.from).slice(0, MOST).map(({ from, to, participant }) => ({ participant, at: count(0, from), n: count(from, to) }));
}
