// Who might be taken for somebody else: viewers whose name looks like that of staff, and namesakes.

import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import type { Role } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { State } from "../state.ts";

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

interface Named {
  participant: string;
  name: string;
  role: Role;
}

export interface Cues {
  /** Whether a viewer's name looks like that of staff. */
  posing(who: Named): boolean;
  /** The number of somebody among those of the same name, in the order of their coming to our eyes; undefined: there is no other. */
  number(who: Named): number | undefined;
}

export function cuesOf({ stage, chat }: Pick<State, "stage" | "chat">): Cues {
  const staff = new Map(stage.map(({ participant, name }) => [skeletonOf(name), participant]));
  const same = new Map<string, string[]>();
  for (const { participant, name } of [...stage, ...chat.items]) {
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

/** The cues of a room, made anew when its stage or chat changes. */
export function cuesIn(session: RoomSession): Cues {
  const cues = known.get(session) ?? computed(() => cuesOf(session.state.value));
  known.set(session, cues);
  return cues.value;
}
