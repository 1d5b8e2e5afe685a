// Step 5: one link, one device. The second is told, a manager frees the link, the first is told and closed.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, confirm, devices, inside, message, notice, post } from "./people.mjs";
import { fullName, invite, makeRoom, revoke } from "./rooms.mjs";
import { start, t } from "./texts.mjs";

const scene = openHouse();

for (const device of devices) {
  scene(`a used link on a second browser: told why, freed by a manager, then it works there (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true, title: "Two devices" });
    const invitation = await invite(house.server, room, "Ana");
    const first = await house.person({ device });
    await first.enter(invitation);
    const second = await house.person({ device });
    await second.follow(invitation);
    await second.page.getByRole("heading", { level: 1, name: t("refusal.other_device.title") }).waitFor();
    for (const text of [start("refusal.other_device.since"), t("do.there"), t("ask.open")]) await second.page.getByText(text).first().waitFor();
    assert.equal(await composer(first.page).count(), 1, "the first browser notices nothing");

    const owner = await house.manager(room, "co-editor", { device });
    await owner.page.goto(house.at(`/rooms/${room.id}`));
    await owner.page.getByRole("button", { name: t("people.actions", { name: fullName(invitation) }) }).click();
    await owner.page.getByRole("menuitem", { name: t("invitation.reset") }).click();
    await owner.page.getByRole("dialog").getByRole("button", { name: t("invitation.reset") }).click();
    await Promise.all([
      first.page.getByRole("heading", { level: 1, name: t("refusal.displaced.title") }).waitFor(),
      notice(owner.page, t("invitation.reset.done", { name: fullName(invitation) })).waitFor(),
    ]);

    await second.page.getByRole("button", { name: t("do.again") }).click();
    await confirm(second.page, invitation.email, t("lobby.action"));
    await inside(second.page);
    await post(second.page, "From the new device");
    await message(second.page, "From the new device").waitFor();

    await first.page.getByRole("button", { name: t("do.back") }).click();
    await first.page.getByRole("heading", { level: 1, name: t("refusal.other_device.title") }).waitFor();
    await inside(second.page);
  });
}

scene("several tabs of one device are welcome", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  const person = await house.person();
  await person.enter(invitation);
  const second = await person.tab();
  await person.follow(invitation, second);
  await inside(second);
  await post(second, "Said in the second tab");
  await message(person.page, "Said in the second tab").waitFor();
});

scene("two browsers in the lobby at once: one enters, the other is told", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  const both = await Promise.all([house.person(), house.person()]);
  for (const { page } of both) {
    await page.goto(invitation.url);
    await page.getByLabel(t("email.label")).fill(invitation.email);
  }
  await Promise.all(both.map(({ page }) => page.evaluate(() => document.querySelector("form")?.requestSubmit())));
  const refused = (page) => page.getByRole("heading", { level: 1, name: t("refusal.other_device.title") });
  await Promise.all(both.map(({ page }) => composer(page).or(refused(page)).first().waitFor()));
  const outcome = await Promise.all(both.map(({ page }) => refused(page).count()));
  assert.deepEqual(outcome.sort(), [0, 1]);
});

scene("a withdrawn invitation is told by its link, with nothing about devices", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  await revoke(house.server, room, invitation);
  const { page } = await house.person();
  await page.goto(invitation.url);
  await page.getByRole("heading", { level: 1, name: t("refusal.invitation_revoked.title") }).waitFor();
});
