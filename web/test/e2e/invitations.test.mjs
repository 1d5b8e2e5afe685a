// The list of invitations while people come and go: it changes by itself, holds still under the pointer, and acts on
// one or on many.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { openHouse } from "./house.mjs";
import { confirm, desktop, holds, inside, mark, phone, stillMarked } from "./people.mjs";
import { changeRoom, fullName, invite, makeRoom, standing } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const row = (page, invitation) => page.locator(`[data-row="${invitation.id}"]`);
const rows = (page) => page.locator("section[aria-labelledby=invitations] tbody tr");
const shows = (page, invitation, state) => row(page, invitation).locator(".status", { hasText: t(`invitation.${state}`) }).first().waitFor();
const chip = (page, name) => page.getByRole("button", { name: new RegExp(`^${t(`invitations.show.${name}`)}`) });
const counts = (page, name, number) => page.getByRole("button", { name: new RegExp(`^${t(`invitations.show.${name}`)}\\s*${number}$`) }).waitFor();
const live = (page) => page.getByText(t("invitations.live")).waitFor();
const pick = (page, invitation) => page.getByRole("checkbox", { name: t("invitations.person.pick", { name: fullName(invitation) }) });

async function looking(house, room, options) {
  const manager = await house.manager(room, "owner", options);
  await manager.page.goto(house.at(`/rooms/${room.id}`));
  await live(manager.page);
  await mark(manager.page);
  return manager.page;
}

async function menu(page, invitation, act) {
  await page.getByRole("button", { name: t("people.actions", { name: fullName(invitation) }) }).click();
  await page.getByRole("menuitem", { name: t(`invitation.${act}`) }).click();
}

