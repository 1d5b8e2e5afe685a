// Mentions, what is new, and the way to what somebody replied to: three people at once, in chat and backchannel.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, devices, heard, log, message, openTab, post, said, staffComposer } from "./people.mjs";
import { fullName, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function seat(house, room, name, type, options) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person(options);
  await person.enter(invitation);
  return { page: person.page, invitation };
}

/** Whom the list offers that stands over the field. */
const known = (page) => page.getByRole("listbox", { name: t("mention.label") }).getByRole("option");

/** Types the beginning of a name and takes it from the list, by keys alone. */
async function mention(page, typed, name, rest, field = composer(page)) {
  await field.pressSequentially(typed);
  await known(page).filter({ hasText: name }).waitFor();
  await field.press("Enter");
  await field.pressSequentially(rest);
  await field.press("Enter");
}

const tab = (page, key) => page.getByRole("tab", { name: new RegExp(`^${t(key)}`) });

for (const device of devices) {
  scene(`who is mentioned sees a mark and hears it once, others do not (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const ana = await seat(house, room, "Ana", "viewer", { device });
    const ben = await seat(house, room, "Ben", "viewer", { device });
    const mo = await seat(house, room, "Mo", "moderator", { device });
    await post(ana.page, "Is anybody there?");
    await message(ben.page, "Is anybody there?").waitFor();
    await openTab(ana.page, "tab.people");
    const name = fullName(ana.invitation);
    await mention(mo.page, "Yes, @an", name, "welcome!");
    const text = `Yes, @${name} welcome!`;
    await message(ben.page, text).locator(".mention", { hasText: `@${name}` }).waitFor();
    assert.equal(await ben.page.locator(".msg[data-me]").count(), 0);
    await tab(ana.page, "tab.chat").getByText(t("tab.mentions_one", { count: 1 })).waitFor();
    await heard(ana.page, t("say.mention", { name: fullName(mo.invitation), text }));
    assert.equal((await said(ana.page)).filter((one) => one.includes(text)).length, 1);
    await openTab(ana.page, "tab.chat");
    await ana.page.locator(".msg[data-me]", { hasText: text }).locator(".mention[data-me]").waitFor();
    await ana.page.locator(".cut").waitFor();
    await openTab(ana.page, "tab.people");
    await post(mo.page, "No name in this one");
    await tab(ana.page, "tab.chat").getByText(t("tab.new")).waitFor();
    await ana.page.reload();
    await message(ana.page, "No name in this one").waitFor();
    await ana.page.locator(".cut").waitFor();
    assert.match(await ana.page.locator(".cut + .msg").innerText(), /No name in this one/, "the line stands before what is new, after a reload, too");
  }, { timeout: 60_000 });
}

scene("a quote leads to its message", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  await post(ana.page, "The very first");
  await message(mo.page, "The very first").hover();
  await message(mo.page, "The very first").getByRole("button", { name: /^Actions for/ }).click();
  await mo.page.getByRole("menuitem", { name: t("chat.reply") }).click();
  await post(mo.page, "This is why");
  for (let n = 0; n < 12; n++) await post(mo.page, `Line ${n}`);
  await message(ana.page, "Line 11").waitFor();
  await message(ana.page, "This is why").getByRole("button", { name: /The very first/ }).click();
  await ana.page.waitForFunction(() => document.activeElement?.matches(".msg") && document.activeElement.textContent?.includes("The very first"));
}, { timeout: 60_000 });

scene("staff mention each other in the backchannel, and never a viewer", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  await seat(house, room, "Ana", "viewer");
  const sam = await seat(house, room, "Sam", "speaker");
  const mo = await seat(house, room, "Mo", "moderator");
  const field = staffComposer(mo.page);
  await field.pressSequentially("@An");
  assert.equal(await mo.page.getByRole("listbox", { name: t("mention.label") }).count(), 0);
  await field.fill("");
  await mention(mo.page, "@Sa", fullName(sam.invitation), "two minutes", field);
  await sam.page.locator(".backstage .msg[data-me]", { hasText: "two minutes" }).waitFor();
});

scene("an Enter that follows the choice at once sends", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  await post(ana.page, "Hello");
  await message(mo.page, "Hello").waitFor();
  await composer(mo.page).pressSequentially("@an");
  await known(mo.page).first().waitFor();
  await composer(mo.page).evaluate((field) => {
    for (let n = 0; n < 2; n++) field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  });
  await message(ana.page, `@${fullName(ana.invitation)}`).locator(".mention[data-me]").waitFor();
});

scene("addresses can be followed, and tell nothing of the room", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  await post(mo.page, "See https://example.org/a?b=1, or javascript:alert(1), http://u:p@evil.example/ and (https://example.org/c).");
  const links = message(ana.page, "See https").locator(".msg-text a");
  await links.first().waitFor();
  assert.deepEqual(await links.evaluateAll((all) => all.map(({ href, rel, target }) => [href, rel, target])), [
    ["https://example.org/a?b=1", "noopener noreferrer nofollow ugc", "_blank"],
    ["https://example.org/c", "noopener noreferrer nofollow ugc", "_blank"],
  ]);
  await log(ana.page).waitFor();
});
