// Managing rooms and people: two who edit one room, a room like another one, the list in the address, accounts, groups.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { devices, inside } from "./people.mjs";
import { changeRoom, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

scene("of two who edit one room the second is told, and keeps what is typed", async (house) => {
  const room = await makeRoom(house.server, { title: "Tea", description: "First" });
  const [one, two] = [await house.siteOwner(), await house.siteOwner()];
  for (const { page } of [one, two]) {
    await page.goto(house.at(`/rooms/${room.id}?edit`));
    await page.getByLabel(t("form.title"), { exact: true }).waitFor();
  }
  await one.page.getByLabel(t("form.title"), { exact: true }).fill("Coffee");
  await one.page.getByRole("button", { name: t("form.save") }).click();
  await one.page.getByRole("heading", { level: 1, name: "Coffee" }).waitFor();
  await two.page.getByLabel(t("form.description")).fill("Second");
  await two.page.getByRole("button", { name: t("form.save") }).click();
  await two.page.getByText(t("form.theirs", { name: "Daniel Okafor" })).waitFor();
  await two.page.getByText(`${t("form.theirs.title")}: Coffee`).waitFor();
  assert.equal(await two.page.getByLabel(t("form.description")).inputValue(), "Second");
  await two.page.getByRole("button", { name: t("form.save") }).click();
  await two.page.getByRole("heading", { level: 1, name: "Coffee" }).waitFor();
  const now = await house.server.call("GET", `/rooms/${room.id}`);
  assert.deepEqual([now.title, now.description], ["Coffee", "Second"]);
});

scene("a room like another one, without its collaboration", async (house) => {
  const room = await makeRoom(house.server, { title: "Tea", collaboration: false });
  const { page } = await house.siteOwner();
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("manage.more") }).click();
  await page.getByRole("menuitem", { name: t("act.duplicate") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t("form.title")).fill("More tea");
  await dialog.getByRole("button", { name: t("act.duplicate.action") }).click();
  await page.getByRole("heading", { level: 1, name: "More tea" }).waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1);
  assert.notEqual(id, room.id);
  const copy = await house.server.call("GET", `/rooms/${id}`);
  assert.equal(copy.collaboration, false);
  await page.goto(house.at(`/rooms/${id}?edit`));
  await page.getByLabel(t("form.collaboration")).check();
  await page.getByRole("button", { name: t("form.save") }).click();
  await page.getByRole("heading", { level: 1, name: "More tea" }).waitFor();
  assert.equal((await house.server.call("GET", `/rooms/${id}`)).collaboration, true);
});

scene("the list of rooms stands in the address", async (house) => {
  const room = await makeRoom(house.server, { title: "Long ago", open: true });
  await changeRoom(house.server, room, { state: "closed" });
  const { page } = await house.siteOwner();
  await page.goto(house.at("/rooms"));
  await page.getByRole("button", { name: t("rooms.past"), exact: true }).click();
  await page.getByLabel(t("rooms.search")).fill("long");
  await page.getByRole("link", { name: "Long ago" }).waitFor();
  await page.waitForFunction(() => location.search === "?q=long&show=past");
  await page.reload();
  await page.getByRole("link", { name: "Long ago" }).waitFor();
  await page.getByRole("button", { name: t("rooms.open"), exact: true }).click();
  await page.getByText(t("rooms.nothing")).waitFor();
});

scene("who is invited by an address of theirs finds the room in the list, and needs no lobby", async (house) => {
  const room = await makeRoom(house.server, { title: "On invitation", open: true });
  const email = `ines.${room.id}@example.org`;
  await house.server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name: "Inês", last_name: "Rocha", type: "speaker" });
  const { link } = await house.server.call("POST", "/people", { email, first_name: "Inês", last_name: "Rocha", verified: true });
  const { page } = await house.person();
  await page.goto(link);
  await page.getByRole("button", { name: t("signin.bylink.action") }).click();
  const row = page.getByRole("listitem").filter({ hasText: room.title });
  await row.getByText(t("rooms.you.speaker")).waitFor();
  await row.getByRole("link", { name: room.title }).click();
  await inside(page);
});

