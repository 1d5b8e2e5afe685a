// Holds the bundle to its budget (gzipped): what a guest loads before the lobby and in all, what a manager loads,
// and what each feature of the live room adds when it is first shown.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));
const zipped = (name) => gzipSync(readFileSync(new URL(`assets/${name}`, dist)), { level: 9 }).length;
const total = (names) => names.reduce((sum, name) => sum + zipped(name), 0);
const union = (...lists) => [...new Set(lists.flat())];

const first = [manifest.script, ...manifest.preload];
const part = (name) => manifest.parts[`src/views/${name}`];
const inside = union(first, part("live.tsx"), part("ends.ts"));

/** The parts of the live room, below live/ or views/live/, each without what is there by then. */
const features = Object.entries(manifest.parts).filter(([source]) => /^src\/(views\/)?live\//.test(source))
  .map(([source, names]) => [source, total(names.filter((name) => !inside.includes(name))), 8]);

const budget = [
  ["scripts before the lobby", total(first), 25],
  ["scripts of a guest, in all", total(inside), 40],
  ["scripts of a manager, without pages of their own", total(union(inside, part("desk/index.tsx"))), 54],
  ["styles", total([manifest.style]), 12],
  ...features,
];

for (const [what, bytes, limit] of budget) {
  console.log(`${bytes > limit * 1024 ? "OVER" : "ok  "} ${what}: ${(bytes / 1024).toFixed(1)} of ${limit} KiB`);
}
process.exit(budget.some(([, bytes, limit]) => bytes > limit * 1024) ? 1 : 0);
