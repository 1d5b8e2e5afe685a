// The socket: hello, ping and pong, reconnect with full jitter, resume by epoch and position,
// and commands that take effect once however often the line breaks. Knows no DOM and no clock of its own.

import type { Event, Hello, Refusal, Reply, ServerMessage } from "./protocol.ts";
import { parseFrame, staysClosed } from "./protocol.ts";

export const SUBPROTOCOL = "greenroom.v1";

const BACKOFF_MIN = 250;
const BACKOFF_MAX = 20_000;
const SILENCE_MAX = 45_000; // the server asks every 25 s
const PROBE_WAIT = 4_000;
const CALM_AFTER = 10_000; // a connection this old was a good one: start the back-off anew
const KEY_LIFE = 50 * 60_000; // the server remembers a key for an hour
const TEMPORARY_TRIES = 6;
const PATIENCE = 60_000; // who would wait longer for a temporary refusal to pass is told

/** The part of WebSocket that we use, so that tests can play the server. */
export interface Socket {
  readonly protocol: string;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** Time, chance and the network, given from outside. `now` is monotonic milliseconds. */
export interface World {
  now(): number;
  after(ms: number, run: () => void): () => void;
  random(): number;
  key(): string;
  connect(): Socket;
}

export type Link =
  | { state: "connecting"; lostAt?: number }
  | { state: "online" }
  | { state: "waiting"; lostAt: number; retryAt: number; drain: boolean }
  | { state: "stopped"; code: number; refusal?: Refusal };

export interface Listener {
  /** Messages of one frame, in order; a hello's reply comes as the reply with `epoch`. */
  onFrame(messages: ServerMessage[]): void;
  onLink(link: Link): void;
}

/** Rejects a command: the server's refusal, or `connection` / `unknown` when nobody can tell. */
export class CommandError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message ?? refusal.code);
  }
}

interface Pending {
  cmd: string;
  data: unknown;
  key?: string;
  sentAt?: number;
  tries: number;
  resolve(ok: Record<string, unknown>): void;
  reject(error: CommandError): void;
}

export class Wire {
  #socket?: Socket;
  #ready = false;
  #stopped = false;
  #nextId = 1;
  #attempt = 0;
  #openedAt = 0;
  #heardAt = 0;
  #lostAt?: number;
  #draining = false;
  #refusal?: Refusal;
  #place?: { epoch: string; pos: number };
  #cancelRetry?: () => void;
  #cancelProbe?: () => void;
  #asked = new Map<number, Pending>();
  #unsent: Pending[] = [];
  #lanes = new Map<string, Pending[]>(); // by command: the first is on its way, the others wait for its answer

  constructor(
    private world: World,
    private listener: Listener,
    private hello: { room: string; invitation?: string; client: string; takeover?: boolean },
  ) {}

  start(): void {
    this.#stopped = false;
    this.#connect();
  }

  /** Ends it without a word; whatever waits is refused. */
  stop(): void {
    this.#halt();
    this.#abandon();
  }

  /** A command that changes something. The key makes it happen once; it is sent again after a break. */
  write(cmd: string, data: unknown, key = this.world.key()): Promise<Record<string, unknown>> {
    return this.#enqueue(cmd, data, key);
  }

  /** A question. It is not repeated: a break refuses it with `connection`. */
  ask(cmd: string, data: unknown): Promise<Record<string, unknown>> {
    return this.#enqueue(cmd, data);
  }

  /** The network, the window or the machine woke up: try at once, or make sure that the line still lives. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#cancelRetry) this.#connect();
    else if (this.#ready) this.#probe();
  }

  /** Called about once a second while somebody looks: notices a line that fell silent. */
  tick(): void {
    if (this.#ready && this.world.now() - this.#heardAt > SILENCE_MAX) this.#lose(4002);
  }

  #enqueue(cmd: string, data: unknown, key?: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { cmd, data, key, tries: 0, resolve, reject };
      if (this.#stopped) reject(new CommandError({ code: "connection" }));
      else if (key) this.#queue(pending);
      else if (this.#ready) this.#transmit(pending);
      else reject(new CommandError({ code: "connection" }));
    });
  }

