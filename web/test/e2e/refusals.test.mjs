// Refusals that help: asking the organisers for a way in, moving to another device by a code, a lobby that asks for one.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { codeFor } from "./outbox.mjs";
import { composer, confirm, devices, inside, message, notice, openTab, post } from "./people.mjs";
import { fullName, invite, makeRoom, revoke, standing } from "./rooms.mjs";
import { start, t } from "./texts.mjs";

const scene = openHouse();
const heading = (page, key) => page.getByRole("heading", { level: 1, name: t(key) });

/** Asks with the keyboard alone. */
async function ask(page, text, opener = "ask.open") {
  await page.getByRole("button", { name: t(opener) }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel(t("ask.message")).waitFor();
  await page.keyboard.type(text);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: start("asked.title") }).waitFor();
}

for (const device of devices) {
  scene(`who is kept out asks, a manager resets the device, the page goes on by itself (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const invitation = await invite(house.server, room, "Ana");
    const first = await house.person({ device });
    await first.enter(invitation);
    const owner = await house.manager(room, "co-editor", { device });
    await owner.page.goto(house.at(`/r/${room.id}`));
    await composer(owner.page).waitFor();
    const second = await house.person({ device });
    await second.follow(invitation);
    await heading(second.page, "refusal.other_device.title").waitFor();
    await second.page.getByText(room.title).waitFor();
    await ask(second.page, "My laptop broke");
    await notice(owner.page, t("request.title", { name: fullName(invitation) })).waitFor();

    await owner.page.goto(house.at(`/rooms/${room.id}`));
    const row = owner.page.getByRole("listitem").filter({ hasText: "My laptop broke" });
    await row.getByText(t("requests.why.other_device")).waitFor();
    await row.getByRole("button", { name: t("requests.reset") }).click();
    await notice(owner.page, t("requests.reset.done", { name: fullName(invitation) })).waitFor();
    await row.waitFor({ state: "detached" });
    await heading(first.page, "refusal.displaced.title").waitFor();
    await second.page.getByLabel(t("email.label")).waitFor({ timeout: 20_000 });
    await confirm(second.page, invitation.email, t("lobby.action"));
    await inside(second.page);
  });

  scene(`moving here by a code, with the keyboard alone; the other device is signed out (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const invitation = await invite(house.server, room, "Ana");
    const first = await house.person({ device });
    await first.enter(invitation);
    const second = await house.person({ device });
    await second.follow(invitation);
    const { page } = second;
    await page.getByRole("button", { name: t("code.send") }).focus();
    await page.keyboard.press("Enter");
    const field = page.getByLabel(t("code.label"));
    await field.waitFor();
    await page.keyboard.type("12");
    await page.keyboard.press("Enter");
    await page.getByText(t("code.malformed")).waitFor();
    const code = await codeFor(house, invitation.email);
    await field.fill(code === "000000" ? "000001" : "000000");
    await page.keyboard.press("Enter");
    await page.getByText(t("code.wrong")).waitFor();
    await post(first.page, "Still inside");
    await message(first.page, "Still inside").waitFor();
    await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.keyboard.press("Enter");
    await inside(page);
    await message(page, "Still inside").waitFor();
    await heading(first.page, "refusal.displaced.title").waitFor();
    await first.page.getByText(room.title).waitFor();
    await first.page.getByRole("button", { name: t("code.send") }).waitFor();
  });
}

scene("somebody whose invitation was withdrawn asks the organisers and is invited again", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  const ana = await house.person();
  await ana.enter(invitation);
  await revoke(house.server, room, invitation);
  await heading(ana.page, "refusal.invitation_revoked.title").waitFor();
  await ask(ana.page, "Was that a mistake?", "ask.organisers");
  const { page } = await house.manager(room);
  await page.goto(house.at(`/rooms/${room.id}`));
  const row = page.getByRole("listitem").filter({ hasText: "Was that a mistake?" });
  await row.getByRole("button", { name: t("requests.invite") }).click();
  await notice(page, t("requests.invite.done", { name: fullName(invitation) })).waitFor();
  await row.waitFor({ state: "detached" });
});

scene("a dismissed request is gone for the managers and not told to the person", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  await revoke(house.server, room, invitation);
  const ana = await house.person();
  await ana.follow(invitation);
  await ask(ana.page, "Hello?", "ask.organisers");
  const { page } = await house.manager(room);
  await page.goto(house.at(`/rooms/${room.id}`));
  const row = page.getByRole("listitem").filter({ hasText: "Hello?" });
  await row.getByRole("button", { name: t("requests.dismiss") }).click();
  await row.waitFor({ state: "detached" });
  await ana.page.goto("about:blank");
  await ana.page.goto(invitation.url);
  await ana.page.getByRole("heading", { name: start("asked.title") }).waitFor();
});

scene("where the site wants codes, the right address is answered with one, before the start too", async (house) => {
  await house.server.call("PATCH", "/site", { lobby: { viewer: "code" } });
  try {
    const room = await makeRoom(house.server, { in: 3_600 });
    const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => invite(house.server, room, name)));
    const early = await house.person();
    await early.follow(ana);
    await confirm(early.page, ana.email, t("confirm.action"));
    await early.page.getByRole("heading", { name: t("code.title") }).waitFor();
    await early.page.getByRole("button", { name: t("code.other") }).click();
    await confirm(early.page, ana.email, t("confirm.action"));
    await early.page.getByLabel(t("code.label")).fill(await codeFor(house, ana.email));
    await early.page.keyboard.press("Enter");
    await early.page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
    await house.server.call("PATCH", `/rooms/${room.id}`, { state: "open" });
    await inside(early.page);
    const late = await house.person();
    await late.follow(ben);
    await confirm(late.page, "nobody@example.org", t("lobby.action"));
    await late.page.locator("#email-error").waitFor();
    await confirm(late.page, ben.email, t("lobby.action"));
    await late.page.getByLabel(t("code.label")).fill(await codeFor(house, ben.email));
    await late.page.keyboard.press("Enter");
    await inside(late.page);
  } finally {
    await house.server.call("PATCH", "/site", { lobby: { viewer: "none" } });
  }
});

scene("a scanner that presses every button of a refusal burns nothing", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  const ana = await house.person();
  await ana.enter(invitation);
  for (let visit = 0; visit < 5; visit++) {
    const scanner = await house.person();
    await scanner.page.goto(invitation.url);
    await scanner.page.getByRole("button", { name: t("code.send") }).waitFor();
    for (let round = 0; round < 2; round++) {
      await scanner.page.evaluate(() => {
        for (const button of document.querySelectorAll("main button")) button.click();
        for (const form of document.forms) form.requestSubmit();
      });
    }
    await scanner.leave(house.server);
  }
  house.people = [ana];
  const now = await standing(house.server, room, invitation);
  assert.deepEqual([now.state, now.devices_used], ["inside", 1]);
  const { total } = await house.server.call("GET", `/rooms/${room.id}/requests`);
  assert.ok(total <= 1, `${total} requests`);
  await post(ana.page, "Still here");
  await message(ana.page, "Still here").waitFor();
  await openTab(ana.page, "tab.chat");
});
