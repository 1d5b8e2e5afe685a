import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, countdown, offsetOf, spokenMoment } from "../src/clock.ts";

test("the quickest of the samples decides", () => {
  const slow = { left: 0, came: 400, t1: 10_390, t2: 10_390 };
  const quick = { left: 1_000, came: 1_020, t1: 11_010, t2: 11_010 };
  assert.equal(offsetOf([slow, quick]), 10_000);
  assert.equal(offsetOf([]), undefined);
});

test("time that the server itself needed does not count as road", () => {
  const busy = { left: 0, came: 120, t1: 10_010, t2: 10_110 };
  const idle = { left: 0, came: 60, t1: 10_050, t2: 10_050 };
  assert.equal(offsetOf([idle, busy]), 10_000);
});

test("a browser clock that is a day off does no harm: only the monotonic clock is read", async () => {
  let local = 5_000;
  const clock = new Clock(() => local);
  assert.equal(clock.now(), undefined);
  clock.set(1_000_000);
  assert.equal(clock.now(), 1_000_000);
  await clock.measure(async () => {
    local += 20;
    const server = local - 10 + 2_000_000;
    return { t1: server, t2: server };
  });
  assert.equal(clock.now(), local + 2_000_000);
});

test("a measurement that was overtaken is void", async () => {
  const clock = new Clock(() => 0);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const old = clock.measure(async () => {
    await held;
    return { t1: 1, t2: 1 };
  });
  await clock.measure(async () => ({ t1: 500, t2: 500 }));
  release();
  await old;
  assert.equal(clock.now(), 500);
});

test("a countdown shows its two largest units", () => {
  const show = (ms: number) => countdown(ms).map(({ value, unit }) => `${value} ${unit}`).join(" ");
  assert.equal(show(3 * 86_400_000 + 4 * 3_600_000 + 5), "3 day 4 hour");
  assert.equal(show(5 * 3_600_000 + 12 * 60_000), "5 hour 12 minute");
  assert.equal(show(12 * 60_000 + 43_000), "12 minute 43 second");
  assert.equal(show(42_001), "43 second");
  assert.equal(show(-5), "0 second");
});

test("the countdown is spoken at 10, 5 and 1 minutes, 30 and 10 seconds, once each", () => {
  assert.equal(spokenMoment(600_500, 599_500), 600);
  assert.equal(spokenMoment(599_500, 598_500), undefined);
  assert.equal(spokenMoment(Number.POSITIVE_INFINITY, 3_600_000), undefined);
  assert.equal(spokenMoment(700_000, 59_000), 60);
});
