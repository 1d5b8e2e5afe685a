// The catalogues: same keys, same placeholders, and each key in use.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chooseLanguage, fill, plural, setTexts, t, usePart, variantOf } from "../src/i18n/index.ts";

type Texts = Record<string, string>;

const source = join(process.cwd(), "src");
const parts = readdirSync(join(source, "i18n", "en")).map((name) => name.replace(/\.json$/, ""));
const catalogue = (language: string, part: string): Texts => JSON.parse(readFileSync(join(source, "i18n", language, `${part}.json`), "utf8"));
const all = (language: string): Texts => Object.assign({}, ...parts.map((part) => catalogue(language, part)));
const code = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(join(source, name), "utf8"))
  .join("\n");

test("both languages have the same keys, part by part", () => {
  for (const part of parts) assert.deepEqual(Object.keys(catalogue("de", part)).sort(), Object.keys(catalogue("en", part)).sort(), part);
});

test("no key stands in two parts", () => {
  const keys = parts.flatMap((part) => Object.keys(catalogue("en", part)));
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
});

test("a text and its translation have the same placeholders", () => {
  const holes = (text?: string) => [...(text ?? "").matchAll(/\{\w+\}/g)].map(String).sort();
  const german = all("de");
  for (const [key, text] of Object.entries(all("en"))) assert.deepEqual(holes(german[key]), holes(text), key);
});

test("each key is used", () => {
  const patterns = [...code.matchAll(/`((?:[\w.-]|\$\{[^`{}]*\})+)`/g)].map((match) => match[1] ?? "").filter((one) => /\.\w|\w\./.test(one.replace(/\$\{[^}]*\}/g, ""))).map(pattern);
  const unused = Object.keys(all("en")).filter((key) => {
    const stem = key.replace(/_(one|other)$/, "");
    return !code.includes(`"${stem}"`) && !patterns.some((one) => one.test(stem));
  });
  assert.deepEqual(unused, []);
});

/** `role.now.${role}.text` as a pattern for the keys that it can make. */
function pattern(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "[\\w-]+")}$`);
}

test("no exclamation marks, no please, no oops (DESIGN, section 5)", () => {
  for (const [key, text] of Object.entries({ ...all("en"), ...all("de") })) assert.doesNotMatch(text, /!|\bplease\b|\boops\b|\bbitte\b/i, key);
});

test("parts that come out of order leave no text behind", async (context) => {
  const asked: (() => void)[] = [];
  context.mock.method(globalThis, "fetch", (address: string) => new Promise((resolve) => {
    asked.push(() => resolve(Response.json(catalogue("en", address.split("-")[1] ?? ""))));
  }));
  const first = usePart("requests");
  const early = asked.splice(0);
  const second = usePart("invitations");
  for (const answer of asked) answer();
  await second;
  for (const answer of early) answer();
  await first;
  assert.equal(t("invitations.title"), "Invitations");
  assert.equal(t("requests.dismiss"), "Dismiss");
});

test("texts are filled, plurals chosen, unknown holes kept", () => {
  setTexts("en", all("en"));
  assert.equal(t("lobby.title", { name: "Ana" }), "Welcome, Ana. The doors are open.");
  assert.equal(plural("lobby.left", 1), "1 try left.");
  assert.equal(plural("lobby.left", 4), "4 tries left.");
  assert.equal(fill("{a} {b}", { a: 1 }), "1 {b}");
});

test("the language is the first that the visitor wants and we have", () => {
  assert.equal(chooseLanguage(["fr-FR", "de-AT", "en"]), "de");
  assert.equal(chooseLanguage(["fr-FR"]), "en");
  assert.equal(variantOf("de", ["en", "de-AT"]), "de-AT");
  assert.equal(variantOf("de", ["en"]), "de");
});
