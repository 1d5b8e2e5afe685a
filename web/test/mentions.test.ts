// Whom a text means, what in it can be followed, and what is new of a conversation.

import assert from "node:assert/strict";
import { test } from "node:test";
import { candidates } from "../src/live/candidates.ts";
import { askedAt, chosenOf, mentionsIn } from "../src/live/mentions.ts";
import { firstBehind, lastPlace, placeOf, unreadOf } from "../src/live/unread.ts";
import type { Role } from "../src/protocol.ts";
import type { Post } from "../src/state.ts";
import { unnamed } from "../src/state.ts";
import { piecesOf } from "../src/words.ts";

const who = (participant: string, name: string, role: Role = "viewer") => ({ participant, name, role });

test("an @ asks at the beginning of a word only, and for the name before the caret", () => {
  assert.deepEqual(askedAt("hi @an", 6), { from: 3, query: "an" });
  assert.deepEqual(askedAt("@Ana Li", 7), { from: 0, query: "Ana Li" });
  assert.deepEqual(askedAt("(@", 2), { from: 1, query: "" });
  for (const text of ["mail@example.org", "no", "@a\nb", "@@"]) assert.equal(askedAt(text, text.length), undefined, text);
});

test("people are found by the beginning of any word, staff first, oneself never", () => {
  const all = [who("p1", "Ana Lind"), who("p2", "Ben Anders", "moderator"), who("p3", "Me An"), who("p1", "Ana Lind")];
  assert.deepEqual(candidates(all, "an", "p3").map(({ participant }) => participant), ["p2", "p1"]);
  assert.deepEqual(candidates(all, "ana lind ", "p3"), []);
});

test("the chosen are found in the text as it is now, by code points, longest names first", () => {
  const chosen = [{ participant: "p1", name: "Ana" }, { participant: "p2", name: "Ana Lind" }, { participant: "p3", name: "Ana" }];
  assert.deepEqual(mentionsIn("𝕏 @Ana Lind, @Ana and @Ana", chosen), [{ participant: "p2", at: 2, n: 9 }, { participant: "p1", at: 13, n: 4 }, { participant: "p3", at: 22, n: 4 }]);
  assert.equal(mentionsIn("@Anabel and nobody", chosen), undefined);
  assert.deepEqual(chosenOf("nonsense"), []);
});

test("links lead to the web and nowhere else; nothing is lost of a text", () => {
  const text = "a (https://example.org/x_(y)). javascript:alert(1) http://u:p@evil.example https://[bad https://ok.example/, <b>";
  const pieces = piecesOf(text);
  assert.deepEqual(pieces.filter(({ href }) => href).map(({ text }) => text), ["https://example.org/x_(y)", "https://ok.example/"]);
  assert.equal(pieces.map((piece) => piece.text).join(""), text);
});

test("mentions that do not fit are words", () => {
  const pieces = piecesOf("𝕏@Ana!", [{ participant: "p1", at: 1, n: 4 }, { participant: "p2", at: 2, n: 2 }, { participant: "p3", at: 9, n: 9 }]);
  assert.deepEqual(pieces, [{ text: "𝕏" }, { text: "@Ana", participant: "p1" }, { text: "!" }]);
});

test("whoever was erased is not called by name", () => {
  const said = unnamed({ text: "@Ana and @Ben", mentions: [{ participant: "p1", at: 0, n: 4 }, { participant: "p2", at: 9, n: 4 }] }, (of) => of !== "p1");
  assert.deepEqual(said, { text: "@… and @Ben", mentions: [{ participant: "p2", at: 7, n: 4 }] });
});

const post = (id: string, participant: string, more: Partial<Post> = {}): Post => ({ id, at: 1, text: "x", ...who(participant, participant), ...more });

test("what others wrote behind the mark is new; a line stands before the first of it", () => {
  const items = [post("m1", "p1"), post("m9", "p2"), post("ma", "me"), post("mb", "p2", { mentions: [{ participant: "me", at: 0, n: 1 }] }), post("mc", "p1", { deletedBy: "Mo" })];
  assert.deepEqual(unreadOf(items, placeOf("m1"), "me"), { count: 2, mentions: 1 });
  assert.deepEqual(unreadOf(items, lastPlace(items), "me"), { count: 0, mentions: 0 });
  assert.equal(firstBehind(items, placeOf("m5")), "m9", "also when the message of the mark is gone");
  assert.equal(firstBehind(items, lastPlace(items)), undefined);
  assert.equal(lastPlace([]), 0);
});
