// Guest links: made by a manager, followed by somebody nobody knows, marked, kept or ended when the link goes off.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, devices, inside, mark, message, openTab, post, stillMarked } from "./people.mjs";
import { changeRoom, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

const makeLink = (house, room, fields = {}) => house.server.call("POST", `/rooms/${room.id}/guest-links`, { label: "Friends", ...fields });

async function tell(page, first, email = "gil@example.org") {
  await page.getByLabel(t("guest.first"), { exact: true }).fill(first);
  await page.getByLabel(t("guest.last"), { exact: true }).fill("Visitor");
  await page.getByLabel(t("guest.email"), { exact: true }).fill(email);
  await page.getByRole("button", { name: t("guest.action") }).click();
}

for (const device of devices) {
  scene(`a guest comes by a link, is marked, and comes back to the same seat (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { in: 3_600, description: "All about guests." });
    const link = await makeLink(house, room);
    const mo = await house.person({ device });
    await mo.follow(await invite(house.server, room, "Mo", "moderator"));
    const gil = await house.person({ device });
    await gil.page.goto(link.url);
    await gil.page.getByRole("heading", { level: 1, name: room.title }).waitFor();
    await gil.page.getByText("All about guests.").waitFor();
    assert.equal(new URL(gil.page.url()).hash, "", "the secret is out of the address bar");
    await gil.page.getByRole("button", { name: t("guest.action") }).click();
    for (const key of ["guest.first.empty", "guest.last.empty", "email.empty"]) await gil.page.getByText(t(key)).waitFor();
    await tell(gil.page, "Gil", "gil");
    await gil.page.getByText(t("email.malformed")).waitFor();
    await tell(gil.page, "Gil");
    await gil.page.getByRole("timer").waitFor();
    await mark(gil.page);
    await changeRoom(house.server, room, { state: "open" });
    await inside(gil.page);
    await stillMarked(gil.page);
    await post(gil.page, "Hello from outside");
    await message(gil.page, "Hello from outside").getByText(t("person.guest"), { exact: true }).waitFor();
    await gil.page.goto(link.url);
    await inside(gil.page);
    await message(gil.page, "Hello from outside").getByText(t("person.me"), { exact: true }).waitFor();
  });
}

scene("a moderator sees who is a guest and cannot give them a role", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const link = await makeLink(house, room);
  const gil = await house.person();
  await gil.page.goto(link.url);
  await tell(gil.page, "Gil");
  await inside(gil.page);
  const mo = await house.person();
  await mo.enter(await invite(house.server, room, "Mo", "moderator"));
  await openTab(mo.page, "tab.people");
  await mo.page.locator("#pane-people .row", { hasText: "Gil Visitor" }).getByText(t("person.guest"), { exact: true }).waitFor();
  await mo.page.getByRole("button", { name: t("people.actions", { name: "Gil Visitor" }) }).click();
  const speaker = mo.page.getByRole("menuitemradio", { name: new RegExp(`^${t("role.speaker")}`) });
  assert.equal(await speaker.getAttribute("aria-disabled"), "true");
  await mo.page.getByText(t("role.guest")).first().waitFor();
});

scene("a manager makes a guest link, copies it, switches it off and keeps the guests, then ends them", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const { page } = await house.manager(room, "co-publisher");
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("manage.more") }).click();
  await page.getByRole("menuitem", { name: t("act.guests") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(t("guests.none")).waitFor();
  await dialog.getByRole("button", { name: t("guests.make") }).click();
  await dialog.getByText(t("guests.label.empty")).waitFor();
  await dialog.getByLabel(t("guests.label"), { exact: true }).fill("Press");
  await dialog.getByLabel(t("guests.most"), { exact: true }).fill("2");
  await dialog.getByRole("button", { name: t("guests.make") }).click();
  const url = await dialog.getByLabel(t("guests.link"), { exact: true }).inputValue();
  house.server.keepSecret(url.split("#")[1]);
  const gil = await house.person();
  await gil.page.goto(url);
  await tell(gil.page, "Gil");
  await inside(gil.page);

  const off = async (choice) => {
    await dialog.getByRole("button", { name: t("guests.switch.off") }).click();
    await page.getByRole("dialog").getByLabel(t(`guests.inside.${choice}`)).check();
    await page.getByRole("dialog").getByRole("button", { name: t("guests.switch.off") }).click();
    await dialog.getByText(t("guests.off"), { exact: true }).waitFor();
  };
  await page.reload();
  await page.getByRole("button", { name: t("manage.more") }).click();
  await page.getByRole("menuitem", { name: t("act.guests") }).click();
  await dialog.getByText(t("guests.of", { joined: 1, most: 2 })).waitFor();
  await off("keep");
  await post(gil.page, "Still here");
  await message(gil.page, "Still here").and(gil.page.locator(":not([data-state])")).waitFor();
  const late = await house.person();
  await late.page.goto(url);
  await late.page.getByRole("heading", { level: 1, name: t("refusal.guest_link_off.title") }).waitFor();
  await dialog.getByRole("button", { name: t("guests.switch.on") }).click();
  await dialog.getByText(t("guests.on"), { exact: true }).waitFor();
  await off("end");
  await gil.page.getByRole("heading", { level: 1, name: t("refusal.invitation_revoked.title") }).waitFor();
  assert.equal(await composer(gil.page).count(), 0);
});
