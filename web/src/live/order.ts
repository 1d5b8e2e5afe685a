// What staff have set up in the room: its settings, the pinned message, what is on the stage; for moderators also who
// waits and what was reported.

import { say, sayNow } from "../announce.ts";
import { plural, t } from "../i18n/index.ts";
import { notify } from "../notices.ts";
import type { Event, Knock, Knocks, OpenReport, Pin, ServerMessage, Settings } from "../protocol.ts";
import { may, snapshotOf } from "../state.ts";
import type { Feature } from "./feature.ts";
import type { Teller } from "./features.ts";

export interface Order {
  settings: Settings;
  pin?: Pin;
  /** The address of the page on the stage. */
  source?: string;
  /** Who knocks, longest first; undefined: not for this person. */
  waiting?: Knocks;
  reports: readonly OpenReport[];
}

const settings: Settings = { chat: true, chat_for: "viewer", questions: true, slow_mode_s: 0, locked: false };
const nobody: Knocks = { items: [], total: 0 };

export const order: Feature<Order> = {
  initial: { settings, reports: [] },
  reduce(held, message) {
    const fresh = snapshotOf(message);
    if (fresh) return { settings: fresh.settings ?? settings, pin: fresh.pin, source: fresh.source?.url, waiting: fresh.waiting, reports: fresh.reports ?? [] };
    return "event" in message ? onEvent(held, message) : held;
  },
};

function onEvent(held: Order, event: Event): Order {
  switch (event.event) {
    case "room.settings": {
      const { chat, chat_for, questions, slow_mode_s, locked, filter } = event.data;
      return { ...held, settings: { chat, chat_for, questions, slow_mode_s, locked, filter }, waiting: held.waiting && (locked ? held.waiting : nobody) };
    }
    case "pinned":
      return { ...held, pin: event.data };
    case "unpinned":
      return { ...held, pin: undefined };
    case "stage.sourced":
      return { ...held, source: event.data.url };
    case "knocked":
      return held.waiting ? { ...held, waiting: knocked(held.waiting, event.data) } : held;
    case "knock.ended":
      return noLonger(held, event.data.participants);
    case "admitted":
    case "denied":
      return noLonger(held, event.data.participants ?? [], event.data.all);
    case "chat.reported":
      return { ...held, reports: [...settled(held, event.data.id), { id: event.data.id, participant: event.data.participant }] };
    case "report.settled":
    case "chat.deleted":
      return held.reports.length > 0 ? { ...held, reports: settled(held, event.data.id) } : held;
    case "chat.cleared":
      return { ...held, reports: [] };
    case "person.erased":
      return erased(held, event.data.participant);
    case "content.forgotten":
      return { ...held, pin: undefined, reports: [], waiting: held.waiting && nobody };
    default:
      return held;
  }
}

const settled = ({ reports }: Order, id: string) => reports.filter((report) => report.id !== id);

function knocked(waiting: Knocks, knock: Knock): Knocks {
  const known = waiting.items.some(({ participant }) => participant === knock.participant);
  if (!knock.at) return { ...waiting, items: waiting.items.map((one) => (one.participant === knock.participant ? { ...one, name: knock.name } : one)) };
  const others = waiting.items.filter(({ participant }) => participant !== knock.participant);
  return { ...waiting, items: [...others, knock], total: waiting.total + (known ? 0 : 1) };
}

function noLonger(held: Order, participants: readonly string[], all?: boolean): Order {
  if (!held.waiting) return held;
  if (all) return { ...held, waiting: nobody };
  const items = held.waiting.items.filter(({ participant }) => !participants.includes(participant));
  return { ...held, waiting: { ...held.waiting, items, total: held.waiting.total - (held.waiting.items.length - items.length) } };
}

function erased(held: Order, participant: string): Order {
  const rest = { ...noLonger(held, [participant]), reports: held.reports.filter((report) => report.participant !== participant) };
  return rest.pin?.participant === participant ? { ...rest, pin: undefined } : rest;
}

/** News for those who moderate, and what others need to hear: each once. */
export const tellOrder: Teller = (_before, after, message, state) => {
  if (!("event" in message)) return;
  tellEverybody(message, state.you?.participant);
  if (may(state, "admit.grant")) tellModerators(message, after.order);
};

function tellEverybody(message: ServerMessage & Event, me?: string): void {
  switch (message.event) {
    case "announced":
      return say(t("announced.say", { name: message.data.name, text: message.data.text }));
    case "pinned":
      return say(t("pinned.say", { name: message.data.name, text: message.data.text }));
    case "chat.cleared":
      return say(t("cleared.say", { name: message.data.name }));
    case "participant.muted":
      return message.data.participant === me ? sayNow(t("chat.muted")) : undefined;
    default:
  }
}

function tellModerators(message: ServerMessage & Event, held: Order): void {
  switch (message.event) {
    case "knocked":
      return message.data.at ? say(t("knock.say", { name: message.data.name, waiting: plural("knock.waiting", held.waiting?.total ?? 0) })) : undefined;
    case "admitted":
    case "denied":
      return say(t(`${message.event}.say`, { name: message.data.name }));
    case "chat.reported": {
      const title = t("reported.title", { name: message.data.name });
      notify({ kind: "warn", icon: "alert", title, text: message.data.text, stays: 12 });
      return say(title);
    }
    default:
  }
}
