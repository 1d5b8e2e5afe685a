// Mail scanners open links, run scripts, press buttons and submit forms. None of that may burn an invitation:
// the person whom it was sent to still gets in.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { inside } from "./people.mjs";
import { changeRoom, invite, makeRoom, standing } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const VISITS = 10;

/** Opens the link, submits every form as it is, presses every button, and follows one of the page's own links. */
async function scan({ page }, url, visit) {
  await page.goto(url);
  await page.getByLabel(t("email.label")).waitFor();
  await page.evaluate(() => { for (const form of document.forms) form.requestSubmit(); });
  await page.getByText(t("email.empty")).waitFor();
  for (const button of await page.locator("button, [role=button], summary").all()) await button.evaluate((element) => element.click());
  await page.getByText(t("email.empty")).waitFor();
  const leads = await page.locator("a[href]").evaluateAll((links, visit) => {
    const link = links[visit % links.length];
    link.click();
    return link.matches(":not([download], [href^='#'])") ? link.href : undefined;
  }, visit);
  if (leads) await page.waitForURL(leads);
}

/** What looks at a link without a browser: previews, prefetch, HEAD. */
async function peek(url) {
  const bare = url.split("#")[0];
  for (const init of [{ method: "HEAD" }, {}, { headers: { "Sec-Purpose": "prefetch" } }, { headers: { Purpose: "prefetch", "User-Agent": "Slackbot-LinkExpanding 1.0" } }]) {
    const answer = await fetch(bare, init);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("cache-control"), /no-store/);
    assert.equal(answer.headers.get("set-cookie"), null, "looking gives no cookie");
    await answer.arrayBuffer();
  }
}

for (const open of [false, true]) {
  scene(`after ${VISITS} scans ${open ? "of the lobby" : "during the countdown"} the real person gets in`, async (house) => {
    const room = await makeRoom(house.server, { in: 3_600, open });
    const invitation = await invite(house.server, room, "Ana");
    await peek(invitation.url);
    assert.equal((await standing(house.server, room, invitation)).state, "issued", "a look opens nothing");
    for (let visit = 0; visit < VISITS; visit++) {
      const scanner = await house.person();
      await scan(scanner, invitation.url, visit);
      assert.deepEqual(scanner.noise, []);
      await scanner.leave(house.server);
    }
    house.people = [];
    const now = await standing(house.server, room, invitation);
    assert.match(now.state, /^(opened|waiting)$/); // the last one's socket may still be there
    assert.deepEqual([now.devices_used, Boolean(now.locked)], [0, false]);

    const ana = await house.person();
    if (!open) await changeRoom(house.server, room, { state: "open" });
    await ana.enter(invitation);
    await inside(ana.page);
  }, { timeout: 60_000 });
}
