// What those who moderate have before them: who knocks, and what was reported.

import { say } from "../announce.ts";
import { plural, t } from "../i18n/index.ts";
import { notices, notify } from "../notices.ts";
import type { Event, Knock, Knocks, Offered, OpenReport } from "../protocol.ts";
import { may, snapshotOf } from "../state.ts";
import type { Feature } from "./feature.ts";
import type { Teller } from "./features.ts";

export interface Watch {
  /** Who knocks, longest first; undefined: not for this person. */
  waiting?: Knocks;
  reports: readonly OpenReport[];
  /** Who is asked onto the stage and has not answered, asked longest ago first. */
  offers: readonly Offered[];
  /** How many were given another name: pages of people that were asked for before show the one of then. */
  renamed?: number;
}

const nobody: Knocks = { items: [], total: 0 };

export const watch: Feature<Watch> = {
  initial: { reports: [], offers: [] },
  reduce(held, message) {
    const fresh = snapshotOf(message);
    if (fresh) return { waiting: fresh.waiting, reports: fresh.reports ?? [], offers: fresh.offers ?? [] };
    return "event" in message ? onEvent(held, message) : held;
  },
};

function onEvent(held: Watch, event: Event): Watch {
  switch (event.event) {
    case "room.settings":
      return held.waiting && !event.data.locked ? { ...held, waiting: nobody } : held;
    case "stage.offered":
      return { ...held, offers: [...unasked(held, event.data.participant), event.data] };
    case "stage.offer_ended":
      return { ...held, offers: unasked(held, event.data.participant) };
    case "participant.renamed":
      return { ...held, renamed: (held.renamed ?? 0) + 1, offers: renamed(held.offers, event.data), waiting: held.waiting && knocked(held.waiting, { participant: event.data.participant, name: event.data.name, at: 0 }) };
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
      return { ...noLonger(held, [event.data.participant]), offers: unasked(held, event.data.participant), reports: held.reports.filter(({ participant }) => participant !== event.data.participant) };
    case "content.forgotten":
      return { reports: [], offers: [], waiting: held.waiting && nobody };
    default:
      return held;
  }
}

const settled = ({ reports }: Watch, id: string) => reports.filter((report) => report.id !== id);

const unasked = ({ offers }: Watch, participant: string) => offers.filter((offer) => offer.participant !== participant);

const renamed = (offers: readonly Offered[], { participant, name }: { participant: string; name: string }) =>
  offers.map((offer) => (offer.participant === participant ? { ...offer, name } : offer));

function knocked(waiting: Knocks, knock: Knock): Knocks {
  const known = waiting.items.some(({ participant }) => participant === knock.participant);
  if (!knock.at) return { ...waiting, items: waiting.items.map((one) => (one.participant === knock.participant ? { ...one, name: knock.name } : one)) };
  const others = waiting.items.filter(({ participant }) => participant !== knock.participant);
  return { ...waiting, items: [...others, knock], total: waiting.total + (known ? 0 : 1) };
}

function noLonger(held: Watch, participants: readonly string[], all?: boolean): Watch {
  if (!held.waiting) return held;
  if (all) return { ...held, waiting: nobody };
  const items = held.waiting.items.filter(({ participant }) => !participants.includes(participant));
  return { ...held, waiting: { ...held.waiting, items, total: held.waiting.total - (held.waiting.items.length - items.length) } };
}

/** What a notice about an offer is about. */
export const aboutOffer = (participant: string) => `offer:${participant}`;

/** News for those who moderate, each once. */
export const tellWatch: Teller = (_before, { watch: held }, message, state) => {
  if (!("event" in message)) return;
  if (message.event === "stage.offer_ended") answered(message.data.participant);
  if (may(state, "admit.grant")) tellModerators(message, held?.waiting);
};

/** An offer that was answered can no longer be taken back. */
function answered(participant: string): void {
  notices.value = notices.value.filter(({ about }) => about !== aboutOffer(participant));
}

function tellModerators(message: Event, waiting?: Knocks): void {
  switch (message.event) {
    case "knocked":
      return message.data.at ? say(t("knock.say", { name: message.data.name, waiting: plural("knock.waiting", waiting?.total ?? 0) })) : undefined;
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
