// How much of the chat a screen reader hears: each message while they are few, else a number now and then.
// Pure but for its own memory; time is given.

const PER_MINUTE = 6;
const SUMMARY_EVERY = 20_000;

export type SpeechMode = "all" | "summaries" | "off";

export type Utterance = { message: string } | { count: number };

export class ChatSpeech {
  #recent: number[] = [];
  #held = 0;
  #summarisedAt = 0;

  /** A message of somebody else arrived; what to say about it now. */
  heard(text: string, mode: SpeechMode, now: number): Utterance | undefined {
    if (mode === "off") return undefined;
    this.#recent = [...this.#recent.filter((at) => now - at < 60_000), now];
    if (mode === "all" && this.#recent.length <= PER_MINUTE && this.#held === 0) return { message: text };
    this.#held++;
    return this.due(now);
  }

  /** Called every second or so: the summary, when its time has come. */
  due(now: number): Utterance | undefined {
    if (this.#held === 0 || now - this.#summarisedAt < SUMMARY_EVERY) return undefined;
    const count = this.#held;
    this.#held = 0;
    this.#summarisedAt = now;
    return { count };
  }
}
