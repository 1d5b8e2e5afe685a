// Every act that the server keeps has words here, and every value that it tells of one.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { acts, changeOf, fields, roomActs, sentenceOf } from "../src/views/desk/audittexts.ts";
import { setTexts } from "../src/i18n/index.ts";

const root = join(process.cwd(), "..");
const read = (folder: string) => readdirSync(join(root, folder)).filter((name) => /(?<!_test)\.go$/.test(name)).map((name) => readFileSync(join(root, folder, name), "utf8")).join("\n");
const rules = read("hub/room");
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");

/** Facts by the name of their type. */
const kinds = new Map([...rules.matchAll(/func \((\w+)\) Kind\(\) string\s*\{ return "([\w.]+)" \}/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
const kept = all(rules, /^\t(\w+)\{\}\.Kind\(\):\s*audit(?:Always|Others),/gm).map((type) => kinds.get(type) ?? type);

/** Acts beside the logs of the rooms. */
const beside = [...all(read("server/api"), /\.act\("([\w.]+)"/g), ...all(read("server"), /keyAct\("([\w.]+)"/g)];

test("every act of hub/room has words", () => {
  assert.ok(kept.length >= 28, `${kept.length} found`);
  assert.deepEqual(kept.filter((kind) => !acts.includes(kind)), []);
  assert.deepEqual(kept.filter((kind) => !kind.startsWith("site.") && !roomActs.includes(kind)), [], "acts in rooms");
});

test("every act beside the logs has words", () => {
  assert.ok(beside.length >= 20, `${beside.length} found`);
  assert.deepEqual(beside.filter((kind) => !acts.includes(kind)), []);
});

/** What the facts say of themselves where nothing compares them with the state before: their numbers and switches. */
function shapes(): string[] {
  const compared = [...rules.matchAll(/^func \(s \*State\) changes\(.*?^}/gms)].flatMap(([text]) => all(text, /case (\w+):/g)).map((type) => kinds.get(type));
  const facts: { kind: string; fact: Record<string, unknown> }[] = JSON.parse(readFileSync(join(root, "hub/room/testdata/facts.json"), "utf8"));
  return facts.filter(({ kind }) => kept.includes(kind) && !compared.includes(kind))
    .flatMap(({ fact }) => Object.entries(fact).filter(([, value]) => typeof value === "number" || typeof value === "boolean").map(([name]) => name));
}

test("every field that may change has words", () => {
  const compared = all(rules, /\bc\.(?:value|time|written)\("([\w.]+)"/g);
  const settings = [...rules.matchAll(/all := map\[string\]string\{.*?^\t\}/gms)].flatMap(([text]) => all(text, /"(\w+)":/g));
  const circles = all(rules, /\.settings\("(\w+)", all\)/g);
  const people = all(read("server/api"), /\bnote\("(\w+)"/g);
  const told = [compared, settings, circles, people, shapes()];
  for (const part of told) assert.ok(part.length > 0);
  assert.deepEqual([...new Set(told.flat())].filter((name) => !(fields as readonly string[]).includes(name)), []);
});

test("an act and a change in words", () => {
  setTexts("en", JSON.parse(readFileSync(join(process.cwd(), "src/i18n/en/audit.json"), "utf8")));
  assert.equal(sentenceOf("role.changed"), "changed a role");
  assert.equal(sentenceOf("future.act"), "future.act");
  assert.equal(changeOf({ field: "right", before: "co-owner", after: "owner" }, {}), "Right: co-owner → owner");
  assert.equal(changeOf({ field: "inviters.a1", after: "named" }, { a1: "Ana Ferreira" }), "Who may invite, Ana Ferreira: named");
  assert.equal(changeOf({ field: "title" }, {}), "Title");
  assert.equal(changeOf({ field: "evil.example", after: "block" }, {}), "evil.example: blocked");
  assert.match(changeOf({ field: "starts_at", before: "1795420800000", after: "" }, {}), /^Start: .*November.* → –$/);
});
