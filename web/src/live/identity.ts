// Who might be taken for somebody else: viewers whose name looks like that of staff, and namesakes.

import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import type { Role } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";
import { heldBy } from "./features.ts";
import type { Listed } from "./listed.ts";
import { listed } from "./listed.ts";

/** Words by which somebody would pass for those who run the room. */
const offices = /moderat|admin|organi[sz]|support|staff|veranstalt|leitung|gastgeb|\bhost\b|\bteam\b/;

/** Letters of other scripts, and figures, that look like ours. */
const alike: Readonly<Record<string, string>> = {
  а: "a", в: "b", с: "c", е: "e", н: "h", і: "i", ј: "j", к: "k", м: "m", о: "o", р: "p", ѕ: "s", т: "t", у: "y", х: "x",
  α: "a", ο: "o", ρ: "p", ν: "v", ι: "i", κ: "k", τ: "t", υ: "u", 0: "o", 1: "l", 3: "e", 5: "s",
};

const skeletons = new Map<string, string>();

/** A name as a glance takes it in. */
export function skeletonOf(name: string): string {
  const known = skeletons.get(name);
  if (known !== undefined) return known;
  if (skeletons.size > 5_000) skeletons.clear();
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/./gu, (letter) => alike[letter] ?? letter);
  const skeleton = plain.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  skeletons.set(name, skeleton);
  return skeleton;
}

export interface Cues {
  /** Whether a viewer's name looks like that of staff. */
  posing(who: Listed & { role: Role }): boolean;
  /** The number of somebody among those of the same name, in the order of their coming to our eyes; undefined: there is no other. */
  number(who: Listed): number | undefined;
}

/** The cues among those on the stage, in the chat, and others whom this person sees somewhere else. */
export function cuesOf({ stage, chat }: Pick<State, "stage" | "chat">, others: readonly Listed[] = []): Cues {
  const staff = new Map(stage.map(({ participant, name }) => [skeletonOf(name), participant]));
  const same = new Map<string, string[]>();
  for (const { participant, name } of [...stage, ...chat.items, ...others]) {
    const known = same.get(skeletonOf(name)) ?? [];
    if (!known.includes(participant)) same.set(skeletonOf(name), [...known, participant]);
  }
  return {
    posing: ({ participant, name, role }) => {
      if (role !== "viewer") return false;
      const other = staff.get(skeletonOf(name));
      return (other !== undefined && other !== participant) || offices.test(skeletonOf(name));
    },
    number: ({ participant, name }) => {
      const all = same.get(skeletonOf(name)) ?? [];
      return all.length > 1 && all.includes(participant) ? all.indexOf(participant) + 1 : undefined;
    },
  };
}

const known = new WeakMap<RoomSession, ReadonlySignal<Cues>>();

/** The cues of a room, made anew when somebody comes to our eyes. */
export function cuesIn(session: RoomSession): Cues {
  const cues = known.get(session) ?? computed(() => cuesOf(session.state.value, alsoSeen(session)));
  known.set(session, cues);
  return cues.value;
}

/** Who asks, raises a hand, waits to be let in, or stands in a list. */
function alsoSeen(session: RoomSession): Listed[] {
  const { questions, hands, watch } = heldBy(session);
  const asking = (questions?.open ?? []).flatMap(({ participant, name }) => (participant ? { participant, name } : []));
  return [...asking, ...(hands?.queue ?? []), ...(watch?.waiting?.items ?? []), ...Object.values(listed.value).flat()];
}
