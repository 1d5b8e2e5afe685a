// Step 4: roles change live: on the person's tabs in place, in everybody's list, while people keep typing.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, desktop, devices, giveRole, inside, mark, message, notice, openTab, phone, post, staffComposer, stillMarked } from "./people.mjs";
import { fullName, invite, makeRoom, setType } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function seat(house, room, name, type, options) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person(options);
  await person.enter(invitation);
  return { page: person.page, person, invitation };
}

/** The head of the page says one's own role. */
const ownRole = (page, role) => page.locator(`header .badge[data-role=${role}]`).waitFor();
const row = (page, invitation) => page.locator("#pane-people .row", { hasText: fullName(invitation) });

/** Types half a sentence and selects a word of it; returns how to see that nothing of this was touched. */
async function startWriting(page, text = "In our case partners sent") {
  const field = composer(page);
  await field.fill(text);
  await field.evaluate((area) => {
    area.setSelectionRange(3, 6);
    globalThis.area = area;
  });
  return async () => {
    const now = await field.evaluate((area) => ({
      same: area === globalThis.area,
      focused: area === document.activeElement,
      value: area.value,
      selection: [area.selectionStart, area.selectionEnd],
    }));
    assert.deepEqual(now, { same: true, focused: true, value: text, selection: [3, 6] }, "composer, draft, focus and selection are untouched");
  };
}

for (const device of devices) {
  scene(`a moderator makes a viewer a speaker and back: both tabs change in place, and the others' lists (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const ana = await seat(house, room, "Ana", "viewer", { device });
    const mo = await seat(house, room, "Mo", "moderator", { device });
    const eve = await seat(house, room, "Eve", "viewer", { device });
    const second = await ana.person.tab();
    await ana.person.follow(ana.invitation, second);
    await inside(second);
    for (const page of [ana.page, second, eve.page]) await mark(page);
    await openTab(eve.page, "tab.people");
    await ana.page.bringToFront();
    const untouched = await startWriting(ana.page);

    await giveRole(mo.page, ana.invitation, "speaker");
    await notice(mo.page, t("role.done.speaker", { name: fullName(ana.invitation) })).waitFor();
    for (const page of [ana.page, second]) {
      await notice(page, t("role.now.speaker")).getByText(t("role.now.speaker.text", { name: fullName(mo.invitation) })).waitFor();
      await ownRole(page, "speaker");
    }
    await row(eve.page, ana.invitation).locator(".badge[data-role=speaker]").waitFor();
    await untouched();
    await ana.page.bringToFront();
    if (device === desktop) await staffComposer(ana.page).waitFor();
    else await ana.page.getByRole("tab", { name: t("tab.backchannel") }).waitFor();

    await giveRole(mo.page, ana.invitation, "viewer");
    for (const page of [ana.page, second]) {
      await notice(page, t("role.now.viewer")).waitFor();
      await ownRole(page, "viewer");
      await page.locator(".backstage").waitFor({ state: "detached" });
    }
    await row(eve.page, ana.invitation).waitFor({ state: "detached" });
    await untouched();
    for (const page of [ana.page, second, eve.page]) await stillMarked(page);
  });
}

for (const device of devices) {
  scene(`an owner makes a viewer a moderator and back (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const ana = await seat(house, room, "Ana", "viewer", { device });
    const owner = await house.manager(room, "owner", { device });
    await owner.page.goto(house.at(`/r/${room.id}`));
    await inside(owner.page);
    await ownRole(owner.page, "manager");
    const untouched = await startWriting(ana.page);
    await giveRole(owner.page, ana.invitation, "moderator");
    const done = notice(owner.page, t("role.done.moderator", { name: fullName(ana.invitation) }));
    await done.hover(); // it stays while somebody points at it
    await notice(ana.page, t("role.now.moderator")).waitFor();
    await ownRole(ana.page, "moderator");
    await untouched();
    await row(owner.page, ana.invitation).locator(".badge[data-role=moderator]").waitFor();
    await done.getByRole("button", { name: t("undo") }).click();
    await notice(ana.page, t("role.now.viewer")).waitFor();
    await ownRole(ana.page, "viewer");
    await untouched();
  });
}

scene("both keep typing through promotion and demotion, and no letter is lost", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  const words = "The quick brown fox jumps over the lazy dog while roles change.";
  let typing = true;
  const typed = [ana, mo].map(({ page }) => composer(page).pressSequentially(words, { delay: 15, timeout: 60_000 }));
  void Promise.all(typed).finally(() => { typing = false; });
  let changes = 0;
  while (typing) await setType(house.server, room, ana.invitation, changes++ % 2 === 0 ? "speaker" : "viewer");
  await Promise.all(typed);
  assert.ok(changes >= 2, `${changes} changes`);
  for (const { page } of [ana, mo]) assert.equal(await composer(page).inputValue(), words);
  await composer(ana.page).press("Enter");
  await message(mo.page, words).waitFor();
});

