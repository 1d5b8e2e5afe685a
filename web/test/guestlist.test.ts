// Lists of guests: what goes to the server comes back to its place, and what is saved is computed by no program.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Guest } from "../src/views/desk/guestlist.ts";
import { count, csvOf, linksCsv, pieces, placed } from "../src/views/desk/guestlist.ts";

const guest = (line: number, more: Partial<Guest> = {}): Guest => ({ line, email: `a${line}@example.org`, first_name: "A", last_name: "B", type: "viewer", ...more });

test("each row is one line, whatever its cells hold", () => {
  const text = csvOf([guest(7, { first_name: 'Say "hi",\r\nAna' }), guest(9, { last_name: "", language: "de", zone: "Europe/Berlin" }), guest(10, { language: "klingon?", zone: "UTC", error: { code: "invalid", detail: "", fields: { language: "is none" } } })]);
  assert.equal(text, '"email","first_name","last_name","type","language","zone"\n"a7@example.org","Say ""hi"", Ana","B","viewer","",""\n"a9@example.org","A","","viewer","de","Europe/Berlin"\n"a10@example.org","A","B","viewer","","UTC"');
});

test("answers keep the lines of the file, also where empty rows are passed over", () => {
  const rows = [guest(4), guest(6, { email: "", first_name: "", last_name: "", type: "" }), guest(11)];
  assert.deepEqual(placed([guest(2, { ok: true }), guest(4, { ok: false })], rows).map(({ line, ok }) => [line, ok]), [[4, true], [11, false]]);
});

test("no cell of the saved links is a formula", () => {
  const rows = ["=1+1", "+1", "-1", "@A1", "\t=1", "＝1", "Ana"].map((first_name, line) => guest(line, { first_name, email: `=x${line}@example.org`, url: "https://r.example/i/a#gri_b", expires_at: "2026-11-26T10:00:00Z" }));
  const text = linksCsv([...rows, guest(99)]);
  assert.ok(text.startsWith("\ufeff"), "programs read it as UTF-8");
  const lines = text.trimEnd().split("\r\n");
  assert.equal(lines.length, 1 + rows.length, "who has no link is not among them");
  for (const cell of lines.flatMap((line) => line.replace("\ufeff", "").slice(1, -1).split('","'))) assert.doesNotMatch(cell, /^\s*[=+\-@＝]/);
  assert.match(lines.at(-1) ?? "", /"Ana"/);
});

test("a long list goes in pieces, and nobody is lost between them", () => {
  const rows = Array.from({ length: 601 }, (_, n) => n);
  const all = [...pieces(rows, 250)];
  assert.deepEqual(all.map((piece) => piece.length), [250, 250, 101]);
  assert.deepEqual(all.flat(), rows);
});

test("counts", () => {
  assert.deepEqual(count([guest(1, { ok: true }), guest(2, { ok: true, existing: true, warnings: ["mixed_script"] }), guest(3, { warnings: ["mixed_script"] })]), { fresh: 1, known: 1, left: 1, good: 2, odd: 1 });
});
