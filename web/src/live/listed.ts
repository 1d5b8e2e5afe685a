// Whom the panels have asked for by pages: those who see them tell namesakes apart by number.

import { signal } from "@preact/signals";

export interface Listed {
  participant: string;
  name: string;
}

export const listed = signal<Readonly<Record<string, readonly Listed[]>>>({});

/** A panel lists these people now. */
export function lists(panel: string, people: readonly Listed[]): void {
  listed.value = { ...listed.peek(), [panel]: people };
}
