// A text in pieces: words, addresses that can be followed, and parts that mean somebody. It stays text: no piece is markup.

import type { Mention } from "./protocol.ts";

export type Piece = { text: string; href?: string; participant?: string };

const addresses = /\bhttps?:\/\/[^\s<>"'`]+/gu;

/** What ends a sentence is not of the address before it; nor is a bracket that was opened outside. */
function trimmed(address: string): string {
  const bare = address.replace(/[.,;:!?…»“”]+$/u, "");
  const last = bare.at(-1) ?? "";
  const open = { ")": "(", "]": "[", "}": "{" }[last];
  return open && bare.split(last).length > bare.split(open).length ? trimmed(bare.slice(0, -1)) : bare;
}

/** The address, if it leads to the web and nowhere else. */
function hrefOf(address: string): string | undefined {
  try {
    const url = new URL(address);
    return (url.protocol === "https:" || url.protocol === "http:") && !url.username && !url.password ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(addresses)) {
    const address = trimmed(found);
    const href = hrefOf(address);
    if (!href) continue;
    pieces.push({ text: text.slice(end, index) }, { text: address, href });
    end = index + address.length;
  }
  return [...pieces, { text: text.slice(end) }];
}

export function piecesOf(text: string, mentions: readonly Mention[] = []): Piece[] {
  const letters = mentions.length > 0 ? [...text] : [];
  const pieces: Piece[] = [];
  let end = 0;
  for (const { participant, at, n } of mentions) {
    if (at < end || at + n > letters.length) continue;
    pieces.push(...linked(letters.slice(end, at).join("")), { text: letters.slice(at, at + n).join(""), participant });
    end = at + n;
  }
  pieces.push(...linked(end > 0 ? letters.slice(end).join("") : text));
  return pieces.filter((piece) => piece.text);
}
