// The fold of polls reads the very frames that the server's tests write.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Polls } from "../src/live/polls.ts";
import { polls } from "../src/live/polls.ts";
import { unanswered } from "../src/live/tallies.ts";
import type { ServerMessage } from "../src/protocol.ts";
import { parseFrame } from "../src/protocol.ts";
import { initial, reduce } from "../src/state.ts";

const folder = join(process.cwd(), "../hub/wire/testdata");
const frames = new Map(readdirSync(folder).filter((name) => name.endsWith(".json")).map((file) => {
  const { name, frame } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  return [name as string, frame as string];
}));

function fold(...names: string[]): Polls {
  let held = polls.initial;
  let state = initial;
  for (const name of names) {
    const frame = frames.get(name);
    assert.ok(frame, `no golden frame ${name}`);
    for (const message of parseFrame(frame) as ServerMessage[]) {
      state = reduce(state, message);
      held = polls.reduce(held, message, state);
    }
  }
  return held;
}

test("a poll from draft to result", () => {
  const [draft] = fold("event interaction.created").items;
  assert.equal(draft?.state, "draft");
  assert.equal("participant" in (draft ?? {}), false, "who wrote it is not the poll's");
  const running = fold("event interaction.created", "event interaction.revised", "event interaction.launched");
  assert.equal(running.items.length, 1);
  assert.equal(running.items[0]?.kind, "quiz");
  assert.deepEqual(unanswered(running).map(({ id }) => id), [running.items[0]?.id]);
  const answered = fold("event interaction.launched", "signal interaction.mine");
  assert.deepEqual(answered.mine[answered.items[0]?.id ?? ""]?.choices, [1]);
  assert.equal(unanswered(answered).length, 0);
  const closing = fold("event interaction.launched", "event interaction.closing");
  assert.equal(closing.items[0]?.state, "closing");
  const closed = fold("event interaction.launched", "event interaction.closed");
  assert.equal(closed.items[0]?.state, "closed");
  assert.equal(closed.items[0]?.outcome?.correct, 1);
});

test("hidden results are forgotten, shared ones come back", () => {
  assert.equal(fold("event interaction.launched", "event interaction.closed", "event interaction.shared hidden").items[0]?.outcome, undefined);
  assert.ok(fold("event interaction.launched", "event interaction.closed", "event interaction.shared hidden", "event interaction.shared again").items[0]?.outcome);
});

test("a snapshot is all there is", () => {
  const whole = fold("event interaction.created", "ok hello interactions");
  assert.ok(whole.items.length > 1 && whole.items.every((item, i, all) => i === 0 || parseInt(item.id.slice(1), 36) > parseInt(all[i - 1]?.id.slice(1) ?? "", 36)));
  assert.ok(Object.keys(whole.mine).length > 0, "my answers come with the greeting");
  assert.deepEqual(fold("ok hello interactions", "event content.forgotten").items, []);
  assert.ok(Object.keys(fold("signal interaction.tally").tallies).length > 0);
});
