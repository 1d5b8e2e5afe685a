// Whom the beginning of a name may mean.

import type { Role, Who } from "../protocol.ts";

const ranks: Role[] = ["manager", "moderator", "speaker", "viewer"];

/** Those whose name, or a word of it, begins so: staff first, each once. */
export function candidates(people: readonly Who[], query: string, me: string | undefined, most = 6): Who[] {
  const wanted = query.toLowerCase();
  const known = new Map<string, Who>();
  for (const who of people) {
    const name = who.name.toLowerCase();
    if (who.participant !== me && (name.startsWith(wanted) || name.split(" ").some((word) => word.startsWith(wanted)))) known.set(who.participant, who);
  }
  return [...known.values()].sort((a, b) => ranks.indexOf(a.role) - ranks.indexOf(b.role) || a.name.localeCompare(b.name)).slice(0, most);
}
