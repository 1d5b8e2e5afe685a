// Every screen, on a desktop and on a phone, in the light and in the dark: nothing for axe-core to find, nothing that
// scrolls sideways down to 320 pixels. Colours do not depend on the screen, so the phone's are looked at in the dark
// only. With PICTURES=<folder> it keeps a picture of each, in both schemes.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { look } from "./axe.mjs";
import { openHouse } from "./house.mjs";
import { desktop, devices } from "./people.mjs";
import { screens } from "./screens.mjs";

const scene = openHouse();
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

for (const device of devices) {
  scene(`every screen is accessible and fits (${device.name})`, async (house) => {
    const findings = [];
    const seen = [];
    for await (const { name, page } of screens(house, device)) {
      seen.push(name);
      const say = (text) => findings.push(`${name}, ${device.name}: ${text}`);
      await page.emulateMedia({ reducedMotion: "reduce" });
      for (const colorScheme of device === desktop || pictures ? ["light", "dark"] : ["dark"]) {
        await page.emulateMedia({ colorScheme });
        for (const finding of await look(page)) say(`${colorScheme}: ${finding}`);
        if (pictures) await page.screenshot({ path: join(pictures, `${name}-${device.viewport.width}-${colorScheme}.png`) });
      }
      await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
      for (const width of device === desktop ? [640, 1600] : [320]) {
        await page.setViewportSize({ width, height: width === 640 ? 400 : 640 });
        const over = await sideways(page);
        if (over > 0) say(`scrolls sideways by ${over} px at ${width} px`);
      }
      await page.setViewportSize(device.viewport);
    }
    assert.ok(seen.length >= 35, `only ${seen.length} screens`);
    assert.ok(findings.length === 0, `\n${findings.join("\n")}`);
  }, { timeout: 600_000 });
}

const sideways = (page) => page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth);
