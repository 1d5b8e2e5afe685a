// The page that looks, against a played server; and the list that holds still.

import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAt } from "../src/look.ts";
import type { Invitation } from "../src/views/desk/calls.ts";
import { freshIn, held } from "../src/views/desk/holding.ts";
import type { Socket, World } from "../src/wire.ts";

interface Played extends Socket {
  sent: Record<string, unknown>[];
  closed: boolean;
}

function play() {
  const sockets: Played[] = [];
  const timers: { at: number; run: () => void }[] = [];
  let time = 0;
  const world: World = {
    now: () => time,
    random: () => 1,
    key: () => "key",
    after(ms, run) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    connect() {
      const socket: Played = {
        protocol: "greenroom.v1", onopen: null, onmessage: null, onclose: null, sent: [], closed: false,
        send: (text) => void socket.sent.push(JSON.parse(text)),
        close: () => void (socket.closed = true),
      };
      sockets.push(socket);
      return socket;
    },
  };
  const pass = (ms: number) => {
    const end = time + ms;
    for (;;) {
      const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers.splice(timers.indexOf(next), 1);
      time = next.at;
      next.run();
    }
    time = end;
  };
  const told = { changed: 0, live: [] as boolean[] };
  const stop = lookAt(world, "r_1", { changed: () => void told.changed++, live: (on) => void told.live.push(on) });
  const say = (message: object) => sockets.at(-1)?.onmessage?.({ data: JSON.stringify(message) });
  return { sockets, pass, told, stop, say };
}

test("it looks, hears of changes and answers the heartbeat", () => {
  const { sockets, told, say, stop } = play();
  sockets[0]?.onopen?.();
  assert.deepEqual(sockets[0]?.sent, [{ cmd: "invitations.look", id: 1, data: { room: "r_1" } }]);
  say({ re: 1, ok: { pos: 3, now: 5 } });
  assert.deepEqual(told, { changed: 1, live: [true] });
  say({ signal: "invitations.changed", data: { ids: ["i_1"] } });
  say({ signal: "people.count", data: { inside: 1 } });
  say({ ping: 7 });
  assert.equal(told.changed, 2);
  assert.deepEqual(sockets[0]?.sent.at(-1), { pong: 7 });
  stop();
  assert.equal(sockets[0]?.closed, true);
});

test("it comes back when the line breaks or falls silent, more and more slowly, and asks for what it missed", () => {
  const { sockets, told, say, pass } = play();
  say({ re: 1, ok: { pos: 3, now: 5 } });
  sockets[0]?.onclose?.({ code: 1006 });
  assert.deepEqual(told.live, [true, false]);
  pass(249);
  assert.equal(sockets.length, 1);
  pass(1);
  assert.equal(sockets.length, 2);
  pass(60_000); // silent
  pass(500);
  assert.equal(sockets.length, 3);
  sockets[2]?.onclose?.({ code: 4000 });
  pass(1_000);
  assert.equal(sockets.length, 4);
  say({ re: 1, ok: { pos: 4, now: 5 } });
  assert.equal(told.changed, 2);
});

test("a final no is taken, and after stop nothing comes back", () => {
  for (const end of ["4506", "stop"]) {
    const { sockets, pass, stop } = play();
    if (end === "stop") stop();
    else sockets[0]?.onclose?.({ code: 4506 });
    pass(120_000);
    assert.equal(sockets.length, 1, end);
  }
});

test("rows that are shown stay where they are and take what is known", () => {
  const one = (id: string, state = "issued") => ({ id, state }) as Invitation;
  const shown = [one("a"), one("b"), one("c")];
  assert.deepEqual(held(shown, [one("c", "inside"), one("x"), one("a", "opened")]), [one("a", "opened"), one("b"), one("c", "inside")]);
  assert.equal(freshIn(shown, [one("x"), one("b"), one("y")]), 2);
  assert.equal(freshIn(shown, shown), 0);
});
