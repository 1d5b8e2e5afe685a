// What staff have set up in the room: its settings, the pinned message, what is on the stage.

import { say, sayNow } from "../announce.ts";
import { t } from "../i18n/index.ts";
import { report } from "../notices.ts";
import type { Event, Pin, Settings } from "../protocol.ts";
import { snapshotOf, unnamed } from "../state.ts";
import type { Feature } from "./feature.ts";
import type { Teller } from "./features.ts";

export interface Order {
  settings: Settings;
  pin?: Pin;
  /** The address of the page on the stage. */
  source?: string;
}

const settings: Settings = { chat: true, chat_for: "viewer", questions: true, slow_mode_s: 0, locked: false };

export const order: Feature<Order> = {
  initial: { settings },
  reduce(held, message) {
    const fresh = snapshotOf(message);
    if (fresh) return { settings: fresh.settings ?? settings, pin: fresh.pin, source: fresh.source?.url };
    return "event" in message ? onEvent(held, message) : held;
  },
};

function onEvent(held: Order, event: Event): Order {
  switch (event.event) {
    case "room.settings": {
      const { chat, chat_for, questions, slow_mode_s, locked, filter, hands, hands_most } = event.data;
      return { ...held, settings: { chat, chat_for, questions, slow_mode_s, locked, filter, hands, hands_most } };
    }
    case "participant.renamed":
      return held.pin?.participant === event.data.participant ? { ...held, pin: { ...held.pin, name: event.data.name } } : held;
    case "pinned":
      return { ...held, pin: event.data };
    case "stage.sourced":
      return { ...held, source: event.data.url };
    case "person.erased":
      return { ...held, pin: held.pin?.participant === event.data.participant ? undefined : held.pin && unnamed(held.pin, (of) => of !== event.data.participant) };
    case "unpinned":
    case "content.forgotten":
      return { ...held, pin: undefined };
    default:
      return held;
  }
}

/** What everybody needs to hear: each once. */
export const tellOrder: Teller = (_before, _after, message, { you }) => {
  if (!("event" in message)) return;
  switch (message.event) {
    case "announced":
      return say(t("announced.say", { name: message.data.name, text: message.data.text }));
    case "pinned":
      return say(t("pinned.say", { name: message.data.name, text: message.data.text }));
    case "chat.cleared":
      return say(t("cleared.say", { name: message.data.name }));
    case "participant.muted":
      return message.data.participant === you?.participant ? sayNow(t("chat.muted")) : undefined;
    case "participant.renamed":
      return message.data.participant === you?.participant ? report(t("rename.told", { name: message.data.by.name ?? "", mine: message.data.name }), "info") : undefined;
    default:
  }
};
