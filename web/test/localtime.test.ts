// Where the clocks change, a time on the wall is no moment, or two.

process.env.TZ = "Europe/Berlin";

import assert from "node:assert/strict";
import { test } from "node:test";
import { instantsOf, localValue } from "../src/localtime.ts";

const utc = (moments: number[]) => moments.map((at) => new Date(at).toISOString().slice(0, 16));

test("an ordinary time is one moment", () => {
  assert.deepEqual(utc(instantsOf("2027-06-01T16:00")), ["2027-06-01T14:00"]);
  assert.deepEqual(utc(instantsOf("2027-03-28T01:59")), ["2027-03-28T00:59"]);
  assert.deepEqual(utc(instantsOf("2027-03-28T03:00")), ["2027-03-28T01:00"]);
});

test("the clocks leap over a time", () => assert.deepEqual(instantsOf("2027-03-28T02:30"), []));

test("the clocks show a time twice", () => {
  assert.deepEqual(utc(instantsOf("2027-10-31T02:30")), ["2027-10-31T00:30", "2027-10-31T01:30"]);
});

test("nothing is no time", () => {
  assert.deepEqual(instantsOf(""), []);
  assert.deepEqual(instantsOf("soon"), []);
});

test("a moment is shown as the wall shows it", () => assert.equal(localValue(Date.parse("2027-10-31T01:30Z")), "2027-10-31T02:30"));
