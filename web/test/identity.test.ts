// Names that others could take for another's (SECURITY.md, T18).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asViewer } from "../src/live/asviewer.ts";
import { cuesOf } from "../src/live/identity.ts";
import type { Role } from "../src/protocol.ts";
import { parseFrame } from "../src/protocol.ts";
import { initial, may } from "../src/state.ts";

const who = (participant: string, name: string, role: Role = "viewer") => ({ participant, name, role });
const post = (id: string, participant: string, name: string) => ({ id, at: 1, text: "x", ...who(participant, name) });

test("viewers with the name of staff, or of an office, are marked; staff and others are not", () => {
  const cues = cuesOf({ stage: [who("p1", "Priya Raman", "moderator")], chat: { items: [], more: false } });
  for (const name of ["Priya Raman", "priya  raman", "Рriya Rаman", "Prïya Raman", "Moderator", "Room M0derator", "The Host", "Veranstalter"]) {
    assert.ok(cues.posing(who("p9", name)), name);
  }
  for (const name of ["Priya", "Ana Ferreira", "Hosta Lind", "Teamara Osei"]) assert.ok(!cues.posing(who("p9", name)), name);
  assert.ok(!cues.posing(who("p1", "Priya Raman")), "themselves, a viewer again");
  assert.ok(!cues.posing(who("p2", "Moderator", "moderator")));
});

test("namesakes are numbered in their order, everybody else is not", () => {
  const items = [post("m1", "p1", "Ana Lind"), post("m2", "p2", "ana lind"), post("m3", "p1", "Ana Lind"), post("m4", "p3", "Ben")];
  const cues = cuesOf({ stage: [], chat: { items, more: false } });
  assert.deepEqual(["p1", "p2"].map((id) => cues.number(who(id, "Ana Lind"))), [1, 2]);
  assert.equal(cues.number(who("p3", "Ben")), undefined);
  assert.equal(cues.number(who("p9", "Ana Lind")), undefined, "who has not come to our eyes");
});

test("namesakes elsewhere are numbered behind those of the stage and the chat", () => {
  const cues = cuesOf({ stage: [], chat: { items: [post("m1", "p1", "Ana Lind")], more: false } }, [who("p2", "Ana Lind"), who("p1", "Ana Lind"), who("p3", "Ben")]);
  assert.deepEqual(["p1", "p2"].map((id) => cues.number(who(id, "Ana Lind"))), [1, 2]);
  assert.equal(cues.number(who("p3", "Ben")), undefined);
});

test("as a viewer staff have a viewer's rights and see nothing of the backchannel", () => {
  const you = { participant: "p1", name: "Mo", role: "moderator" as const, rights: ["participant.mute", "backchannel.post"], confirmed: true };
  const told = { ...who("p2", "Eva", "manager"), id: "m1", text: "hush", at: 1 };
  const state = asViewer({ ...initial, you, backchannel: { items: [], more: false }, announcements: [{ ...told, to: "staff" }, { ...told, id: "m2", to: "inside" }] });
  assert.equal(state.you?.role, "viewer");
  assert.ok(may(state, "chat.post") && !may(state, "participant.mute"));
  const { frame } = JSON.parse(readFileSync("../hub/wire/testdata/044-demotion.json", "utf8"));
  const viewers = parseFrame(frame).flatMap((message) => ("event" in message && message.event === "me.role" ? message.data.rights : []));
  assert.deepEqual(state.you?.rights, viewers, "what the server gives viewers");
  assert.equal(state.backchannel, undefined);
  assert.deepEqual(state.announcements.map(({ id }) => id), ["m2"]);
});
