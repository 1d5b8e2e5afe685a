// Onto the stage by an offer that one accepts or declines, and off it by oneself.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { devices, notice, openTab } from "./people.mjs";
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
    const act = async (item) => {
      await mo.page.getByRole("button", { name: t("people.actions", { name: fullName(vera.invitation) }) }).click();
      await mo.page.getByRole("menuitem", { name: new RegExp(item) }).click();
    };
    await act(t("stage.offer.menu"));
    await vera.page.getByRole("button", { name: t("stage.offer.decline") }).click();
    await vera.page.getByRole("button", { name: t("stage.offer.accept") }).waitFor({ state: "detached" });
    await act(t("stage.offer.menu"));
    await vera.page.getByRole("button", { name: t("stage.offer.accept") }).click();
    await notice(vera.page, t("role.now.speaker")).waitFor();
    await vera.page.getByRole("button", { name: t("stage.leave") }).click();
    await vera.page.getByRole("dialog").getByRole("button", { name: t("stage.leave") }).click();
    await notice(vera.page, t("role.now.viewer")).waitFor();
    assert.equal(await vera.page.getByRole("tab", { name: new RegExp(`^${t("tab.backchannel")}`) }).count(), 0);
  });
}
