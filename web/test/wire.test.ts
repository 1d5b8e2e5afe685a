// The socket against a played server and a played clock: back-off, resume, and nothing said twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerMessage } from "../src/protocol.ts";
import type { Link, Socket, World } from "../src/wire.ts";
import { type CommandError, Wire } from "../src/wire.ts";

class FakeSocket implements Socket {
  readonly protocol = "greenroom.v1";
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  sent: { cmd?: string; id?: number; key?: string; data?: Record<string, unknown>; pong?: number }[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(...messages: object[]): void {
    this.onmessage?.({ data: messages.map((message) => JSON.stringify(message)).join("\n") });
  }
  commands(name: string) {
    return this.sent.filter((command) => command.cmd === name);
  }
}

class FakeWorld implements World {
  time = 1_000;
  chance = 0.5;
  sockets: FakeSocket[] = [];
  private timers: { at: number; run: () => void }[] = [];
  private keys = 0;
  now = () => this.time;
  random = () => this.chance;
  key = () => `key-${++this.keys}`;
  after = (ms: number, run: () => void) => {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };
  connect = () => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.run();
    }
    this.time = end;
  }
  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    assert.ok(last, "nobody connected");
    return last;
  }
}

function play() {
  const world = new FakeWorld();
  const links: Link[] = [];
  const frames: ServerMessage[][] = [];
  const wire = new Wire(world, { onLink: (link) => links.push(link), onFrame: (frame) => frames.push(frame) }, { room: "r", invitation: "i", client: "test" });
  wire.start();
  return { world, wire, links, frames, link: () => links.at(-1) };
}

function greet(world: FakeWorld, ok: object = {}): void {
  world.socket.onopen?.();
  world.socket.say({ re: 1, ok: { epoch: "e1", pos: 10, phase: "live", mode: "snapshot", now: 1, you: {}, ...ok } });
}

const settled = () => new Promise((resume) => setImmediate(resume));

test("hello is first and names room and invitation", () => {
  const { world } = play();
  world.socket.onopen?.();
  assert.deepEqual(world.socket.sent, [{ cmd: "hello", id: 1, data: { room: "r", invitation: "i", client: "test" } }]);
});

test("a ping is answered", () => {
  const { world } = play();
  greet(world);
  world.socket.say({ ping: 7 });
  assert.deepEqual(world.socket.sent.at(-1), { pong: 7 });
});

test("a reconnect resumes where the last whole frame left us", () => {
  const { world } = play();
  greet(world);
  world.socket.say({ event: "chat.posted", pos: 12, at: 1, data: {} }, { event: "chat.liked", pos: 14, at: 1, data: {} });
  world.socket.onclose?.({ code: 1006 });
  world.pass(20_000);
  world.socket.onopen?.();
  assert.deepEqual(world.socket.sent[0]?.data?.resume, { epoch: "e1", pos: 14 });
});

test("a resumed hello does not skip what is still to come", () => {
  const { world } = play();
  greet(world);
  world.socket.onclose?.({ code: 1006 });
  world.pass(20_000);
  greet(world, { mode: "resumed", pos: 30 });
  world.socket.onclose?.({ code: 1006 });
  world.pass(20_000);
  world.socket.onopen?.();
  assert.deepEqual(world.socket.sent[0]?.data?.resume, { epoch: "e1", pos: 10 });
});

test("the back-off doubles from 250 ms to 20 s with full jitter", () => {
  const { world, link } = play();
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) {
    world.chance = 1;
    world.socket.onclose?.({ code: 1006 });
    const now = link();
    assert.ok(now?.state === "waiting");
    waits.push(now.retryAt - world.time);
    world.pass(now.retryAt - world.time);
  }
  assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000, 20_000]);
  world.chance = 0;
  world.socket.onclose?.({ code: 1006 });
  const last = link();
  assert.ok(last?.state === "waiting");
  assert.equal(last.retryAt - world.time, 250);
});

test("a good connection starts the back-off anew, a short one does not", () => {
  const { world, link } = play();
  world.chance = 1;
  const wait = () => {
    const now = link();
    return now?.state === "waiting" ? now.retryAt - world.time : undefined;
  };
  greet(world);
  world.socket.onclose?.({ code: 1006 });
  world.pass(1_000);
  greet(world);
  world.socket.onclose?.({ code: 1006 });
  assert.equal(wait(), 1_000);
  world.pass(1_000);
  greet(world);
  world.pass(11_000);
  world.socket.onclose?.({ code: 1006 });
  assert.equal(wait(), 500);
});

test("waking up tries at once", () => {
  const { world, wire } = play();
  world.socket.onclose?.({ code: 1006 });
  assert.equal(world.sockets.length, 1);
  wire.wake();
  assert.equal(world.sockets.length, 2);
});

test("waking up on a line that died unnoticed finds out", () => {
  const { world, wire } = play();
  greet(world);
  wire.wake();
  assert.equal(world.socket.commands("time").length, 1);
  world.pass(5_000);
  assert.equal(world.sockets.length, 2);
});

test("silence of 45 s is a lost line", () => {
  const { world, wire, link } = play();
  greet(world);
  world.pass(44_000);
  wire.tick();
  assert.equal(link()?.state, "online");
  world.pass(2_000);
  wire.tick();
  assert.equal(link()?.state, "waiting");
});