  /** Writes of one kind go one after another, so that a refused one that is tried again is not overtaken. */
  #queue(pending: Pending): void {
    const { resolve, reject } = pending;
    pending.resolve = (ok) => {
      resolve(ok);
      this.#next(pending);
    };
    pending.reject = (error) => {
      reject(error);
      this.#next(pending);
    };
    const lane = this.#lanes.get(pending.cmd);
    if (lane) lane.push(pending);
    else {
      this.#lanes.set(pending.cmd, [pending]);
      this.#dispatch(pending);
    }
  }

  #next(done: Pending): void {
    const lane = this.#lanes.get(done.cmd);
    if (lane?.[0] !== done) return;
    lane.shift();
    if (lane.length > 0) this.#dispatch(lane[0] as Pending);
    else this.#lanes.delete(done.cmd);
  }

  #dispatch(pending: Pending): void {
    if (this.#ready) this.#transmit(pending);
    else this.#unsent.push(pending);
  }

  #transmit(pending: Pending): void {
    const id = this.#nextId++;
    pending.sentAt ??= this.world.now();
    this.#asked.set(id, pending);
    this.#socket?.send(JSON.stringify({ cmd: pending.cmd, id, key: pending.key, data: pending.data }));
  }

  #connect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#nextId = 1;
    this.#refusal = undefined;
    this.#draining = false;
    this.listener.onLink({ state: "connecting", lostAt: this.#lostAt });
    const socket = this.world.connect();
    this.#socket = socket;
    this.#openedAt = this.world.now();
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = (message) => this.#receive(String(message.data));
    socket.onclose = (close) => this.#lose(close.code);
    this.#startProbe(); // a connect that hangs is a lost one
  }

  #greet(socket: Socket): void {
    const data = { ...this.hello, resume: this.#place };
    socket.send(JSON.stringify({ cmd: "hello", id: this.#nextId++, data }));
  }

  #receive(text: string): void {
    this.#heardAt = this.world.now();
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
    const messages = parseFrame(text);
    for (const message of messages) this.#notice(message);
    this.listener.onFrame(messages);
    this.#advance(messages);
    for (const message of messages) if ("re" in message) this.#settle(message);
  }

  #notice(message: ServerMessage): void {
    if ("ping" in message) this.#socket?.send(JSON.stringify({ pong: message.ping }));
    else if ("signal" in message && message.signal === "drain") this.#draining = true;
  }

  /** Only a frame that was taken in whole moves our position. */
  #advance(messages: ServerMessage[]): void {
    if (!this.#place) return;
    const positions = messages.filter((m): m is Event => "event" in m).map((m) => m.pos);
    this.#place.pos = Math.max(this.#place.pos, ...positions);
  }

  #settle(reply: Reply): void {
    if (!this.#ready && reply.re === 1) return this.#greeted(reply);
    const pending = this.#asked.get(reply.re);
    if (!pending) return;
    this.#asked.delete(reply.re);
    if (reply.ok) return pending.resolve(reply.ok);
    this.#refused(pending, reply.err ?? { code: "internal" });
  }

  #refused(pending: Pending, refusal: Refusal): void {
    if (pending.cmd === "lobby.check") this.#refusal = refusal; // a final one explains the close that follows
    const again = refusal.temporary && refusal.code !== "lobby_locked" && (refusal.retry_ms ?? 0) <= PATIENCE && pending.key;
    if (!again || ++pending.tries >= TEMPORARY_TRIES) return pending.reject(new CommandError(refusal));
    this.world.after(refusal.retry_ms || 1_000, () => {
      if (this.#stopped) pending.reject(new CommandError(refusal));
      else this.#dispatch(pending);
    });
  }

  #greeted(reply: Reply): void {
    if (reply.err) {
      this.#refusal = reply.err;
      return;
    }
    this.hello.takeover = undefined; // done: coming back later must not take the seat from another device again
    const hello = reply.ok as unknown as Hello;
    const sameLog = this.#place === undefined || this.#place.epoch === hello.epoch;
    if (hello.mode === "snapshot" || !this.#place) this.#place = { epoch: hello.epoch, pos: hello.pos };
    this.#ready = true;
    this.#lostAt = undefined;
    this.listener.onLink({ state: "online" });
    this.#repeat(sameLog);
  }

  /** After a break: what never left goes out, what left unanswered goes out again with the same key. */
  #repeat(sameLog: boolean): void {
    const waiting = [...this.#asked.values(), ...this.#unsent];
    this.#asked.clear();
    this.#unsent = [];
    for (const pending of waiting) {
      const known = pending.sentAt === undefined || (sameLog && this.world.now() - pending.sentAt < KEY_LIFE);
      if (known) this.#transmit(pending);
      else pending.reject(new CommandError({ code: "unknown" }));
    }
  }

  #lose(code: number): void {
    const wasCalm = this.#ready && this.world.now() - this.#openedAt > CALM_AFTER;
    const refusal = this.#refusal;
    this.#detach();
    if (this.#stopped) return;
    if (staysClosed(code)) return this.#end(code, refusal);
    if (wasCalm) this.#attempt = 0;
    this.#lostAt ??= this.world.now();
    this.#refuseQuestions();
    this.#retry();
  }

  #end(code: number, refusal?: Refusal): void {
    this.#halt();
    this.#abandon();
    this.listener.onLink({ state: "stopped", code, refusal });
  }

  #retry(): void {
    const ceiling = Math.min(BACKOFF_MAX, BACKOFF_MIN * 2 ** ++this.#attempt);
    const wait = Math.max(BACKOFF_MIN, this.world.random() * ceiling);
    this.#cancelRetry = this.world.after(wait, () => this.#connect());
    const retryAt = this.world.now() + wait;
    this.listener.onLink({ state: "waiting", lostAt: this.#lostAt ?? retryAt, retryAt, drain: this.#draining });
  }

  #probe(): void {
    if (this.#cancelProbe) return;
    this.ask("time", { t0: Math.round(this.world.now()) }).catch(() => undefined);
    this.#startProbe();
  }

  #startProbe(): void {
    this.#cancelProbe?.();
    const wait = this.#ready ? PROBE_WAIT : PROBE_WAIT * 3;
    this.#cancelProbe = this.world.after(wait, () => this.#lose(4002));
  }

  #refuseQuestions(): void {
    for (const [id, pending] of this.#asked) {
      if (pending.key) continue;
      this.#asked.delete(id);
      pending.reject(new CommandError({ code: "connection" }));
    }
  }

  #halt(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#detach();
  }

  #abandon(): void {
    const questions = [...this.#asked.values()].filter((pending) => !pending.key);
    const all = [...questions, ...[...this.#lanes.values()].flat()];
    this.#lanes.clear();
    this.#asked.clear();
    this.#unsent = [];
    for (const pending of all) {
      pending.reject(new CommandError({ code: pending.sentAt === undefined ? "connection" : "unknown" }));
    }
  }

  #detach(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
    this.#ready = false;
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
