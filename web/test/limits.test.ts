// What the forms allow is what the server allows, and each of its refusals of a value has words.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { badSpeaker, isNameless, most, refusals, wordsFor } from "../src/views/desk/limits.ts";

const server = (folder: string) => join(process.cwd(), "..", folder);
const read = (folder: string) => readdirSync(server(folder)).filter((name) => /(?<!_test)\.go$/.test(name)).map((name) => readFileSync(join(server(folder), name), "utf8")).join("\n");
const rules = read("hub/room");
const limit = (name: string, text = rules) => Number(text.match(new RegExp(`\\b${name}\\s*=\\s*(\\d+)`))?.[1]);

test("limits are the server's", () => {
  assert.deepEqual(most, {
    title: limit("MaxTitle"),
    description: limit("MaxDescription"),
    name: limit("MaxName"),
    bio: limit("MaxBio"),
    reason: limit("MaxReason"),
    devices: limit("MaxDevices"),
    address: limit("MaxAddress", read("server/mailaddr")),
  });
});

test("the server's refusals are known by the words that it uses", () => {
  for (const said of Object.values(refusals).flatMap(Object.keys)) assert.ok(rules.includes(`"${said}"`), said);
  assert.match(rules, /MaxSpeakers\s*= 50/, "as the text for too many says");
});

test("a refused value gets the best words there are", () => {
  assert.equal(wordsFor("speakers", "are too long together"), "form.speakers.together");
  assert.equal(wordsFor("ends_at", "lies more than 31 days after the start"), "form.ends.late");
  assert.equal(wordsFor("email", "is required"), "email.malformed");
  assert.equal(wordsFor("title", "is too long"), "field.long");
  assert.equal(wordsFor("title", "is odd"), "field.invalid");
});

test("a speaker needs a name, and both parts have their limits in characters", () => {
  assert.equal(badSpeaker([{ name: "" }, { name: "Ana", bio: "x".repeat(300) }]), -1);
  assert.equal(badSpeaker([{ name: "Ana" }, { name: " ", bio: "Fieldnote" }]), 1);
  assert.equal(badSpeaker([{ name: "😀".repeat(80) }, { name: "x".repeat(81) }]), 1);
  assert.equal(badSpeaker([{ name: "Ana", bio: "x".repeat(301) }]), 0);
  assert.ok(!isNameless({ name: "", bio: " " }));
});
