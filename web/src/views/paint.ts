// The site's own colours on the pages of rooms: custom properties, set through the CSSOM as the policy wants it.

import { effect } from "@preact/signals";
import { brand } from "../brand.ts";

let painted: string[] = [];

effect(() => {
  const { theme = {} } = brand.value;
  const { style } = document.documentElement;
  for (const name of painted) style.removeProperty(`--${name}`);
  painted = Object.keys(theme);
  for (const [name, colour] of Object.entries(theme)) style.setProperty(`--${name}`, colour);
});
