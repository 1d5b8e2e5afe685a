// Keeping a page of the managers' part up to date while somebody looks at it.

import { useEffect, useRef } from "preact/hooks";
import { onWake, seconds } from "../../browser.ts";

/** Calls every so many milliseconds while the page is visible, and when it wakes up. */
export function useEvery(ms: number, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  const tick = seconds.value;
  useEffect(() => {
    if (tick % Math.round(ms / 1000) === 0) latest.current();
  }, [tick]);
  useEffect(() => onWake(() => latest.current()), []);
}
