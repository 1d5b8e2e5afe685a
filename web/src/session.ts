// One room in this tab: joins the socket, the state, the clock and the messages on their way.
// Views read its signals and call its methods; nothing here touches the page.

import type { Signal } from "@preact/signals";
import { batch, computed, effect, signal } from "@preact/signals";
import type { Holds } from "./api.ts";
import { api } from "./api.ts";
import { brand } from "./brand.ts";
import { say, sayNow } from "./announce.ts";
import { nextFrame, onWake, seconds, tickWith, visible, world } from "./browser.ts";
import { Clock, spokenMoment } from "./clock.ts";
import { plural, t } from "./i18n/index.ts";
import { keepUnsent, unsentOf } from "./kept.ts";
import { newsOf } from "./news.ts";
import { inside, report, tell } from "./notices.ts";
import type { Held } from "./live/features.ts";
import { Features } from "./live/registry.ts";
import type { Channel, Draft } from "./outbox.ts";
import { add, change, packed, recognise, remove, unpacked } from "./outbox.ts";
import type { Mention, Message, Room, ServerMessage } from "./protocol.ts";
import type { State } from "./state.ts";
import { initial, reduce } from "./state.ts";
import type { Link } from "./wire.ts";
import { CommandError, Wire } from "./wire.ts";

const LOST_SHOWN = 2_000;
const LOST_URGENT = 10_000;
const CATCH_UP = 400;

/** What the lobby answers: with `verify`, a code was mailed and is wanted now. */
export interface Entry {
  verify?: "code";
  again_ms?: number;
}

export class RoomSession {
  /** What the server has told. */
  readonly truth = signal<State>(initial);
  /** Staff look at the room through others' eyes: nothing is sent meanwhile. */
  readonly lens = signal<((truth: State) => State) | undefined>(undefined);
  readonly state = computed(() => this.lens.value?.(this.truth.value) ?? this.truth.value);
  /** What the features of the live room hold: live/features.ts. */
  readonly held = signal<Held | undefined>(undefined);
  readonly link = signal<Link>({ state: "connecting" });
  readonly drafts = signal<Draft[]>([]);
  /** Raised to ask the room to show the backchannel. */
  readonly backchannelWanted = signal(0);
  /** Messages that came while nobody looked, by conversation. The views count. */
  readonly unreadIn: Record<Channel, Signal<number>> = { chat: signal(0), backchannel: signal(0) };
  /** Those of them that mention this person. */
  readonly mentionsIn: Record<Channel, Signal<number>> = { chat: signal(0), backchannel: signal(0) };
  readonly unread = computed(() => this.unreadIn.chat.value + this.unreadIn.backchannel.value);
  readonly clock = new Clock(world.now);

  #wire: Wire;
  #queue: ServerMessage[] = [];
  #scheduled = false;
  #features = new Features();
  #leftBefore?: number;
  #lostSaid = 0;
  #left: Draft[] = [];
  #missed?: { upTo: number; count: number };
  #stops: (() => void)[] = [];

  /** The invitation as this browser has opened it. */
  readonly holds: Holds;

