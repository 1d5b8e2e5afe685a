// The server's clock, read over the socket. The browser's wall clock is never asked: it may be off by a day.
// Local time here is the monotonic clock (performance.now), which no time server moves.

const SAMPLES = 5;
const DAY = 86_400;

/** One answer to `time`: when it left and came by the local clock, and what the server said. */
export interface Sample {
  left: number;
  came: number;
  t1: number;
  t2: number;
}

/** The quickest sample is the least wrong: its answer spent the least time on the road. */
export function offsetOf(samples: Sample[]): number | undefined {
  const roundTrip = (s: Sample) => s.came - s.left - (s.t2 - s.t1);
  const best = samples.reduce<Sample | undefined>(
    (least, s) => (least && roundTrip(least) <= roundTrip(s) ? least : s),
    undefined,
  );
  return best && (best.t1 + best.t2) / 2 - (best.left + best.came) / 2;
}

export class Clock {
  #offset?: number;
  #round = 0;

  constructor(private local: () => number) {}

  /** Server time in milliseconds, or undefined before the server said anything. */
  now(): number | undefined {
    return this.#offset === undefined ? undefined : this.local() + this.#offset;
  }

  /** A rough setting, from a message that carries the server's time. Later measurements replace it. */
  set(serverNow: number): void {
    this.#offset = serverNow - this.local();
  }

  /** Five questions in a row. A measurement that starts later makes this one void. */
  async measure(ask: (t0: number) => Promise<{ t1: number; t2: number }>): Promise<void> {
    const round = ++this.#round;
    const samples: Sample[] = [];
    for (let i = 0; i < SAMPLES; i++) {
      const left = this.local();
      const { t1, t2 } = await ask(Math.round(left));
      samples.push({ left, came: this.local(), t1, t2 });
    }
    if (round === this.#round) this.#offset = offsetOf(samples) ?? this.#offset;
  }
}

export interface Unit {
  value: number;
  unit: "day" | "hour" | "minute" | "second";
}

/** The two largest units of a time left: `3 days 4 h`, `5 h 12 min`, `12 min 43 s`, `43 s`. */
export function countdown(ms: number): Unit[] {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts: Unit[] = [
    { value: Math.floor(seconds / DAY), unit: "day" },
    { value: Math.floor(seconds / 3600) % 24, unit: "hour" },
    { value: Math.floor(seconds / 60) % 60, unit: "minute" },
    { value: seconds % 60, unit: "second" },
  ];
  const first = parts.findIndex((part) => part.value > 0);
  return first < 0 ? parts.slice(3) : parts.slice(first, first + 2);
}

/** The moments at which a screen reader hears the countdown, in seconds before the start. */
const SPOKEN = [600, 300, 60, 30, 10];

/** The moment that was passed between two readings of the time left, if one was. */
export function spokenMoment(beforeMs: number, afterMs: number): number | undefined {
  return SPOKEN.findLast((s) => beforeMs > s * 1000 && afterMs <= s * 1000);
}
