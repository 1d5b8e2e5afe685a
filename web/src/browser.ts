// The browser as our modules meet it: time, chance, sockets, waking up. Everything else gets these from outside.

import { signal } from "@preact/signals";
import type { Socket, World } from "./wire.ts";
import { SUBPROTOCOL } from "./wire.ts";

const SLEPT = 5_000;

export const world: World = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  key: newKey,
  connect(): Socket {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    return new WebSocket(`${scheme}://${location.host}/ws`, SUBPROTOCOL) as Socket;
  },
};

/** 22 url-safe characters: 128 bits of chance. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);
}

/** Rises once a second while somebody can see the page. The only timer that runs by itself. */
export const seconds = signal(0);

export const online = signal(navigator.onLine);
export const visible = signal(!document.hidden);

const wakers = new Set<() => void>();

/** Calls back when the network, the window or the machine wakes up. Returns how to stop that. */
export function onWake(run: () => void): () => void {
  wakers.add(run);
  return () => wakers.delete(run);
}

function wake(): void {
  for (const run of wakers) run();
}

/** One drawing of the screen later; a hidden page draws nothing, so a timer races along. */
export function nextFrame(run: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    run();
  };
  requestAnimationFrame(once);
  setTimeout(once, 200);
}

let timer: ReturnType<typeof setTimeout> | undefined;
let lastTick = 0;

/** Seconds turn when the server's second turns, as far as somebody told us its time. */
let serverNow: () => number | undefined = () => undefined;

export function tickWith(now: () => number | undefined): void {
  serverNow = now;
}

function tick(): void {
  const wall = Date.now(); // only to see a jump: monotonic time may stand still in a sleep
  const slept = lastTick > 0 && wall - lastTick > SLEPT;
  lastTick = wall;
  seconds.value++;
  if (slept) wake();
  timer = setTimeout(tick, 1_000 - ((serverNow() ?? performance.now()) % 1_000) + 4);
}

function look(): void {
  visible.value = !document.hidden;
  clearTimeout(timer);
  if (document.hidden) return;
  lastTick = 0;
  tick();
  wake();
}

export function startBrowser(): void {
  addEventListener("online", () => {
    online.value = true;
    wake();
  });
  addEventListener("offline", () => {
    online.value = false;
    wake(); // asks at once whether the line still holds
  });
  addEventListener("focus", wake);
  document.addEventListener("visibilitychange", look);
  look();
}