scene("who stands in the backchannel when it goes is taken to the chat's tab", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  for (const device of [desktop, phone]) {
    const sam = await seat(house, room, `Sam ${device.name}`, "speaker", { device });
    if (device === phone) await openTab(sam.page, "tab.backchannel");
    await staffComposer(sam.page).fill("A thought for staff");
    await setType(house.server, room, sam.invitation, "viewer");
    await notice(sam.page, t("role.now.viewer")).waitFor();
    await sam.page.waitForFunction(() => document.activeElement?.id === "tab-chat");
    await composer(sam.page).waitFor();
  }
});

for (const device of devices) {
  scene(`who is no longer staff has nothing of it left: not in the page, its title, what is read out, or what the browser keeps (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const sam = await seat(house, room, "Sam", "moderator", { device });
    const second = await sam.person.tab();
    await sam.person.follow(sam.invitation, second);
    await inside(second);
    const mo = await seat(house, room, "Mo", "moderator");
    const vera = await seat(house, room, "Vera", "viewer", { device: phone });
    await sam.page.bringToFront();
    await post(mo.page, "Sealed word", staffComposer(mo.page));
    await openTab(vera.page, "tab.questions");
    await vera.page.getByLabel(t("question.write")).fill("Sealed question?");
    await vera.page.getByRole("button", { name: t("question.ask"), exact: true }).click();
    const sealed = (page) => page.evaluate(() => document.documentElement.outerHTML.match(/Sealed \w+/g) ?? []);
    if (device === phone) {
      await openTab(sam.page, "tab.chat");
      await sam.page.waitForFunction(() => document.title.startsWith("("));
    } else {
      await message(sam.page, "Sealed word").waitFor();
    }
    await message(second, "Sealed word").waitFor({ state: "attached" });
    await setType(house.server, room, sam.invitation, "viewer");
    for (const page of [sam.page, second]) {
      await page.bringToFront();
      await ownRole(page, "viewer");
      await page.waitForFunction(() => !document.title.startsWith("("));
      assert.deepEqual(await sealed(page), []);
      const kept = await page.evaluate(async () => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, await caches?.keys(), await navigator.serviceWorker?.getRegistrations()]));
      assert.doesNotMatch(kept, /Sealed/);
    }
  });
}

scene("the notice opens the backchannel; a moderator cannot make moderators", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer", { device: phone });
  const mo = await seat(house, room, "Mo", "moderator");
  await giveRole(mo.page, ana.invitation, "speaker");
  await notice(ana.page, t("role.now.speaker")).getByRole("button", { name: t("role.backchannel") }).click();
  await ana.page.waitForFunction(() => document.activeElement?.id === "backchannel-text");
  await post(ana.page, "Hello staff", staffComposer(ana.page));
  await message(mo.page, "Hello staff").waitFor();
  await mo.page.getByRole("button", { name: t("people.actions", { name: fullName(ana.invitation) }) }).click();
  const moderator = mo.page.getByRole("menuitemradio", { name: new RegExp(`^${t("role.moderator")}`) });
  assert.equal(await moderator.getAttribute("aria-disabled"), "true");
  await moderator.getByText(t("role.managers")).waitFor();
});

scene("a changed type in the list of invitations reaches the person in the room", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const owner = await house.manager(room);
  await owner.page.goto(house.at(`/rooms/${room.id}`));
  await owner.page.getByRole("button", { name: t("people.actions", { name: fullName(ana.invitation) }) }).click();
  await owner.page.getByRole("menuitemradio", { name: new RegExp(`^${t("role.moderator")}`) }).click();
  await notice(owner.page, t("invitation.changed", { name: fullName(ana.invitation), type: t("role.moderator") })).waitFor();
  await notice(ana.page, t("role.now.moderator")).waitFor();
});

scene("a manager's right changes live as well", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const owner = await house.manager(room, "co-editor");
  await owner.page.goto(house.at(`/r/${room.id}`));
  await inside(owner.page);
  await owner.page.locator("header .badge", { hasText: t("right.co-editor") }).waitFor();
  await mark(owner.page);
  await house.server.call("PUT", `/rooms/${room.id}/managers/${owner.account.id}`, { right: "co-owner" });
  await owner.page.locator("header .badge", { hasText: t("right.co-owner") }).waitFor();
  await stillMarked(owner.page);
});