test("what was written offline goes out once, in order, when we are back", async () => {
  const { world, wire } = play();
  greet(world);
  world.socket.onclose?.({ code: 1006 });
  const first = wire.write("chat.post", { text: "one" });
  const second = wire.write("chat.post", { text: "two" });
  world.pass(20_000);
  greet(world, { mode: "resumed" });
  const texts = () => world.socket.commands("chat.post").map((post) => post.data?.text);
  assert.deepEqual(texts(), ["one"]);
  world.socket.say({ re: world.socket.commands("chat.post")[0]?.id, ok: { id: "m1" } });
  assert.deepEqual(texts(), ["one", "two"]);
  world.socket.say({ re: world.socket.commands("chat.post")[1]?.id, ok: { id: "m2" } });
  await Promise.all([first, second]);
  world.socket.onclose?.({ code: 1006 });
  world.pass(20_000);
  greet(world, { mode: "resumed" });
  assert.deepEqual(world.socket.commands("chat.post"), []);
});

test("an unanswered command is repeated with its key", async () => {
  const { world, wire } = play();
  greet(world);
  const sending = wire.write("chat.post", { text: "one" });
  const key = world.socket.commands("chat.post")[0]?.key;
  world.socket.onclose?.({ code: 1006 });
  world.pass(20_000);
  greet(world, { mode: "resumed" });
  const again = world.socket.commands("chat.post")[0];
  assert.equal(again?.key, key);
  world.socket.say({ re: again?.id, ok: { id: "m1", again: true } });
  assert.equal((await sending).id, "m1");
});

test("it is not repeated when the server may have forgotten the key", async () => {
  for (const [pause, epoch] of [[51 * 60_000, "e1"], [1_000, "e2"]] as const) {
    const { world, wire } = play();
    greet(world);
    const sending = wire.write("chat.post", { text: "one" });
    world.socket.onclose?.({ code: 1006 });
    world.time += pause;
    wire.wake();
    greet(world, { epoch });
    assert.deepEqual(world.socket.commands("chat.post"), []);
    await assert.rejects(sending, (error: CommandError) => error.refusal.code === "unknown");
  }
});

test("a question is not repeated", async () => {
  const { world, wire } = play();
  greet(world);
  const asking = wire.ask("people.page", {});
  world.socket.onclose?.({ code: 1006 });
  await assert.rejects(asking, (error: CommandError) => error.refusal.code === "connection");
});

test("a temporary refusal is tried again with the same key after retry_ms; a final one is not", async () => {
  const { world, wire } = play();
  greet(world);
  const sending = wire.write("chat.post", { text: "one" });
  const [first] = world.socket.commands("chat.post");
  world.socket.say({ re: first?.id, err: { code: "slow_down", temporary: true, retry_ms: 3_000 } });
  world.pass(2_900);
  assert.equal(world.socket.commands("chat.post").length, 1);
  world.pass(200);
  const [, second] = world.socket.commands("chat.post");
  assert.equal(second?.key, first?.key);
  world.socket.say({ re: second?.id, err: { code: "forbidden", temporary: false } });
  await assert.rejects(sending, (error: CommandError) => error.refusal.code === "forbidden");
});

test("a refused message that is tried again is not overtaken by a later one", async () => {
  const { world, wire } = play();
  greet(world);
  const first = wire.write("chat.post", { text: "one" });
  const second = wire.write("chat.post", { text: "two" });
  const like = wire.write("chat.like", { id: "m1" });
  const texts = () => world.socket.commands("chat.post").map((post) => post.data?.text);
  world.socket.say({ re: world.socket.commands("chat.post")[0]?.id, err: { code: "slow_down", temporary: true, retry_ms: 3_000 } });
  assert.equal(world.socket.commands("chat.like").length, 1, "another kind of command does not wait");
  world.pass(3_000);
  assert.deepEqual(texts(), ["one", "one"]);
  world.socket.say({ re: world.socket.commands("chat.post")[1]?.id, ok: { id: "m2" } });
  await first;
  assert.deepEqual(texts(), ["one", "one", "two"]);
  wire.stop();
  await assert.rejects(second, (error: CommandError) => error.refusal.code === "unknown");
  await assert.rejects(like);
});

test("a locked lobby is not knocked at by the script", async () => {
  const { world, wire } = play();
  greet(world);
  const checking = wire.write("lobby.check", { email: "a@b" });
  const [check] = world.socket.commands("lobby.check");
  world.socket.say({ re: check?.id, err: { code: "lobby_locked", temporary: true, retry_ms: 10 } });
  await assert.rejects(checking);
  world.pass(60_000);
  assert.equal(world.socket.commands("lobby.check").length, 1);
});

test("4500 to 4999 stop with what the server said; everything waiting is refused", async () => {
  const { world, wire, link } = play();
  world.socket.onopen?.();
  const sending = wire.write("chat.post", { text: "one" });
  world.socket.say({ re: 1, err: { code: "other_device", since_at: 5 } });
  world.socket.onclose?.({ code: 4504 });
  assert.deepEqual(link(), { state: "stopped", code: 4504, refusal: { code: "other_device", since_at: 5 } });
  await assert.rejects(sending);
  world.pass(60_000);
  assert.equal(world.sockets.length, 1);
});

test("a temporary refusal that lasts for a day is told, not waited for", async () => {
  const { world, wire } = play();
  greet(world);
  const checking = wire.write("lobby.check", { email: "a@example.org" });
  world.socket.say({ re: world.socket.commands("lobby.check")[0]?.id, err: { code: "slow_down", temporary: true, retry_ms: 86_400_000 } });
  await assert.rejects(checking);
});

test("a drain is told apart from a loss", () => {
  const { world, link } = play();
  greet(world);
  world.socket.say({ signal: "drain", data: { after_ms: 100 } });
  world.socket.onclose?.({ code: 4000 });
  const now = link();
  assert.ok(now?.state === "waiting" && now.drain);
});

test("after stop nothing comes back", async () => {
  const { world, wire } = play();
  greet(world);
  wire.stop();
  await settled();
  world.pass(100_000);
  assert.equal(world.sockets.length, 1);
  assert.equal(world.socket.closed, true);
});
