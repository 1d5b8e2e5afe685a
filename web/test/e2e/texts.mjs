// The English texts, from the catalogues that the app itself uses: a test names what is said by its key.

import { readFileSync } from "node:fs";

const part = (name) => JSON.parse(readFileSync(new URL(`../../src/i18n/en/${name}.json`, import.meta.url), "utf8"));
const texts = { ...part("room"), ...part("live"), ...part("desk") };

export function t(key, values = {}) {
  if (!(key in texts)) throw new Error(`no text ${key}`);
  return texts[key].replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/** A text up to its first unknown value, for matching what varies: `t("lobby.locked")` holds a time. */
export const start = (key) => t(key).split("{")[0].trim();
