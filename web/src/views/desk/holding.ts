// Rows that hold still while somebody points at them.

import type { Invitation } from "./calls.ts";

/** The rows as they stand, with what is known of them by now. */
export function held(shown: Invitation[], known: Invitation[]): Invitation[] {
  const by = new Map(known.map((one) => [one.id, one]));
  return shown.map((one) => by.get(one.id) ?? one);
}

/** How many rows of a page are not among those shown. */
export function freshIn(shown: Invitation[], page: Invitation[]): number {
  const ids = new Set(shown.map((one) => one.id));
  return page.filter((one) => !ids.has(one.id)).length;
}

export const sameOrder = (a: Invitation[], b: Invitation[]) => a.length === b.length && a.every((one, i) => one.id === b[i]?.id);
