// The features of the live room: their folds, and that nothing is missed before their part of the app is there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { foldFeatures, join, nothingHeld } from "../src/live/features.ts";
import { hands } from "../src/live/hands.ts";
import { likes } from "../src/live/likes.ts";
import { Features, registry } from "../src/live/registry.ts";
import { watch } from "../src/live/watch.ts";
import type { ServerMessage, You } from "../src/protocol.ts";
import type { State } from "../src/state.ts";
import { initial, reduce } from "../src/state.ts";

const room = { id: "r", title: "R", starts_at: 1, state: "open" as const };
const you: You = { participant: "p1", name: "Ana", role: "viewer", rights: ["chat.post"], confirmed: true };
const liked = (id: string, participant: string, on = true): ServerMessage => ({ event: "chat.liked", pos: 8, at: 8, data: { id, participant, likes: 1, on } });
const hello: ServerMessage = { re: 1, ok: { epoch: "e", pos: 1, phase: "live", mode: "snapshot", now: 1, you, limits: { chat_text: 9 }, snapshot: { room } } };

/** Runs messages through a room's features, with the folds there from message number `from` on. */
function run(messages: ServerMessage[], from: number) {
  const { live } = registry;
  registry.live = undefined;
  const features = new Features();
  let state: State = initial;
  let held = features.settle();
  messages.forEach((message, i) => {
    if (i === from) registry.live = live;
    state = reduce(state, message);
    held = features.take({ message, after: state, missed: false });
  });
  registry.live = live;
  return held ?? features.settle();
}

test("own likes are remembered, those of others are not", () => {
  assert.deepEqual(run([hello, liked("a", "p2"), liked("b", "p1")], 0)?.likes, ["b"]);
  assert.deepEqual(run([hello, liked("b", "p1"), liked("b", "p1", false)], 0)?.likes, []);
});

test("folds that come late give what folds from the start give", () => {
  const story = [hello, liked("a", "p1"), hello, liked("b", "p1"), liked("c", "p1")];
  for (let from = 0; from <= story.length; from++) assert.ok(run(story, from)?.likes.includes("c"), `from ${from}`);
  assert.deepEqual(run(story.slice(2), 99), run(story.slice(2), 0));
});

test("while one waits outside, nothing gathers", () => {
  const outside: State = { ...initial, phase: "countdown" };
  const features = new Features();
  const { live } = registry;
  registry.live = undefined;
  for (let i = 0; i < 1_000; i++) features.take({ message: liked("a", "p1"), after: outside, missed: false });
  let folded = 0;
  registry.live = (held = nothingHeld) => {
    folded++;
    return held;
  };
  features.settle();
  registry.live = live;
  assert.equal(folded, 1);
});

test("what does not change stays the same object", () => {
  const nothing = { ...nothingHeld, hands: hands.initial };
  assert.equal(foldFeatures({ likes, hands }, nothing, liked("a", "p2"), { ...initial, you }), nothing);
});

const staffYou: You = { ...you, role: "speaker", rights: ["chat.post", "backchannel.post"] };
const promoted: ServerMessage = { event: "me.role", pos: 9, at: 9, data: { role: "speaker", you: staffYou, by: { participant: "p9", name: "Mo", role: "moderator" }, snapshot: { room, backchannel: { items: [], more: false }, hands: { items: [], total: 0 } } } } as unknown as ServerMessage;
const raised = (participant: string): ServerMessage => ({ event: "hand.raised", pos: 10, at: 10, data: { participant, name: participant, role: "viewer" } }) as ServerMessage;

test("what staff alone hold waits for its part from the promotion on, and only then", () => {
  const features = new Features();
  let state: State = initial;
  for (const message of [hello, raised("p2"), promoted, raised("p3"), raised("p4")]) {
    state = reduce(state, message);
    features.take({ message, after: state, missed: false });
  }
  assert.equal(features.settle()?.hands, undefined);
  join("staff", { hands, watch });
  assert.deepEqual(features.settle()?.hands?.queue?.map(({ participant }) => participant), ["p3", "p4"]);
  registry.staff = undefined;
});

test("who is asked onto the stage stands in the list until the offer ends, once each and with the name of now", () => {
  const offered = (participant: string, for_s?: number): ServerMessage => ({ event: "stage.offered", pos: 11, at: 11, data: { participant, name: participant, role: "viewer", at: 11, by: { name: "Mo" }, for_s } }) as ServerMessage;
  const ended = (participant: string): ServerMessage => ({ event: "stage.offer_ended", pos: 12, at: 12, data: { participant, why: "declined" } }) as ServerMessage;
  const renamed: ServerMessage = { event: "participant.renamed", pos: 13, at: 13, data: { participant: "p3", name: "Cleo", role: "viewer" } } as unknown as ServerMessage;
  const after = [hello, offered("p2"), offered("p3"), offered("p2", 600), renamed].reduce((held, message) => watch.reduce(held, message, initial), watch.initial);
  assert.deepEqual(after.offers.map(({ name, for_s }) => [name, for_s]), [["Cleo", undefined], ["p2", 600]]);
  assert.deepEqual(watch.reduce(after, ended("p2"), initial).offers.map(({ participant }) => participant), ["p3"]);
  assert.deepEqual(watch.reduce(after, hello, initial).offers, [], "a snapshot without offers");
});