for (const device of devices) {
  scene(`before the doors open, managers invite from the three-dot menu below the stage (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { title: "Not open yet" });
    const { page } = await house.manager(room, "co-publisher", { device });
    await page.goto(house.at(`/r/${room.id}`));
    await page.getByRole("button", { name: t("dock.more") }).click();
    await page.getByRole("menuitem", { name: t("dock.invite") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").fill(`early.${room.id}@example.org`);
    await dialog.getByLabel(t("field.first")).fill("Edda");
    await dialog.getByLabel(t("field.last")).fill("Early");
    await dialog.getByRole("button", { name: t("invite.action") }).click();
    await dialog.getByRole("button", { name: t("invite.copy") }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("timer").waitFor();
    await changeRoom(house.server, room, { state: "open" });
    await inside(page);
  });
}

scene("people of the site: made, raised, shut out; and a group", async (house) => {
  const { page } = await house.siteOwner();
  await page.goto(house.at("/site/people"));
  const form = page.getByRole("form", { name: t("folk.add") });
  await form.getByRole("button", { name: t("folk.add.action") }).click();
  await form.getByText(t("email.malformed")).first().waitFor();
  await form.getByLabel(t("field.first")).fill("Ana");
  await form.getByLabel(t("field.last")).fill("Silva");
  await form.getByLabel(t("folk.email")).fill("ana.silva@example.org");
  await form.getByRole("button", { name: t("folk.add.action") }).click();
  const dialog = page.getByRole("dialog");
  assert.match(await dialog.getByLabel(t("folk.link"), { exact: true }).inputValue(), /\/signin#grs_/);
  await dialog.getByRole("button", { name: t("folk.close"), exact: true }).last().click();
  const choose = async (item, role = "menuitem") => {
    await page.getByRole("button", { name: t("folk.actions", { name: "Ana Silva" }) }).click();
    await page.getByRole(role, { name: item }).click();
  };
  await choose(t("folk.role.admin"), "menuitemradio");
  await page.getByText(t("folk.saved", { name: "Ana Silva" })).first().waitFor();
  await choose(t("folk.disable"));
  await page.getByRole("dialog").getByRole("button", { name: t("folk.disable") }).click();
  await page.getByRole("listitem").getByText(t("folk.disabled"), { exact: true }).waitFor();
  const [ana] = (await house.server.call("GET", "/site/people?q=silva")).items;
  assert.deepEqual([ana.site_role, ana.disabled], ["admin", true]);
  await page.getByLabel(t("groups.new")).fill("Faculty");
  await page.getByRole("button", { name: t("groups.add"), exact: true }).click();
  await page.getByRole("button", { name: t("groups.open", { name: "Faculty" }) }).click();
  await page.getByRole("dialog").getByLabel(t("groups.member")).fill("ana.silva@example.org");
  await page.getByRole("dialog").getByRole("button", { name: t("groups.member.add"), exact: true }).click();
  await page.getByRole("dialog").getByText("Ana Silva").waitFor();
});

scene("an API key is made, shown once, and ended", async (house) => {
  const { page } = await house.siteOwner();
  await page.goto(house.at("/account"));
  await page.getByRole("button", { name: t("apikeys.make") }).click();
  await page.getByText(t("apikeys.label.empty")).waitFor();
  await page.getByLabel(t("apikeys.label")).fill("Timetable");
  await page.getByLabel(t("apikeys.scope"), { exact: true }).selectOption("read");
  await page.getByRole("button", { name: t("apikeys.make") }).click();
  const dialog = page.getByRole("dialog");
  const key = await dialog.getByLabel(t("apikeys.key"), { exact: true }).inputValue();
  const ask = (method, path) => fetch(house.at(path), { method, headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" }, body: method === "GET" ? undefined : "{}" });
  assert.equal((await ask("GET", "/api/v1/rooms")).status, 200);
  assert.equal((await ask("POST", "/api/v1/rooms")).status, 403);
  await dialog.getByRole("button", { name: t("apikeys.close"), exact: true }).last().click();
  await page.getByRole("button", { name: t("apikeys.end.of", { label: "Timetable" }) }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("apikeys.end"), exact: true }).click();
  await page.getByText(t("apikeys.ended", { label: "Timetable" })).first().waitFor();
  assert.equal((await ask("GET", "/api/v1/rooms")).status, 401);
});
