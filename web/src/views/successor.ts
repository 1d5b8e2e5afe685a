// Rows that go take the focus with them: it moves on to who came in their place.

import type { Ref } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * For a row of a list that leaves while focus is in it: focus goes to the button of the row with the same name, if
 * that stands elsewhere by then (`data-row={name}`), else to that of a row near it, else to the list or its heading.
 */
export function useSuccessor<Row extends HTMLElement>(name: string): Ref<Row> {
  const row = useRef<Row>(null);
  useLayoutEffect(() => () => { // not useEffect: that cleans up when the row is gone
    const gone = row.current;
    if (!gone?.contains(document.activeElement)) return;
    const heirs = [...following(gone, "nextElementSibling"), ...following(gone, "previousElementSibling")];
    const list = gone.closest<HTMLElement>("[tabindex], section");
    requestAnimationFrame(() => {
      if (document.activeElement && document.activeElement !== document.body) return;
      const moved = document.querySelector(`[data-row="${CSS.escape(name)}"]`);
      const heir = [moved, ...heirs].map(buttonIn).find((button) => button !== null);
      (heir ?? (list?.matches("[tabindex]") ? list : list?.querySelector<HTMLElement>("[tabindex]")))?.focus();
    });
  }, []);
  return row;
}

function following(row: Element, way: "nextElementSibling" | "previousElementSibling"): Element[] {
  const next = row[way];
  return next ? [next, ...following(next, way)] : [];
}

const buttonIn = (row: Element | null) => (row?.isConnected ? row.querySelector<HTMLElement>("button") : null);
