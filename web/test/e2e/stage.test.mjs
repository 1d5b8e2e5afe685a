// Onto the stage by an offer that one accepts or declines, for a time or by a raised hand, and off it by oneself.

import assert from "node:assert/strict";
import { look } from "./axe.mjs";
import { openHouse } from "./house.mjs";
import { devices, inside, notice, openTab } from "./people.mjs";
import { fullName, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function seat(house, room, name, type, device) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person({ device });
  await person.enter(invitation);
  return { page: person.page, invitation };
}

for (const device of devices) {
  scene(`somebody is asked onto the stage, accepts, and steps down (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const vera = await seat(house, room, "Vera", "viewer", device);
    const mo = await seat(house, room, "Mo", "moderator", device);
    await openTab(mo.page, "tab.people");
    const ask = async (minutes) => {
      await mo.page.getByRole("button", { name: t("people.actions", { name: fullName(vera.invitation) }) }).click();
      await mo.page.getByRole("menuitem", { name: t("stage.offer.menu") }).click();
      const window = mo.page.getByRole("dialog");
      await window.getByLabel(t("offer.lasts")).selectOption(String(minutes));
      assert.deepEqual(await look(mo.page), [], "asking somebody onto the stage");
      await window.getByRole("button", { name: t("offer.action"), exact: true }).click();
    };
    const asked = mo.page.getByRole("region", { name: t("offers.title") });
    await ask(10);
    await asked.getByText(`${t("offers.by", { name: fullName(mo.invitation) })} · ${t("offers.minutes_other", { count: 10 })}`).waitFor();
    await vera.page.getByText(t("stage.offer.minutes_other", { count: 10 })).waitFor();
    assert.deepEqual(await look(mo.page), [], "who is asked");
    await asked.getByRole("button", { name: t("offers.withdraw") }).click();
    await vera.page.getByRole("button", { name: t("stage.offer.accept") }).waitFor({ state: "detached" });
    await asked.waitFor({ state: "detached" });
    await ask(0);
    const undoing = notice(mo.page, t("stage.offer.done", { name: fullName(vera.invitation) }));
    await undoing.hover(); // it stays while somebody points at it
    await vera.page.getByRole("button", { name: t("stage.offer.decline") }).waitFor();
    assert.deepEqual(await look(vera.page), [], "an offer");
    await vera.page.getByRole("button", { name: t("stage.offer.decline") }).click();
    await vera.page.getByRole("button", { name: t("stage.offer.accept") }).waitFor({ state: "detached" });
    await asked.waitFor({ state: "detached" });
    await undoing.waitFor({ state: "detached" }); // there is nothing left to undo
    await ask(5);
    await vera.page.getByRole("button", { name: t("stage.offer.accept") }).click();
    await notice(vera.page, t("role.now.speaker")).waitFor();
    await vera.page.getByRole("button", { name: t("stage.leave") }).click();
    await vera.page.getByRole("dialog").getByRole("button", { name: t("stage.leave") }).click();
    await notice(vera.page, t("role.now.viewer")).waitFor();
    await notice(vera.page, t("role.now.speaker")).waitFor({ state: "detached" }); // what was so before does not stand beside it
    await vera.page.getByRole("tab", { name: new RegExp(`^${t("tab.backchannel")}`) }).waitFor({ state: "detached" });
  });
}

for (const device of devices) {
  scene(`a role is lent for a time that everybody concerned sees (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const [vera, eve, mo] = [await seat(house, room, "Vera", "viewer", device), await seat(house, room, "Eve", "viewer", device), await seat(house, room, "Mo", "moderator", device)];
    await openTab(mo.page, "tab.people");
    await mo.page.getByRole("button", { name: t("people.actions", { name: fullName(vera.invitation) }) }).click();
    await mo.page.getByRole("menuitem", { name: t("role.lend_other", { count: 5 }) }).click();
    await notice(vera.page, t("role.now.speaker")).waitFor();
    for (const page of [vera.page, mo.page]) {
      await page.getByText(/\b[1-4]:\d\d$/).first().waitFor();
      assert.deepEqual(await look(page), [], "time left");
    }
    assert.equal(await eve.page.getByTitle(t("role.until")).count(), 0, "others do not see a clock");
    await vera.page.reload();
    await inside(vera.page);
    await vera.page.getByText(/\b[1-4]:\d\d$/).first().waitFor();
  });
}

scene("a raised hand takes the stage, or is not raised, as the room is set", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const [vera, mo] = [await seat(house, room, "Vera", "viewer"), await seat(house, room, "Mo", "moderator")];
  const set = async (mode) => {
    await mo.page.getByRole("button", { name: new RegExp(`^${t("dock.controls")}`) }).click();
    await mo.page.getByLabel(t("controls.hands"), { exact: true }).selectOption(mode);
    await mo.page.getByRole("button", { name: t("controls.done"), exact: true }).click();
  };
  await set("invite");
  await vera.page.getByText(t("hand.invited"), { exact: true }).waitFor();
  await set("open");
  await vera.page.getByRole("button", { name: t("hand.raise") }).click();
  await notice(vera.page, t("role.now.speaker")).waitFor();
});
