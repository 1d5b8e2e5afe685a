// What a template, the site's name, a room and a person are made of stays text in a mail's preview and in the mail as
// a browser shows it: no script runs, nothing is fetched (SECURITY, T17).

import assert from "node:assert/strict";
import { payloads, watch } from "./hostile.mjs";
import { openHouse } from "./house.mjs";
import { makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const acting = "script, iframe, object, video, form, input, button, base, link, meta[http-equiv], img:not([src^='cid:'], [src^='data:']), [onload], [onerror], [onfocus], [ontoggle], [onmouseover], a[href^='javascript']";

/** Nothing ran in the page or in the frame with the letter, and nothing in there could. */
async function still(page, foreign, what) {
  for (const frame of page.frames()) assert.equal(await frame.evaluate(() => globalThis.pwned), undefined, `a script ran: ${what}`);
  assert.equal(await page.frameLocator("iframe.letter").locator(acting).count(), 0, `the letter could act: ${what}`);
  assert.deepEqual(foreign, []);
}

async function preview(page, change) {
  const [answer] = await Promise.all([page.waitForResponse((response) => response.url().includes("/preview")), change()]);
  return answer.status();
}

scene("in the preview of a template", async (house) => {
  const foreign = [];
  const owner = await house.siteOwner();
  watch(house, owner, foreign);
  const { page } = owner;
  for (const name of payloads.slice(0, 8).map((text) => text.slice(0, 40))) {
    await house.server.call("PATCH", "/site", { name }).catch((error) => assert.match(error.message, /422/));
    await page.goto(house.at("/site/mail"));
    await preview(page, () => page.getByRole("button", { name: t("mails.edit.of", { language: "German" }) }).click());
    await page.frameLocator("iframe.letter").getByText("Zum Raum").waitFor();
    await still(page, foreign, name);
  }
  const [subject, html, text] = ["subject", "html", "text"].map((field) => page.getByLabel(t(`editor.${field}`), { exact: true }));
  const taken = [];
  for (const payload of payloads) {
    await subject.fill(payload.slice(0, 100));
    await text.fill(`${payload}\n{link}`);
    if ((await preview(page, () => html.fill(`<p>${payload}</p><p><a href="{link}">x</a></p>`))) === 200) taken.push(payload);
    await still(page, foreign, payload);
  }
  assert.ok(taken.includes("__proto__") && !taken.includes(payloads[0]), `taken: ${taken.join(" ")}`);
  await house.server.call("PATCH", "/site", { name: "" });
}, { timeout: 120_000 });

scene("in a mail that was sent", async (house) => {
  const foreign = [];
  const { page, context } = await house.person();
  const { host } = new URL(house.server.lines.mail);
  context.on("request", (request) => /^http/.test(request.url()) && new URL(request.url()).host !== host && foreign.push(request.url()));
  for (let at = 0; at < payloads.length; at += 6) {
    const [title, first_name, last_name] = payloads.slice(at, at + 3);
    const room = await makeRoom(house.server, { title, description: payloads.slice(at, at + 6).join("\n") });
    const email = `mail${at}@example.org`;
    await house.server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name: first_name.slice(0, 60), last_name: (last_name ?? "x").slice(0, 60), type: "viewer", send_email: true });
    await page.goto(house.server.lines.mail);
    while (!(await page.getByText(email).count())) await page.reload();
    await page.getByRole("row", { name: new RegExp(email) }).getByRole("link").first().click();
    await page.frameLocator("iframe.letter").locator("a").first().waitFor();
    await still(page, foreign, title);
  }
}, { timeout: 90_000 });
