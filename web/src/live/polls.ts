// Interactions (polls, quizzes, word clouds …): what is asked, how it stands, what I have answered.

import { say } from "../announce.ts";
import { plural, t } from "../i18n/index.ts";
import type { Event, Interaction, MyAnswer, ServerMessage, Signal, Tally } from "../protocol.ts";
import type { State } from "../state.ts";
import { isStaff, may, snapshotOf } from "../state.ts";
import type { Feature } from "./feature.ts";
import type { Teller } from "./features.ts";
import { join } from "./features.ts";

export interface Polls {
  /** By time of their drafts, oldest first. */
  items: readonly Interaction[];
  /** The server has older ones. */
  more: boolean;
  mine: Readonly<Record<string, MyAnswer>>;
  tallies: Readonly<Record<string, Tally>>;
}

export const noPolls: Polls = { items: [], more: false, mine: {}, tallies: {} };

export const polls: Feature<Polls> = {
  initial: noPolls,
  reduce(held, message: ServerMessage, after: State) {
    const snapshot = snapshotOf(message);
    if (snapshot) {
      const { items = [], more = false } = snapshot.interactions ?? {};
      return { items, more, mine: mineOf(after), tallies: leaves(message, after) ? {} : held.tallies };
    }
    if ("re" in message) return message.ok && "epoch" in message.ok ? { ...held, mine: mineOf(after) } : held;
    if ("signal" in message) return onSignal(held, message);
    return "event" in message ? onEvent(held, message) : held;
  },
};

/** Who leaves the staff forgets how things stand; what everybody sees of it is told again at once. */
const leaves = (message: ServerMessage, after: State) => "re" in message || "event" in message && message.event === "me.role" && !isStaff(after);

const mineOf = ({ you }: State) => Object.fromEntries((you?.answers ?? []).map((mine) => [mine.id, mine]));

function onSignal(held: Polls, message: Signal): Polls {
  switch (message.signal) {
    case "interaction.tally":
      return { ...held, tallies: Object.fromEntries(message.data.items.map((tally) => [tally.id, tally])) };
    case "interaction.mine":
      return { ...held, mine: { ...held.mine, [message.data.id]: message.data } };
    default:
      return held;
  }
}

function onEvent(held: Polls, message: Event): Polls {
  switch (message.event) {
    case "interaction.created":
    case "interaction.revised":
    case "interaction.launched": {
      const { participant, name, role, right, guest, ...item } = message.data;
      return { ...held, items: put(held.items, item) };
    }
    case "interaction.removed":
      return { ...held, items: held.items.filter(({ id }) => id !== message.data.id) };
    case "interaction.closing":
      return changed(held, message.data.id, { state: "closing" });
    case "interaction.closed": {
      const { id, results, outcome } = message.data;
      return changed(held, id, { state: "closed", closed_at: message.at, results, outcome });
    }
    case "interaction.shared":
      return changed(held, message.data.id, { results: message.data.results, outcome: message.data.outcome });
    case "interaction.shown":
      return changed(held, message.data.id, { shown: message.data.text || undefined });
    case "content.forgotten":
      return noPolls;
    default:
      return held;
  }
}

/** The place of a draft in the log, by which ids are in order. */
const placeOf = (id: string) => parseInt(id.slice(1), 36);

function put(items: readonly Interaction[], item: Interaction): readonly Interaction[] {
  return [...items.filter(({ id }) => id !== item.id), item].sort((a, b) => placeOf(a.id) - placeOf(b.id));
}

function changed(held: Polls, id: string, change: Partial<Interaction>): Polls {
  return { ...held, items: held.items.map((item) => (item.id === id ? { ...item, ...change } : item)) };
}

export const isRunning = ({ state }: Interaction) => state === "running" || state === "closing";

/** What a screen reader hears. */
const pollTeller: Teller = (_, after, message, state) => {
  if (!("event" in message)) return;
  switch (message.event) {
    case "interaction.launched": {
      const { question, ends_at } = message.data;
      const seconds = Math.round(((ends_at ?? 0) - message.at) / 1_000);
      if (seconds <= 0) return say(t("polls.said", { question }));
      return say(seconds < 60 ? plural("polls.said.seconds", seconds, { question }) : plural("polls.said.timed", Math.round(seconds / 60), { question }));
    }
    case "interaction.closed":
    case "interaction.shared": {
      const item = after.polls?.items.find(({ id }) => id === message.data.id);
      if (item && message.data.outcome && !may(state, "interaction.launch")) say(t("polls.said.results", { question: item.question }));
    }
  }
};

join("polls", { polls }, pollTeller);
