// Refusals that help: asking the organisers for a way in, moving to another device by a code, a lobby that asks for one.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { codeFor, requestsFor } from "./outbox.mjs";
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

    const mailed = await requestsFor(house, owner.account.email);
    assert.equal(mailed, `/rooms/${room.id}#requests`);
    await owner.page.goto(house.at(mailed));
    await owner.page.waitForFunction(() => document.activeElement?.id === "requests");
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

scene("a room wants codes where the site does not: set in its form, and who has shown one is marked for staff", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const { page } = await house.manager(room);
  await page.goto(house.at(`/rooms/${room.id}?edit`));
  await page.getByLabel(t("form.lobby_code")).check();
  await page.getByRole("button", { name: t("form.save") }).click();
  await page.getByRole("heading", { level: 1, name: room.title }).waitFor();
  const invitation = await invite(house.server, room, "Ana");
  const ana = await house.person();
  await ana.follow(invitation);
  await confirm(ana.page, invitation.email, t("lobby.action"));
  await ana.page.getByLabel(t("code.label")).fill(await codeFor(house, invitation.email));
  await ana.page.keyboard.press("Enter");
  await inside(ana.page);
  await page.goto(house.at(`/r/${room.id}`));
  await openTab(page, "tab.people");
  await page.getByRole("listitem").filter({ hasText: fullName(invitation) }).getByText(t("person.verified")).waitFor();
  assert.equal((await house.server.call("GET", `/rooms/${room.id}`)).lobby_code, true);
});

scene("whose mailbox has had the codes of a day is told so, whatever they type, and can ask", async (house) => {
  await house.server.call("PATCH", "/site", { lobby: { viewer: "code" } });
  try {
    const email = `busy.${Date.now()}@example.org`; // a second try needs a mailbox of its own
    for (let sent = 0; sent < 10; sent++) {
      const room = await makeRoom(house.server);
      const { url } = await house.server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name: "Busy", last_name: "B", type: "viewer" });
      const [, id, secret] = /\/i\/([^#]+)#(.*)$/.exec(url);
      const asked = await fetch(house.at("/api/v1/invitations/code"), { method: "POST", headers: { "Content-Type": "application/json", Origin: house.server.url }, body: JSON.stringify({ invitation: id, secret }) });
      assert.equal(asked.status, 200, await asked.text());
    }
    const room = await makeRoom(house.server);
    const last = await house.server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name: "Busy", last_name: "B", type: "viewer" });
    const person = await house.person();
    await person.follow(last);
    const { page } = person;
    for (const typed of ["eve@example.org", email]) {
      await confirm(page, typed, t("confirm.action"));
      await page.locator("#email-error").getByText(t("lobby.spent")).waitFor();
    }
    await ask(page, "No code comes", "ask.organisers");
  } finally {
    await house.server.call("PATCH", "/site", { lobby: { viewer: "none" } });
  }
});

scene("a link whose devices are all taken says so, and one can ask", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana", "viewer", { devices: 2 });
  for (let device = 0; device < 2; device++) await (await house.person()).enter(invitation);
  const third = await house.person();
  await third.follow(invitation);
  await heading(third.page, "refusal.invitation_used.title").waitFor();
  await ask(third.page, "I have a new phone");
  const { items } = await house.server.call("GET", `/rooms/${room.id}/requests`);
  assert.deepEqual(items.map(({ why }) => why), ["invitation_used"]);
});

scene("who was invited at a domain that is blocked now is told which, inside and when coming back", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const email = "ana@blocked.example";
  const invitation = await house.server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name: "Ana", last_name: "B", type: "viewer" });
  const ana = await house.person();
  await ana.enter(invitation);
  await house.server.call("PUT", "/site/domains/blocked.example", { rule: "block" });
  try {
    await heading(ana.page, "refusal.domain_blocked.title").waitFor();
    await ana.page.reload();
    await ana.page.getByText(t("refusal.domain_blocked.named", { domain: "blocked.example" })).waitFor();
    await ana.page.goto("about:blank");
    await ana.follow(invitation);
    await ana.page.getByText(t("refusal.domain_blocked.named", { domain: "blocked.example" })).waitFor();
  } finally {
    await house.server.call("DELETE", "/site/domains/blocked.example");
  }
});

/** What the page says of a link that is refused, and how it came so. A blocked domain is told to its person alone. */
const refusing = {
  invitation_revoked: (server, room, one) => revoke(server, room, one),
  invitation_expired: (server, room, one) => server.call("PATCH", `/rooms/${room.id}/invitations/${one.id}`, { expires_at: new Date(Date.now() + 1_000).toISOString() }),
  over: (server, room) => server.call("PATCH", `/rooms/${room.id}`, { state: "closed" }),
  room_deleted: (server, room) => server.call("DELETE", `/rooms/${room.id}`, {}),
};

/** Opens a link until it is refused like this. */
async function refused(page, url, code) {
  for (;;) {
    await page.goto("about:blank");
    await page.goto(url);
    const told = await heading(page, `refusal.${code}.title`).waitFor({ timeout: 3_000 }).then(() => true, () => false);
    if (told) return; // the room's page may have been there first
  }
}

for (const [code, make] of Object.entries(refusing)) {
  scene(`a scanner finds nothing to burn where a link is refused (${code})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const one = await invite(house.server, room, "Ana");
    await make(house.server, room, one);
    for (let visit = 0; visit < 3; visit++) {
      const scanner = await house.person();
      await refused(scanner.page, one.url, code);
      for (let round = 0; round < 2; round++) {
        await scanner.page.evaluate(() => {
          for (const button of document.querySelectorAll("main button")) button.click();
          for (const form of document.forms) form.requestSubmit();
        });
      }
      await scanner.leave(house.server);
      house.people = [];
    }
    if (code === "room_deleted") return;
    const now = await standing(house.server, room, one);
    assert.deepEqual([now.devices_used, Boolean(now.locked)], [0, false]);
    const { total } = await house.server.call("GET", `/rooms/${room.id}/requests`);
    assert.ok(total <= 1, `${total} requests`);
  });
}

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
