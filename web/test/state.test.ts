// The golden frames of the server (hub/wire/testdata) tell a story; each says what a client then holds.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Held } from "../src/live/features.ts";
import { always, foldFeatures, nothingHeld } from "../src/live/features.ts";
import { hands as queue, withHands } from "../src/live/hands.ts";
import { withOlder } from "../src/live/history.ts";
import { polls } from "../src/live/polls.ts";
import { noQuestions, questions as asked, withPage } from "../src/live/questions.ts";
import { watch } from "../src/live/watch.ts";
import { newsOf } from "../src/news.ts";
import type { Message, ServerMessage } from "../src/protocol.ts";
import { parseFrame } from "../src/protocol.ts";
import type { State } from "../src/state.ts";
import { initial, isInside, isStaff, reduce } from "../src/state.ts";

interface Golden {
  direction: "server" | "client";
  name: string;
  frame: string;
  mirror?: Record<string, unknown>;
}

const folder = join(process.cwd(), "../hub/wire/testdata");
const golden: Golden[] = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith(".json")).sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")))
  : [];

const features = { ...always, hands: queue, watch, questions: asked, polls };

const fold = (state: State, messages: ServerMessage[]) => messages.reduce(reduce, state);

/** What the server's mirror holds, from our state. A deleted message keeps its place with us while we look. */
function mirrorOf(state: State, held: Held) {
  const thread = (name: "chat" | "backchannel") => state[name] && { items: state[name].items.filter((post) => post.deletedBy === undefined), more: state[name].more };
  const { phase, room, stage, here } = state;
  const { questions = noQuestions, hands = queue.initial, hand } = held;
  const you = { ...state.you, hand: hand ?? 0, questions: some(questions.mine), voted: some(questions.voted) };
  return plain({
    questions: isInside(state) ? { items: questions.open, more: questions.more } : undefined,
    hands: hands.queue && { items: hands.queue, total: hands.total },
    chat: thread("chat"), backchannel: thread("backchannel"), phase, room, you, stage, stage_more: state.stageMore, here,
  });
}

const some = <Item,>(list: readonly Item[]) => (list.length > 0 ? list : undefined);

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test("the story of the golden frames leaves what the server's mirror holds", { skip: golden.length === 0 && "hub/wire/testdata is not there" }, () => {
  let state = initial;
  let slices = nothingHeld;
  let held = 0;
  for (const { direction, name, frame, mirror } of golden) {
    if (direction !== "server" || !mirror) continue;
    for (const message of parseFrame(frame)) {
      state = reduce(state, message);
      slices = foldFeatures(features, slices, message, state);
    }
    const { epoch: _, pos: __, ...expected } = mirror;
    assert.deepEqual(mirrorOf(state, slices), withoutZero(expected), name);
    held++;
  }
  assert.ok(held > 20, `only ${held} frames of the story were there`);
});

/** Go leaves a count of zero out; we show none for it. */
const withoutZero = (mirror: object) => plain(mirror);

test("every golden frame of the server is understood", { skip: golden.length === 0 && "hub/wire/testdata is not there" }, () => {
  for (const { direction, name, frame } of golden) {
    if (direction !== "server") continue;
    for (const message of parseFrame(frame)) {
      const next = reduce(initial, message);
      assert.doesNotThrow(() => newsOf(initial, next, message), name);
      assert.doesNotThrow(() => foldFeatures(features, nothingHeld, message, next), name);
    }
  }
});

const room = { id: "r", title: "R", starts_at: 1, state: "open" as const };
const you = { participant: "p1", name: "Ana", role: "viewer" as const, rights: ["chat.post"], confirmed: true };
const message = (id: string, text = id): Message => ({ id, at: 1, participant: "p2", name: "Kofi", role: "viewer", text });
const posted = (id: string): ServerMessage => ({ event: "chat.posted", pos: 5, at: 5, data: message(id) });
const live: State = { ...initial, phase: "live", room, you, chat: { items: [message("a"), message("b")], more: true } };

test("a message that comes twice stands once", () => {
  const state = fold(live, [posted("c"), posted("c")]);
  assert.deepEqual(state.chat.items.map((post) => post.id), ["a", "b", "c"]);
});

