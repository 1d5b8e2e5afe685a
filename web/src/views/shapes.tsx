// What stands where nothing is: not yet, or not at all.

import type { ComponentChildren } from "preact";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";

/** Shapes of what is coming; only after a while, or they would flicker. */
export function Bones({ label }: { label: string }) {
  return (
    <div class="bones stack-s" role="img" aria-label={label}>
      <span class="bone bone-round" /><span class="bone" /><span class="bone bone-half" />
      <span class="bone bone-round" /><span class="bone" />
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p><b>{title}</b></p>
      {children}
    </div>
  );
}
