// What axe-core finds on a page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function look(page) {
  const visible = await page.locator("h1").first().evaluate((h1) => h1.getBoundingClientRect().width > 0);
  await still(page);
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 150)).join(" | ")}`);
  return visible ? found : [...found, "its heading has no width"];
}

/** Waits until no colour is on its way to another: in the middle of a change a contrast is that of no state. */
const still = (page) =>
  page.evaluate(() => {
    const moving = document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished);
    return Promise.race([Promise.allSettled(moving), new Promise((late) => setTimeout(late, 3_000))]).then(() => undefined);
  });