test("a deleted message keeps its place without its text", () => {
  const state = reduce(live, { event: "chat.deleted", pos: 6, at: 6, data: { ...message("a"), name: "Priya" } });
  assert.equal(state.chat.items[0]?.text, "");
  assert.equal(state.chat.items[0]?.deletedBy, "Priya");
});

test("history that was paged back survives a change of role, but not a new connection", () => {
  const paged = withOlder(live, "chat", { items: [message("0")], more: false });
  const snapshot = { room, stage: [], chat: { items: [message("a"), message("b")], more: true }, backchannel: { items: [], more: false } };
  const by = { name: "Priya" };
  const promoted = reduce(paged, { event: "me.role", pos: 7, at: 7, data: { role: "speaker", rights: [], by, you: { ...you, role: "speaker" }, snapshot } });
  assert.deepEqual(promoted.chat.items.map((post) => post.id), ["0", "a", "b"]);
  assert.equal(isStaff(promoted), true);
  const hello = { epoch: "e", pos: 9, phase: "live", mode: "snapshot", now: 1, you, limits: { chat_text: 9 }, snapshot: { room, chat: snapshot.chat } };
  const again = reduce(promoted, { re: 1, ok: hello });
  assert.deepEqual(again.chat.items.map((post) => post.id), ["a", "b"]);
  assert.equal(isStaff(again), false);
});

test("a page that comes behind the demotion brings nothing back", () => {
  assert.equal(withOlder(live, "backchannel", { items: [message("0")], more: false }), live);
  const hand = { at: 1, participant: "p2", name: "Kofi", role: "viewer" as const };
  assert.deepEqual(withHands({ total: 0 }, { items: [hand], total: 1 }), { total: 0 });
  const waiting = { id: "q1", at: 1, name: "Kofi", text: "Why?", state: "waiting" as const };
  assert.deepEqual(withPage(noQuestions, { items: [waiting], more: false }, "open", false).open, []);
  assert.deepEqual(withPage(noQuestions, { items: [waiting], more: false }, "open", true).open, [waiting]);
});

test("who leaves the staff forgets how polls stand", () => {
  const by = { name: "Priya" };
  const demoted: ServerMessage = { event: "me.role", pos: 7, at: 7, data: { role: "viewer", rights: [], by, you, snapshot: { room } } };
  const held = { ...polls.initial, tallies: { i1: { id: "i1", answers: 6, counts: [5, 1] } } };
  assert.deepEqual(polls.reduce(held, demoted, reduce(live, demoted)).tallies, {});
  const snapshot = { room, backchannel: { items: [], more: false } };
  const promoted: ServerMessage = { ...demoted, data: { ...demoted.data, role: "speaker", snapshot } };
  assert.equal(polls.reduce(held, promoted, reduce(live, promoted)).tallies, held.tallies);
});

test("an older page joins without doubles", () => {
  const state = withOlder(live, "chat", { items: [message("0"), message("a")], more: false });
  assert.deepEqual(state.chat.items.map((post) => post.id), ["0", "a", "b"]);
  assert.equal(state.chat.more, false);
});

test("unknown events and signals change nothing", () => {
  const unknown = { event: "poll.launched", pos: 9, at: 9, data: {} } as unknown as ServerMessage;
  assert.equal(reduce(live, unknown), live);
  assert.equal(reduce(live, { signal: "reactions", data: {} } as unknown as ServerMessage), live);
});

test("news: a role that rises or falls, a start that moves, and nothing twice", () => {
  const role = { event: "me.role", pos: 9, at: 9, data: { role: "speaker", rights: [], by: { name: "Priya" }, you: { ...you, role: "speaker" }, snapshot: { room } } } as ServerMessage;
  assert.deepEqual(newsOf(live, reduce(live, role), role), [{ type: "role", role: "speaker", up: true, by: "Priya" }]);
  const up = reduce(live, role);
  assert.deepEqual(newsOf(up, reduce(up, role), role), []);
  const moved = { event: "room.scheduled", pos: 9, at: 9, data: { starts_at: 99 } } as ServerMessage;
  assert.deepEqual(newsOf(live, reduce(live, moved), moved), [{ type: "moved", from: 1, to: 99, reason: undefined }]);
  assert.deepEqual(newsOf(live, reduce(live, posted("b")), posted("b")).length, 1);
});
