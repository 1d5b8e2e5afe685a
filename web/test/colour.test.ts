// The contrast that the settings page shows is the one that the server judges by.

import assert from "node:assert/strict";
import { test } from "node:test";
import { contrastToWhite, isColour } from "../src/views/site/colour.ts";

test("contrast is as WCAG says", () => {
  assert.equal(contrastToWhite("#ffffff"), 1);
  assert.equal(Math.round(contrastToWhite("#000000")), 21);
  assert.ok(contrastToWhite("#767676") >= 4.5);
  assert.ok(contrastToWhite("#777777") < 4.5);
});

test("a colour has six digits", () => {
  for (const good of ["#1a7f4b", "#1A7F4B"]) assert.ok(isColour(good), good);
  for (const bad of ["", "green", "#fff", "1a7f4b", "#1a7f4g", "#1a7f4b0"]) assert.ok(!isColour(bad), bad);
});
