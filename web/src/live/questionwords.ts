// What questions and hands say: to the asker the fate of their question, to staff what waits for them.

import { say } from "../announce.ts";
import { visible } from "../browser.ts";
import { plural, t } from "../i18n/index.ts";
import { notify } from "../notices.ts";
import type { HandEnd, MyQuestion } from "../protocol.ts";
import type { Teller } from "./features.ts";
import { tellers } from "./features.ts";

const TOGETHER = 3_000; // what comes within this is said at once

const tellQuestions: Teller = (_before, after, message, state) => {
  if (!("event" in message)) return;
  switch (message.event) {
    case "me.question":
      return tellFate(message.data);
    case "me.hand":
      return tellHand(message.data.why, message.data.by?.name, message.data.reason);
    case "question.asked":
      return message.data.participant === state.you?.participant ? undefined : waits.heard(message.data.name || t("question.anonymous"), (after.questions?.open ?? []).filter(({ state }) => state === "waiting").length);
    case "hand.raised":
      return message.data.participant === state.you?.participant ? undefined : raised.heard(message.data.name, after.hands?.total ?? 0);
  }
};

function tellFate({ state, reason }: MyQuestion): void {
  if (state === "waiting") return;
  const title = t(`question.fate.${state}`);
  notify({ kind: state === "dismissed" ? "info" : "good", icon: state === "dismissed" ? "alert" : "check", title, text: reason, stays: 20 });
  say(reason ? `${title} ${reason}` : title);
}

function tellHand(why?: HandEnd, by?: string, reason?: string): void {
  if (why !== "declined" && why !== "cleared") return;
  const title = by ? t("hand.lowered.by", { name: by }) : t("hand.lowered");
  notify({ kind: "info", icon: "alert", title, text: reason, stays: 20 });
  say(reason ? `${title} ${reason}` : title);
}

/** Says one thing by name, and several that come together as a number. */
class Joined {
  #names: string[] = [];
  #last = 0;

  constructor(readonly one: (name: string, inAll: number) => string, readonly many: (count: number, inAll: number) => string) {}

  heard(name: string, inAll: number): void {
    this.#last = inAll;
    if (this.#names.push(name) === 1) setTimeout(() => this.#speak(), TOGETHER);
  }

  #speak(): void {
    const names = this.#names;
    this.#names = [];
    if (!visible.peek()) return;
    say(names.length === 1 ? this.one(names[0] ?? "", this.#last) : this.many(names.length, this.#last));
  }
}

const waits = new Joined(
  (name, inAll) => `${t("say.question", { name })} ${plural("say.waiting", inAll)}`,
  (count, inAll) => `${plural("say.questions", count)} ${plural("say.waiting", inAll)}`,
);
const raised = new Joined(
  (name, inAll) => `${t("say.hand", { name })} ${plural("say.queue", inAll)}`,
  (count, inAll) => `${plural("say.hands", count)} ${plural("say.queue", inAll)}`,
);

tellers.push(tellQuestions);