  constructor(readonly room: string, invitation?: string, preview?: Room, takeover?: boolean) {
    this.holds = { room, invitation };
    if (preview) this.truth.value = { ...initial, room: preview };
    this.#wire = new Wire(world, {
      onFrame: (messages) => this.#take(messages),
      onLink: (link) => this.#onLink(link),
    }, { room, invitation, client: "web/1.0", takeover });
  }

  start(): void {
    tickWith(() => this.clock.now());
    this.#stops = [
      onWake(() => {
        this.#wire.wake();
        void this.#measure();
      }),
      effect(() => {
        seconds.value;
        this.#everySecond();
      }),
      this.#keepDrafts(),
    ];
    this.#wire.start();
  }

  /** A reload loses nothing that was on its way. */
  #keepDrafts(): () => void {
    this.#left = unpacked(unsentOf(this.room), Date.now());
    this.drafts.value = this.#left;
    return effect(() => keepUnsent(this.room, packed(this.drafts.value)));
  }

  /** What an earlier page left goes again with its first key, so that it is said once; unless somebody else sits here now. */
  #goOn(me?: string): void {
    for (const draft of this.#left) {
      if (draft.by !== me) this.discard(draft.key);
      else if (draft.state === "sending") void this.#deliver(draft);
    }
    this.#left = [];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    tickWith(() => undefined);
    this.#wire.stop();
  }

  retryNow(): void {
    this.#wire.wake();
  }

  /** Milliseconds of server time until it begins, or goes on; undefined before the server told its time. */
  timeLeft(): number | undefined {
    const now = this.clock.now();
    const { room, liveAt } = this.state.peek();
    const at = liveAt ?? room?.starts_at;
    return now === undefined || at === undefined ? undefined : at - now;
  }

  /** The lobby's questions. After the right answer the link is tied to this browser and the web session gets a new id. */
  async lobby(question: "check" | "code", answer: { email: string } | { code: string }): Promise<Entry> {
    const entry = await this.#wire.write(`lobby.${question}`, answer);
    await api.renew().catch(() => undefined); // the old id stays good; a failure costs nothing here
    return entry;
  }

  async post(channel: Channel, text: string, reply_to?: string, mentions?: Mention[]): Promise<void> {
    if (this.lens.peek()) return;
    const at = this.clock.now() ?? this.state.peek().room?.starts_at ?? 0;
    const draft: Draft = { key: world.key(), channel, text, reply_to, mentions, at, by: this.state.peek().you?.participant, state: "sending" };
    this.drafts.value = add(this.drafts.value, draft);
    await this.#deliver(draft);
  }

  /** Another try of a failed message, with its first key: if it did arrive, it is not said twice. */
  async retry(draft: Draft): Promise<void> {
    this.drafts.value = change(this.drafts.value, draft.key, { state: "sending", why: undefined });
    await this.#deliver(draft);
  }

  discard(key: string): void {
    this.drafts.value = remove(this.drafts.value, key);
  }

  async #deliver({ key, channel, text, reply_to, mentions }: Draft): Promise<void> {
    try {
      const ok = await this.#wire.write(`${channel}.post`, { text, reply_to, mentions }, key);
      this.drafts.value = change(this.drafts.value, key, { id: String(ok.id) });
      this.#sweep();
    } catch (error) {
      this.drafts.value = change(this.drafts.value, key, { state: "failed", why: codeOf(error) });
    }
  }

  /** A question to the server; what came before its answer is in the state by then. */
  async ask(name: string, data: unknown): Promise<Record<string, unknown>> {
    const answer = await this.#wire.ask(name, data);
    this.#flush();
    return answer;
  }

  /** A command that changes something: its ok, or nothing, and then the failure has been told. */
  async attempt(name: string, data: unknown): Promise<Record<string, unknown> | undefined> {
    if (this.lens.peek()) return undefined;
    try {
      return await this.#wire.write(name, data);
    } catch (error) {
      report(explain(codeOf(error)), "bad");
      return undefined;
    }
  }

  /** What a feature has asked for joins what is held. */
  hold(held: Held): void {
    this.#features.put(held);
    this.held.value = held;
  }

  /** Folds what came for the features before their part of the app did. */
  settle(): void {
    this.held.value = this.#features.settle();
  }

  #take(messages: ServerMessage[]): void {
    this.#queue.push(...messages);
    const urgent = messages.some((message) => "re" in message);
    if (urgent) return this.#flush();
    if (this.#scheduled) return;
    this.#scheduled = true;
    nextFrame(() => this.#flush());
  }

  /** Everything that came since the last drawing, in one change of the state. */
  #flush(): void {
    this.#scheduled = false;
    const messages = this.#queue;
    this.#queue = [];
    let state = this.truth.value;
    let held = this.held.value;
    batch(() => {
      for (const message of messages) {
        const next = reduce(state, message);
        this.#observe(state, next, message);
        held = this.#features.take({ message, after: next, missed: this.#isMissed(message) });
        state = next;
      }
      this.truth.value = state;
      this.held.value = held;
      this.#sweep();
    });
  }

  #observe(before: State, after: State, message: ServerMessage): void {
    if ("re" in message && message.ok && "epoch" in message.ok) {
      this.#greeted(before, message.ok);
      this.#goOn(after.you?.participant);
    }
    if ("signal" in message) {
      if (message.signal === "site") brand.value = message.data;
      if (message.signal === "countdown" && this.clock.now() === undefined) this.clock.set(message.data.now);
    }
    for (const news of newsOf(before, after, message)) {
      if (news.type === "message") this.#hear(after, news.post, news.staff, message);
      else tell(news, () => this.backchannelWanted.value++);
    }
  }

  #greeted(before: State, hello: Record<string, unknown>): void {
    if (this.clock.now() === undefined) this.clock.set(Number(hello.now));
    const seen = this.#lostSaid > 0 || visible.peek() && lostFor(this.link.peek()) > LOST_SHOWN; // the line is lost until the hello is taken in
    this.#lostSaid = 0;
    if (before.phase !== "live") return;
    if (hello.mode === "snapshot") return seen ? inside.back?.() : undefined;
    this.#missed = { upTo: Number(hello.pos), count: 0 };
    world.after(CATCH_UP, () => {
      if (seen && this.#missed) inside.back?.(this.#missed.count);
      this.#missed = undefined;
    });
  }

  #hear(state: State, post: Message, staff: boolean, message: ServerMessage): void {
    if (post.participant === state.you?.participant) {
      this.drafts.value = recognise(this.drafts.value, staff ? "backchannel" : "chat", post);
      return;
    }
    if (this.#missed && this.#isMissed(message)) {
      this.#missed.count++;
      return;
    }
    inside.hear?.(post, staff, state.you?.participant);
  }

  /** Whether it happened while we were away: that is told as a sum. */
  #isMissed(message: ServerMessage): boolean {
    return "pos" in message && message.pos <= (this.#missed?.upTo ?? 0);
  }

  /** Drafts that the room shows by now. */
  #sweep(): void {
    const { chat, backchannel } = this.state.peek();
    const shown = new Set([...chat.items, ...(backchannel?.items ?? [])].map((post) => post.id));
    const left = this.drafts.peek().filter((draft) => !(draft.id && shown.has(draft.id)));
    if (left.length !== this.drafts.peek().length) this.drafts.value = left;
  }

  #onLink(link: Link): void {
    this.#flush(); // what came before the end says why it is one
    this.link.value = link;
    if (link.state === "online") void this.#measure();
  }

  async #measure(): Promise<void> {
    const ask = async (t0: number) => (await this.#wire.ask("time", { t0 })) as { t1: number; t2: number };
    await this.clock.measure(ask).catch(() => undefined); // a break: the next connection measures again
  }

  #everySecond(): void {
    this.#wire.tick();
    this.#sayCountdown();
    this.#sayLost();
  }

  #sayCountdown(): void {
    const left = this.timeLeft();
    const { phase, liveAt } = this.state.peek();
    if (left === undefined || (phase !== "countdown" && phase !== "backstage" && !liveAt)) return;
    const moment = this.#leftBefore === undefined ? undefined : spokenMoment(this.#leftBefore, left); // on arrival: nothing
    this.#leftBefore = left;
    if (moment === undefined) return;
    say(moment < 60 ? plural("say.opens.seconds", moment) : plural("say.opens.minutes", moment / 60));
  }

  #sayLost(): void {
    const lost = lostFor(this.link.peek());
    if (lost > LOST_SHOWN && this.#lostSaid === 0) {
      this.#lostSaid = 1;
      say(t("say.lost"));
    } else if (lost > LOST_URGENT && this.#lostSaid === 1) {
      this.#lostSaid = 2;
      sayNow(t("say.lost"));
    }
  }
}

/** How long the line has been lost, in milliseconds; 0 while it holds. */
export function lostFor(link: Link): number {
  return "lostAt" in link && link.lostAt !== undefined ? world.now() - link.lostAt : 0;
}

export function codeOf(error: unknown): string {
  if (error instanceof CommandError) return error.refusal.code;
  return "internal";
}

const explained = ["forbidden", "muted", "paused", "slow_down", "too_long", "not_found", "conflict", "closed", "unavailable", "connection", "unknown"] as const;

/** Why something did not work, in a sentence. */
export function explain(code: string): string {
  const known = explained.find((name) => name === code);
  return t(known ? `failed.${known}` : "failed.other");
}
