// Messages on their way, and how much of the chat is spoken.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Draft } from "../src/outbox.ts";
import { add, change, packed, recognise, remove, unpacked, unseen } from "../src/outbox.ts";
import { ChatSpeech } from "../src/speech.ts";

const draft = (key: string, text: string): Draft => ({ key, channel: "chat", text, at: 1, state: "sending" });

test("an own message that comes back before its answer is shown once", () => {
  const drafts = add(add([], draft("k1", "hello")), draft("k2", "hello"));
  const known = recognise(drafts, "chat", { id: "m1", text: "hello" });
  assert.deepEqual(unseen(known, "chat", [{ id: "m1" }]).map((one) => one.key), ["k2"]);
  assert.equal(recognise(known, "chat", { id: "m1", text: "hello" }), known);
});

test("what is on its way outlasts a reload, with its key, while the server knows the key", () => {
  const fresh = draft("k1", "hello");
  const kept = packed([fresh, { ...draft("k2", "there"), id: "m2" }]);
  assert.deepEqual(unpacked(kept, fresh.at + 60_000), [fresh]);
  assert.deepEqual(unpacked(kept, fresh.at + 3_600_000).map(({ key, state, why }) => [key, state, why]), [["k1", "failed", "unknown"]]);
  assert.equal(packed([{ ...fresh, id: "m1" }]), "");
  for (const damaged of [undefined, "", "{", "7", "null"]) assert.deepEqual(unpacked(damaged, 1), []);
});

test("the other conversation's drafts stay out", () => {
  const known = recognise([draft("k1", "hello")], "backchannel", { id: "m1", text: "hello" });
  assert.equal(known[0]?.id, undefined);
  assert.deepEqual(unseen(known, "backchannel", []), []);
});

test("a failed draft can be changed and taken away", () => {
  const failed = change([draft("k1", "a"), draft("k2", "b")], "k2", { state: "failed", why: "forbidden" });
  assert.equal(failed[1]?.state, "failed");
  assert.deepEqual(remove(failed, "k2").map((one) => one.key), ["k1"]);
});

test("few messages are spoken, many are counted every 20 s", () => {
  const speech = new ChatSpeech();
  let now = 100_000;
  for (let i = 0; i < 6; i++) assert.deepEqual(speech.heard(`m${i}`, "all", ++now), { message: `m${i}` });
  assert.deepEqual(speech.heard("m6", "all", ++now), { count: 1 });
  assert.equal(speech.heard("m7", "all", ++now), undefined);
  assert.equal(speech.due(now + 10_000), undefined);
  assert.deepEqual(speech.due(now + 20_000), { count: 1 });
  assert.equal(speech.due(now + 60_000), undefined);
});

test("summaries only, or nothing at all, as the listener wants", () => {
  const speech = new ChatSpeech();
  assert.deepEqual(speech.heard("m", "summaries", 50_000), { count: 1 });
  assert.equal(speech.heard("m", "off", 90_000), undefined);
  assert.equal(speech.due(99_000), undefined);
});
