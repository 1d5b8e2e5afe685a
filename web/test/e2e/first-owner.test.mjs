// From an empty server to a guest in a room, by the browser alone: set-up link, account, room, invitation.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { confirm, inside } from "./people.mjs";
import { t } from "./texts.mjs";

const scene = openHouse({ dev: false });
const password = "correct horse battery";

scene("the printed link makes the first owner, who makes a room and invites", async (house) => {
  const owner = await house.person();
  const { page } = owner;
  await owner.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: house.server.url });
  await page.goto(house.server.lines.setup);
  await page.getByRole("button", { name: t("setup.action") }).click();
  await page.getByText(t("form.errors")).waitFor();
  await fill(page, { "field.first": "Daniel", "field.last": "Okafor", "email.label": "daniel@example.org", "signin.password": "short" });
  await page.getByRole("button", { name: t("setup.action") }).click();
  await page.getByText(t("setup.password.short", { least: 10 })).waitFor();
  await fill(page, { "signin.password": password });
  await page.getByRole("button", { name: t("setup.action") }).click();
  await page.getByText(t("rooms.none"), { exact: true }).waitFor();

  await page.getByRole("link", { name: t("rooms.new") }).first().click();
  await page.getByRole("button", { name: t("form.create") }).click();
  await page.getByText(t("form.title.empty")).waitFor();
  await fill(page, { "form.title": "Our first room", "form.description": "What it is about" });
  await page.getByLabel(t("form.speaker.name", { number: 1 })).fill("Amara Osei");
  await page.getByRole("button", { name: t("form.create") }).click();
  await page.getByRole("heading", { level: 1, name: "Our first room" }).waitFor();
  await page.getByText(t("invitations.none")).waitFor();

  await page.getByRole("button", { name: t("invite.title") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: t("invite.action") }).click();
  await dialog.getByText(t("form.errors")).waitFor();
  await fill(dialog, { "email.label": "Ana@Example.org", "field.first": "Ana", "field.last": "Ferreira" });
  await dialog.getByRole("radio", { name: new RegExp(`^${t("role.speaker")}`) }).check();
  await dialog.getByRole("button", { name: t("invite.action") }).click();
  await page.getByRole("heading", { name: t("invite.done.title", { name: "Ana Ferreira" }) }).waitFor();
  await dialog.getByRole("button", { name: t("invite.copy") }).click();
  await dialog.getByRole("button", { name: t("invite.copied") }).waitFor();
  const url = await dialog.getByLabel(t("invite.link")).inputValue();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
  await dialog.getByRole("button", { name: t("dialog.done") }).click();
  await page.getByRole("row", { name: /Ana Ferreira/ }).getByText(t("invitation.issued")).waitFor();

  const guest = await house.person();
  await guest.page.goto(url);
  await guest.page.getByRole("heading", { level: 1, name: "Our first room" }).waitFor();
  await confirm(guest.page, "ana@example.org", t("confirm.action"));
  await guest.page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  await page.getByRole("button", { name: t("manage.more") }).click();
  await page.getByRole("menuitem", { name: t("act.open") }).click();
  await dialog.getByRole("button", { name: t("act.open.action") }).click();
  await inside(guest.page);
  await guest.page.locator("header .badge[data-role=speaker]").waitFor();
});

scene("what the server finds wrong with a room is shown at its field", async (house) => {
  const { page } = await house.person();
  await page.goto(house.at("/signin?next=/rooms/new"));
  await fill(page, { "email.label": "daniel@example.org", "signin.password": password });
  await page.getByRole("button", { name: t("signin.action") }).click();
  await fill(page, { "form.title": "Too much" });
  await page.getByLabel(t("form.speaker.name", { number: 1 })).evaluate((input) => { input.maxLength = 1_000; });
  await page.getByLabel(t("form.speaker.name", { number: 1 })).fill("Amara ".repeat(30));
  await page.getByRole("button", { name: t("form.create") }).click();
  await page.locator("form .error").first().waitFor();
});

scene("the set-up link works once, the password signs in, a wrong one is refused", async (house) => {
  const { page } = await house.person();
  await page.goto(house.server.lines.setup);
  await fill(page, { "field.first": "Eve", "field.last": "Late", "email.label": "eve@example.org", "signin.password": password });
  await page.getByRole("button", { name: t("setup.action") }).click();
  await page.getByText(t("setup.dead.text")).waitFor();
  await page.goto(house.at("/rooms"));
  await page.getByRole("heading", { level: 1, name: t("signin.title") }).waitFor();
  await fill(page, { "email.label": "daniel@example.org", "signin.password": "wrong password" });
  await page.getByRole("button", { name: t("signin.action") }).click();
  await page.getByText(t("signin.mismatch")).waitFor();
  await fill(page, { "signin.password": password });
  await page.getByRole("button", { name: t("signin.action") }).click();
  await page.getByRole("heading", { level: 1, name: t("rooms.title") }).waitFor();
  await page.getByRole("link", { name: "Our first room" }).waitFor();
  await page.getByRole("button", { name: t("account.label") }).click();
  await page.getByRole("menuitem", { name: t("account.leave") }).click();
  await page.getByRole("heading", { level: 1, name: t("signin.title") }).waitFor();
  await page.goto(house.at("/rooms"));
  await page.getByRole("heading", { level: 1, name: t("signin.title") }).waitFor();
});

scene("a restart keeps account, room and sessions", async (house) => {
  const { page } = await house.person();
  await page.goto(house.at("/signin"));
  await fill(page, { "email.label": "daniel@example.org", "signin.password": password });
  await page.getByRole("button", { name: t("signin.action") }).click();
  await page.getByRole("link", { name: "Our first room" }).waitFor();
  await house.server.kill();
  await house.server.start();
  await page.reload();
  await page.getByRole("link", { name: "Our first room" }).waitFor();
});

async function fill(place, values) {
  for (const [key, value] of Object.entries(values)) await place.getByLabel(t(key), { exact: true }).fill(value);
}