async function accessible(page) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 150)}`), []);
}

for (const device of [desktop, phone]) {
  scene(`one opens, confirms, enters and leaves while a manager looks (${device.name})`, async (house) => {
    const { server } = house;
    const room = await makeRoom(server);
    const ana = await invite(server, room, "Ana");
    const page = await looking(house, room, { device });
    await shows(page, ana, "issued");
    const guest = await house.person();
    await guest.follow(ana);
    await shows(page, ana, "waiting");
    await accessible(page);
    await confirm(guest.page, ana.email, t("confirm.action"));
    await guest.page.goto("about:blank");
    await shows(page, ana, "confirmed");
    await changeRoom(server, room, { state: "open" });
    await guest.page.goto(ana.url);
    await inside(guest.page);
    await shows(page, ana, "inside");
    await chip(page, "inside").click();
    await shows(page, ana, "inside");
    await counts(page, "inside", 1);
    const { inside: counted, waiting } = await server.call("GET", `/rooms/${room.id}`);
    assert.deepEqual([counted, waiting], [1, 0], "who looks is nobody in the room");
    await chip(page, "all").click();
    await guest.page.goto("about:blank");
    await shows(page, ana, "left");
    await accessible(page);
    await stillMarked(page);
  });
}

scene("rows hold still under the pointer and in the hands of a keyboard; new ones gather", async (house) => {
  const { server } = house;
  const room = await makeRoom(server);
  const ana = await invite(server, room, "Ana");
  const page = await looking(house, room);
  await page.getByLabel(t("invitations.sort")).selectOption("-issued");
  await row(page, ana).hover();
  const zoe = await invite(server, room, "Zoe");
  const bo = await invite(server, room, "Bo");
  await page.getByRole("button", { name: t("invitations.fresh_other", { count: 2 }) }).waitFor();
  assert.equal(await rows(page).count(), 1);
  const guest = await house.person();
  await guest.follow(ana); // what is there changes in place
  await shows(page, ana, "waiting");
  assert.equal(await rows(page).count(), 1);
  await page.getByRole("button", { name: t("invitations.fresh_other", { count: 2 }) }).click();
  await row(page, zoe).waitFor();
  await page.locator("#invitations:focus").waitFor();
  assert.equal(await rows(page).first().getAttribute("data-row"), bo.id);
  await page.getByRole("button", { name: t("people.actions", { name: fullName(zoe) }) }).focus();
  await page.mouse.move(0, 0);
  await invite(server, room, "Mia");
  await page.getByRole("button", { name: t("invitations.fresh_one", { count: 1 }) }).waitFor();
  await page.getByRole("heading", { level: 1 }).focus();
  await holds(page, () => document.querySelectorAll("section[aria-labelledby=invitations] tbody tr").length === 4, "the list goes on when nobody holds it");
});

scene("revoked: one session ends, another may finish, and that is taken back", async (house) => {
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const [ana, bo] = [await invite(server, room, "Ana"), await invite(server, room, "Bo")];
  const [anna, bob] = [await house.person(), await house.person()];
  await anna.enter(ana);
  await bob.enter(bo);
  const page = await looking(house, room);
  await shows(page, ana, "inside");
  await menu(page, ana, "revoke");
  await page.getByRole("radio", { name: new RegExp(t("invitation.revoke.finish")) }).check();
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: t("invitation.revoke") }).click();
  await row(page, ana).getByText(t("state.finishing")).waitFor();
  await page.getByRole("button", { name: t("undo") }).click();
  await page.getByText(t("invitation.restore.done", { name: fullName(ana) })).first().waitFor();
  await row(page, ana).getByText(t("state.finishing")).waitFor({ state: "detached" });
  await menu(page, bo, "revoke");
  await page.getByRole("dialog").getByRole("button", { name: t("invitation.revoke") }).click();
  await bob.page.getByRole("heading", { name: t("refusal.invitation_revoked.title") }).waitFor();
  await shows(page, bo, "revoked");
  await inside(anna.page);
  await stillMarked(page);
});

scene("edited, and undone", async (house) => {
  const { server } = house;
  const room = await makeRoom(server);
  const ana = await invite(server, room, "Ana");
  const page = await looking(house, room);
  await menu(page, ana, "edit");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t("field.first")).fill("");
  await dialog.getByRole("button", { name: t("invitation.edit.save") }).click();
  await dialog.getByText(t("field.first.empty")).waitFor();
  await accessible(page);
  await dialog.getByLabel(t("field.first")).fill("Anna");
  await dialog.getByLabel(t("invitation.edit.devices")).fill("3");
  await dialog.getByRole("button", { name: t("invitation.edit.save") }).click();
  await row(page, ana).getByText("Anna Example", { exact: true }).waitFor();
  assert.equal((await standing(server, room, ana)).devices, 3);
  await page.getByRole("button", { name: t("undo") }).click();
  await row(page, ana).getByText("Ana Example", { exact: true }).waitFor();
  assert.equal((await standing(server, room, ana)).devices, 1);
});

scene("many at once, each for itself", async (house) => {
  const { server } = house;
  const room = await makeRoom(server);
  const cast = [];
  for (const name of ["Ana", "Bo", "Cleo", "Dan"]) cast.push(await invite(server, room, name));
  const [ana, bo, cleo, dan] = cast;
  const page = await looking(house, room);
  await page.getByRole("checkbox", { name: t("invitations.pick.all") }).check();
  await pick(page, dan).uncheck();
  await page.getByText(t("invitations.picked_other", { count: 3 })).waitFor();
  await server.call("DELETE", `/rooms/${room.id}/invitations/${cleo.id}`); // meanwhile
  await accessible(page);
  await page.getByRole("group", { name: t("invitations.bulk") }).getByRole("button", { name: t("bulk.email") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("bulk.email") }).click();
  await row(page, cleo).locator(".error").waitFor();
  for (const one of [ana, bo]) await holds(page, (id) => /Mail|Sent/i.test(document.querySelector(`[data-row="${id}"]`)?.textContent ?? ""), "it was sent", one.id);
  await pick(page, ana).check();
  await pick(page, bo).check();
  await page.getByRole("group", { name: t("invitations.bulk") }).getByRole("button", { name: t("bulk.revoke") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("bulk.revoke") }).click();
  for (const one of [ana, bo, cleo]) await shows(page, one, "revoked");
  await counts(page, "revoked", 3);
  assert.equal((await standing(server, room, dan)).state, "issued");
});

scene("ten thousand: pages, search without accents, order", async (house) => {
  const { server } = house;
  const room = await makeRoom(server);
  for (let list = 0; list < 2; list++) {
    const lines = Array.from({ length: 5_000 }, (_, i) => `guest${list * 5_000 + i}@example.org,Guest ${String(list * 5_000 + i).padStart(4, "0")},${i === 17 ? "Ångström" : "Example"},viewer`);
    const response = await fetch(`${server.url}/api/v1/rooms/${room.id}/invitations/batch`, {
      method: "POST",
      headers: { Authorization: `Bearer ${server.lines.key}`, "Content-Type": "text/csv" },
      body: `email,first_name,last_name,type\n${lines.join("\n")}\n`,
    });
    assert.equal(response.status, 200, await response.text());
  }
  const page = await looking(house, room);
  await page.getByText(t("invitations.range", { from: 1, to: 50, total: "10,000" })).waitFor();
  await page.getByRole("button", { name: t("invitations.next") }).click();
  await page.getByText(t("invitations.range", { from: 51, to: 100, total: "10,000" })).waitFor();
  assert.equal(await rows(page).count(), 50);
  await page.getByLabel(t("invitations.search")).fill("angstrom guest 5");
  await page.getByText(t("invitations.range", { from: 1, to: 1, total: 1 })).waitFor();
  await page.getByText("guest5017@example.org").waitFor();
  await page.getByLabel(t("invitations.search")).fill("");
  await page.getByLabel(t("invitations.sort")).selectOption("-issued");
  await page.getByText("guest9999@example.org").waitFor();
  await page.getByLabel(t("invitations.types")).selectOption("speaker");
  await page.getByText(t("invitations.nothing")).waitFor();
}, { timeout: 120_000 });
