// The English texts, from the catalogues that the app itself uses: a test names what is said by its key.

import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../src/i18n/en/", import.meta.url);
const texts = Object.assign({}, ...readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"))));

export function t(key, values = {}) {
  if (!(key in texts)) throw new Error(`no text ${key}`);
  return texts[key].replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/** A text up to its first unknown value, for matching what varies: `t("lobby.locked")` holds a time. */
export const start = (key) => t(key).split("{")[0].trim();
