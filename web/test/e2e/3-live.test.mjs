// Step 3: inside. Chat, people, one's own role.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, devices, holds, log, message, openTab, post, settled } from "./people.mjs";
import { fullName, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function seat(house, room, name, type, options) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person(options);
  await person.enter(invitation);
  return { page: person.page, invitation };
}

for (const device of devices) {
  scene(`chat goes both ways, with names and roles (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const vera = await seat(house, room, "Vera", "viewer", { device });
    const mo = await seat(house, room, "Mo", "moderator", { device });
    await post(vera.page, "Good morning from Vera");
    await message(mo.page, "Good morning from Vera").getByText(fullName(vera.invitation)).waitFor();
    await post(mo.page, "Welcome, Vera");
    const welcome = message(vera.page, "Welcome, Vera");
    await welcome.getByText(fullName(mo.invitation)).waitFor();
    await welcome.getByText(t("role.moderator"), { exact: true }).waitFor();
    for (const { page } of [vera, mo]) {
      await settled(page);
      assert.deepEqual(await page.locator(".msg .msg-text").allInnerTexts(), ["Good morning from Vera", "Welcome, Vera"]);
    }
  });

  scene(`everybody sees the stage and a count, staff can page and search the viewers (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const vera = await seat(house, room, "Vera", "viewer", { device });
    const mo = await seat(house, room, "Mo", "moderator", { device });
    const wu = await invite(house.server, room, "Wu");
    const quiet = await house.person();
    await quiet.enter(wu);
    for (const { page } of [vera, mo]) await openTab(page, "tab.people");
    await row(vera.page, mo.invitation).getByText(t("role.moderator")).waitFor();
    await vera.page.getByText(t("people.viewers.inside_other", { count: 2 })).waitFor();
    assert.equal(await row(vera.page, wu).count(), 0, "viewers do not see who else is a viewer");
    await row(mo.page, wu).waitFor();
    await row(mo.page, vera.invitation).waitFor();
    await mo.page.getByLabel(t("people.find")).fill("wu");
    await row(mo.page, vera.invitation).waitFor({ state: "detached" });
    await row(mo.page, wu).waitFor();
    assert.equal(await vera.page.getByLabel(t("people.find")).count(), 0);
  });

  scene(`everybody sees their own role and what it allows (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    for (const [type, may, mayNot] of [["viewer", "right.may.chat", "right.may.backchannel"], ["speaker", "right.may.backchannel", "right.may.delete"], ["moderator", "right.may.role", "right.may.moderator"]]) {
      const { page } = await seat(house, room, type, type, { device });
      await page.getByRole("button", { name: t("you.button").slice(2) }).click();
      const sheet = page.getByRole("dialog");
      await sheet.getByText(t(`role.${type}`), { exact: true }).first().waitFor();
      await sheet.getByText(t(may)).waitFor();
      assert.equal(await sheet.getByText(t(mayNot)).count(), 0, `${type}: ${mayNot}`);
    }
  });
}

scene("replies, likes and deleting", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const vera = await seat(house, room, "Vera", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  await post(vera.page, "A question");
  await message(mo.page, "A question").getByRole("button", { name: t("chat.like") }).click();
  await message(vera.page, "A question").getByRole("button", { name: `${t("chat.like")} 1` }).waitFor();
  await act(mo.page, "A question", "chat.reply");
  await post(mo.page, "An answer");
  await message(vera.page, "An answer").locator(".quote", { hasText: "A question" }).waitFor();
  await act(mo.page, "An answer", "chat.delete");
  await log(vera.page).getByText(t("chat.deleted", { name: fullName(mo.invitation) })).waitFor();
  assert.equal(await message(vera.page, "An answer").count(), 0);
  await vera.page.reload();
  await message(vera.page, "A question").waitFor();
  assert.equal(await message(vera.page, "An answer").count(), 0, "a deleted message does not come back");
});

scene("who comes later reads what was said, and pages back to the first word", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const mo = await seat(house, room, "Mo", "moderator");
  for (let n = 1; n <= 45; n++) {
    await post(mo.page, `Line ${n} ${"of a longer text ".repeat(60)}`);
    await message(mo.page, new RegExp(`Line ${n} `)).and(mo.page.locator(":not([data-state])")).waitFor();
  }
  const late = await seat(house, room, "Late", "viewer");
  await message(late.page, "Line 45 ").waitFor();
  const older = late.page.getByRole("button", { name: t("chat.older") });
  while ((await message(late.page, /Line 1 /).count()) === 0) {
    const read = await late.page.locator(".msg").count();
    await older.click();
    await holds(late.page, (read) => document.querySelectorAll(".msg").length > read, "a page more is there", read);
  }
  const texts = await late.page.locator(".msg .msg-text").allInnerTexts();
  assert.deepEqual(texts.map((text) => Number(text.split(" ")[1])), Array.from({ length: 45 }, (_, i) => i + 1), "all of them, in order, once");
});

scene("what one person says fast stays in order, even when the server asks to slow down", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const vera = await seat(house, room, "Vera", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  const spoken = Array.from({ length: 9 }, (_, i) => `Word ${i + 1}`);
  for (const text of spoken) {
    await composer(vera.page).pressSequentially(text, { delay: 25 });
    await composer(vera.page).press("Enter");
  }
  await settled(vera.page);
  await message(mo.page, "Word 9").waitFor();
  for (const { page } of [mo, vera]) assert.deepEqual(await page.locator(".msg .msg-text").allInnerTexts(), spoken);
});

scene("staff have a channel that viewers never see", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const vera = await seat(house, room, "Vera", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  const sam = await seat(house, room, "Sam", "speaker");
  await post(mo.page, "Only between us", mo.page.getByLabel(t("backchannel.write")));
  await message(sam.page, "Only between us").waitFor();
  await post(mo.page, "For everybody");
  await message(vera.page, "For everybody").waitFor();
  assert.equal(await vera.page.locator("body", { hasText: "Only between us" }).count(), 0);
  assert.equal(await vera.page.getByLabel(t("backchannel.write")).count(), 0);
});

const row = (page, invitation) => page.locator("#pane-people .row", { hasText: fullName(invitation) });

async function act(page, text, key) {
  await message(page, text).last().hover();
  await message(page, text).last().getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: t(key) }).click();
}
