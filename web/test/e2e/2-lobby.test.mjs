// Step 2: the doors open by a push, and the lobby lets in whom the link was sent to.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { confirm, devices, holds, inside, mark, stillMarked } from "./people.mjs";
import { changeRoom, invite, makeRoom } from "./rooms.mjs";
import { start, t } from "./texts.mjs";

const scene = openHouse();

for (const device of devices) {
  scene(`at the start the doors open by themselves: the confirmed are in, the others meet the lobby (${device.name})`, async (house) => {
    const { id } = await makeRoom(house.server, { in: 3_600, speakers: [{ name: "Amara Osei" }] });
    const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => arrive(house, { id }, name, { device })));
    await confirm(ana.page, ana.invitation.email, t("confirm.action"));
    await ana.page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
    await mark(ana.page);
    await mark(ben.page);
    const field = ben.page.getByLabel(t("email.label"));
    await field.fill("ben.exam");
    await field.evaluate((input) => { globalThis.field = input; });
    const room = await changeRoom(house.server, { id }, { starts_at: new Date(Date.now() + 4_000).toISOString() }); // when everybody is ready
    await Promise.all([inside(ana.page), ben.page.getByRole("heading", { name: t("lobby.title", { name: "Ben" }) }).waitFor()]);
    const late = Date.now() - Date.parse(room.starts_at);
    assert.ok(late >= -50 && late < 15_000, `the doors opened ${late} ms after the start`);
    assert.equal(await field.inputValue(), "ben.exam", "what was typed is kept");
    assert.ok(await field.evaluate((input) => input === globalThis.field && input === document.activeElement), "same field, focus kept");
    await ben.page.getByText(t("lobby.with", { names: "Amara Osei" })).waitFor();
    await confirm(ben.page, ben.invitation.email, t("lobby.action"));
    await inside(ben.page);
    await Promise.all([stillMarked(ana.page), stillMarked(ben.page)]);
  });
}

scene("nobody is in before the push, even when the countdown is over", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const { page } = await arrive(house, room, "Ana");
  await page.clock.install();
  await page.reload();
  await page.getByRole("timer").getByText(/\d/).first().waitFor();
  await page.clock.fastForward(3_601_000);
  await page.getByText(new RegExp(`${t("clock.opening")}|${t("clock.late")}`)).waitFor();
  assert.equal(await page.getByLabel(t("chat.write")).count(), 0);
});

scene("a wrong address is refused kindly, says how many tries are left, and five lock, for a restarted server too", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const { page, invitation } = await arrive(house, room, "Cid");
  const field = page.getByLabel(t("email.label"));
  const error = page.locator("#email-error");
  for (const [typed, says] of [["", t("email.empty")], ["cid", t("email.malformed")]]) {
    await confirm(page, typed, t("lobby.action"));
    await error.getByText(says).waitFor();
  }
  for (let left = 4; left >= 1; left--) {
    await confirm(page, `wrong${left}@example.org`, t("lobby.action"));
    await error.getByText(left === 1 ? t("lobby.last") : t("lobby.left_other", { count: left })).waitFor();
    await error.getByText(t("lobby.mismatch")).waitFor();
    assert.equal(await field.inputValue(), `wrong${left}@example.org`, "what was typed is kept");
    await holds(page, () => document.activeElement?.id === "email", "the field has focus");
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.match(await field.getAttribute("aria-describedby"), /email-error/);
  }
  await confirm(page, "wrong0@example.org", t("lobby.action"));
  await error.getByText(start("lobby.locked")).waitFor();
  await house.server.kill();
  await house.server.start();
  await page.reload();
  await confirm(page, invitation.email, t("lobby.action"));
  await page.getByText(start("lobby.locked")).or(page.getByRole("heading", { name: t("refusal.lobby_locked.title") })).first().waitFor();
  assert.equal(await page.getByLabel(t("chat.write")).count(), 0, "even the right address waits now");
});

scene("a wrong address spoils nothing: the right one enters after it", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const { page, invitation } = await arrive(house, room, "Dora");
  await confirm(page, "dora@elsewhere.example", t("lobby.action"));
  await page.getByText(t("lobby.mismatch")).waitFor();
  await confirm(page, `  ${invitation.email.toUpperCase()} `, t("lobby.action"));
  await inside(page);
  await holds(page, () => document.activeElement?.tagName === "H1" || document.activeElement?.id === "chat-text", "focus moves into the room");
});

scene("the link opens straight into the room again, on the browser that entered", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const { page, person, invitation } = await arrive(house, room, "Eva");
  await confirm(page, invitation.email, t("lobby.action"));
  await inside(page);
  await page.reload();
  await inside(page);
  await inside(await secondTab(person, invitation));
});

scene("the door opens early for everybody when a manager opens it", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => arrive(house, room, name)));
  const manager = await house.manager(room);
  await manager.page.goto(house.at(`/rooms/${room.id}`));
  await manager.page.getByRole("button", { name: t("manage.more") }).click();
  await manager.page.getByRole("menuitem", { name: t("act.open") }).click();
  await manager.page.getByRole("dialog").getByRole("button", { name: t("act.open.action") }).click();
  await Promise.all([ana, ben].map(({ page }) => page.getByRole("button", { name: t("lobby.action") }).waitFor()));
});

scene("links that do not work say so, each with what to do", async (house) => {
  const room = await makeRoom(house.server);
  const invitation = await invite(house.server, room, "Flo");
  const { page } = await house.person();
  const [bare, secret] = invitation.url.split("#");
  for (const url of [bare, `${bare}#`, `${bare}#${secret.slice(0, -3)}`, house.at(`/i/unknown#${secret}`)]) {
    await page.goto("about:blank");
    await page.goto(url);
    await page.getByRole("heading", { level: 1, name: t("refusal.not_found.title") }).waitFor();
    await page.getByRole("heading", { name: t("do.ask") }).waitFor();
  }
  await changeRoom(house.server, room, { state: "open" });
});

scene("a link pasted whole over its cut-off half works in the same tab", async (house) => {
  const room = await makeRoom(house.server);
  const invitation = await invite(house.server, room, "Gus");
  const { page } = await house.person();
  await page.goto(invitation.url.slice(0, -5));
  await page.getByRole("heading", { level: 1, name: t("refusal.not_found.title") }).waitFor();
  await page.goto(invitation.url);
  await page.getByRole("timer").waitFor();
  assert.equal(new URL(page.url()).hash, "", "the secret is out of the address bar");
});

async function arrive(house, room, name, options) {
  const invitation = await invite(house.server, room, name);
  const person = await house.person(options);
  await person.follow(invitation);
  await person.page.getByLabel(t("email.label")).waitFor();
  return { page: person.page, person, invitation };
}

async function secondTab(person, invitation) {
  const page = await person.tab();
  await person.follow(invitation, page);
  return page;
}
