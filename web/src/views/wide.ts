// Whether the backchannel has a place of its own beside the conversation (DESIGN, section 3).

import { signal } from "@preact/signals";

const query = matchMedia("(width >= 73rem) and (height >= 40rem)");
const wide = signal(query.matches);
query.addEventListener("change", () => {
  wide.value = query.matches;
});

export const useWide = () => wide.value;
