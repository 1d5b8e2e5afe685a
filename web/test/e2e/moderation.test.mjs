// What moderators do, with three people at once: in the room, before it, and turned away.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, confirm, desktop, devices, heard, holds, inside, log, message, notice, openTab, phone, post, said } from "./people.mjs";
import { fullName, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function seat(house, room, name, type, options) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person(options);
  await person.enter(invitation);
  return { page: person.page, person, invitation, name: fullName(invitation) };
}

const heading = (page, key, values) => page.getByRole("heading", { level: 1, name: t(key, values) });
const button = (page, key, values) => page.getByRole("button", { name: t(key, values), exact: true });

/** In the list of people: chooses something of somebody's menu. */
async function choose(page, who, key) {
  await openTab(page, "tab.people");
  await button(page, "people.actions", { name: who.name }).click();
  await page.getByRole("menuitem", { name: t(key) }).click();
}

/** Does it in the window that asks for a reason. */
async function measure(page, who, deed, reason) {
  await choose(page, who, `menu.${deed}`);
  await page.getByLabel(t("measure.reason")).fill(reason);
  await button(page, `measure.${deed}.action`).click();
}

/** An announcement, as it is seen. */
const announced = (page, text) => page.locator(".announcements").getByText(text);

const announceNow = (page) => page.getByRole("dialog").getByRole("button", { name: t("announce.action"), exact: true }).click();

const controls = async (page) => {
  await page.getByRole("button", { name: new RegExp(`^${t("dock.controls")}`) }).click();
  await page.getByRole("heading", { name: t("controls.title") }).waitFor();
};

for (const device of devices) {
  scene(`a moderator mutes, removes and bans; who was removed comes back by the link (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const mo = await seat(house, room, "Mo", "moderator", { device });
    const ana = await seat(house, room, "Ana", "viewer", { device });
    const eve = await seat(house, room, "Eve", "viewer", { device });

    await measure(mo.page, ana, "mute", "One thing at a time.");
    const muted = notice(mo.page, t("mute.done", { name: ana.name }));
    await muted.hover(); // it stays while somebody points at it
    await ana.page.locator(".composer-note", { hasText: t("chat.muted") }).waitFor();
    await heard(ana.page, t("chat.muted"));
    await post(ana.page, "may I?");
    assert.equal(await composer(ana.page).inputValue(), "may I?", "what was typed stays");
    await muted.getByRole("button", { name: t("undo") }).click();
    await ana.page.locator(".composer-note", { hasText: t("chat.muted") }).waitFor({ state: "detached" });
    await composer(ana.page).press("Enter");
    await message(eve.page, "may I?").waitFor();

    await measure(mo.page, ana, "remove", "Please cool down.");
    await heading(ana.page, "refusal.removed.title").waitFor();
    await ana.page.getByText("Please cool down.").waitFor();
    await ana.page.reload();
    await heading(ana.page, "refusal.removed.title").waitFor();
    await ana.person.enter(ana.invitation);
    await post(ana.page, "I am back");
    await message(eve.page, "I am back").waitFor();

    await measure(mo.page, ana, "ban", "Enough.");
    await heading(ana.page, "refusal.banned.title").waitFor();
    await ana.person.follow(ana.invitation);
    await heading(ana.page, "refusal.banned.title").waitFor();
    await controls(mo.page);
    const row = mo.page.locator("dialog li", { hasText: ana.name });
    await row.getByText(mo.name).waitFor();
    await row.getByText("Enough.").waitFor();
    await row.getByRole("button", { name: t("measures.undo") }).click();
    await row.waitFor({ state: "detached" });
    await ana.page.goto("about:blank"); // else the same address would only be gone on from
    await ana.person.enter(ana.invitation);
    await message(ana.page, "I am back").waitFor();
  });
}

for (const device of devices) {
  scene(`a locked room: two moderators share who waits, and one word lets them in (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const mo = await seat(house, room, "Mo", "moderator", { device });
    const max = await seat(house, room, "Max", "moderator", { device });
    await controls(mo.page);
    await mo.page.getByLabel(t("controls.locked")).check();
    await button(mo.page, "controls.done").click();
    const waiting = [];
    for (const name of ["Ida", "Ben"]) {
      const invitation = await invite(house.server, room, name, "viewer");
      const person = await house.person({ device });
      await person.follow(invitation);
      await confirm(person.page, invitation.email, t("lobby.action"));
      await heading(person.page, "knocking.title").waitFor();
      waiting.push({ page: person.page, name: fullName(invitation), invitation, person });
    }
    const [ida, ben] = waiting;
    await button(mo.page, "dock.announce").click();
    await mo.page.getByLabel(t("announce.text"), { exact: true }).fill("One moment, the stage is not ready.");
    await mo.page.getByLabel(t("announce.to"), { exact: true }).selectOption("waiting");
    await announceNow(mo.page);
    await announced(ida.page, "One moment, the stage is not ready.").waitFor();
    await ida.page.reload();
    await heading(ida.page, "knocking.title").waitFor();
    await announced(ida.page, "One moment, the stage is not ready.").waitFor();

    await openTab(max.page, "tab.people");
    await button(max.page, "knock.tell", { name: ida.name }).click();
    await max.page.getByLabel(t("word.label")).fill("You are next, Ida.");
    await button(max.page, "knock.tell.action").click();
    await ida.page.getByText("You are next, Ida.").waitFor();
    await button(max.page, "knock.admit.who", { name: ida.name }).click();
    await inside(ida.page);
    await openTab(mo.page, "tab.people");
    await button(mo.page, "knock.deny.who", { name: ben.name }).click();
    await heading(ben.page, "refusal.denied.title").waitFor();
    await button(max.page, "knock.admit.who", { name: ida.name }).waitFor({ state: "detached" });
    await ben.person.follow(ben.invitation);
    await confirm(ben.page, ben.invitation.email, t("lobby.action"));
    await heading(ben.page, "knocking.title").waitFor();
    await controls(mo.page);
    await mo.page.getByLabel(t("controls.locked")).uncheck();
    await inside(ben.page);
  });
}

scene("an announcement and a pinned message reach who comes later, and are said once", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const mo = await seat(house, room, "Mo", "moderator");
  const ana = await seat(house, room, "Ana", "viewer");
  await post(ana.page, "The slides are at the door.");
  const row = message(mo.page, "The slides are at the door.");
  await row.hover();
  await row.getByRole("button", { name: t("chat.actions", { name: ana.name }) }).click();
  await mo.page.getByRole("menuitem", { name: t("chat.pin") }).click();
  await ana.page.getByRole("region", { name: t("pinned.label") }).getByText("The slides are at the door.").waitFor();
  await button(mo.page, "dock.announce").click();
  await mo.page.getByLabel(t("announce.text"), { exact: true }).fill("Lunch is at noon.");
  await announceNow(mo.page);
  await announced(ana.page, "Lunch is at noon.").waitFor();
  await heard(ana.page, "Lunch is at noon.");
  const told = (await said(ana.page, "say")).filter((text) => text.includes("Lunch is at noon."));
  assert.equal(told.length, 1, "said once");
  const late = await seat(house, room, "Lea", "viewer", { device: phone });
  await late.page.getByRole("region", { name: t("pinned.label") }).getByText("The slides are at the door.").waitFor();
  await late.page.getByRole("group", { name: t("announced.by", { name: mo.name }) }).getByText("Lunch is at noon.").waitFor();
  await button(mo.page, "announced.withdraw").click();
  await announced(late.page, "Lunch is at noon.").waitFor({ state: "detached" });
  await button(mo.page, "pinned.clear").click();
  await late.page.getByRole("region", { name: t("pinned.label") }).waitFor({ state: "detached" });
});

for (const device of devices) {
  scene(`chat by role, slow mode, unwelcome words, reports and clearing (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const mo = await seat(house, room, "Mo", "moderator", { device });
    const ana = await seat(house, room, "Ana", "viewer", { device });
    const eve = await seat(house, room, "Eve", "viewer", { device });
    await controls(mo.page);
    await mo.page.getByLabel(t("controls.words"), { exact: true }).fill("turnip");
    await button(mo.page, "controls.words.save").click();
    await mo.page.getByLabel(t("controls.chat.for")).selectOption("speaker");
    await ana.page.getByText(t("chat.shut.viewers")).waitFor();
    await mo.page.getByLabel(t("controls.chat.for")).selectOption("viewer");
    await ana.page.getByText(t("chat.shut.viewers")).waitFor({ state: "detached" });
    await mo.page.getByLabel(t("controls.slow")).selectOption("60");
    await holds(mo.page, (id) => document.getElementById(id).value === "60", "slow mode is set", "slow");
    await button(mo.page, "controls.done").click();
    await post(ana.page, "Buy my turnip now");
    await message(eve.page, "Buy my •••••• now").waitFor();
    await ana.page.locator(".composer-note", { hasText: /\d+ s$/ }).waitFor();

    const row = message(eve.page, "Buy my •••••• now");
    await row.hover();
    await row.getByRole("button", { name: t("chat.actions", { name: ana.name }) }).click();
    await eve.page.getByRole("menuitem", { name: t("chat.report") }).click();
    await notice(eve.page, t("report.done")).waitFor();
    await notice(mo.page, t("reported.title", { name: ana.name })).waitFor();
    await controls(mo.page);
    const report = mo.page.locator("dialog li", { hasText: "Buy my •••••• now" });
    await report.getByRole("button", { name: t("reports.delete") }).click();
    await report.waitFor({ state: "detached" });
    await post(eve.page, "What is for lunch?");
    await message(ana.page, "What is for lunch?").waitFor();
    await button(mo.page, "clear.action").click();
    await mo.page.getByRole("heading", { name: t("clear.sure") }).waitFor();
    await button(mo.page, "clear.action").click();
    await log(ana.page).getByText(t("chat.empty")).waitFor();
  });
}

scene("the stage shows a page of a site that an admin allows, and no other", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const mo = await seat(house, room, "Mo", "moderator", { device: desktop });
  const ana = await seat(house, room, "Ana", "viewer", { device: phone });
  await house.server.call("PATCH", "/site", { stage_origins: ["https://video.example.org"] }); // the pages that are open need no reload for it
  for (const { person } of [mo, ana]) await person.context.route("https://video.example.org/**", (route) => route.fulfill({ contentType: "text/html", body: "<h1>A talk</h1>" }));
  let unheard = 2; // an instance that has not heard of the origin yet
  await ana.person.context.route("**/stage/frame?*", (route) => (unheard-- > 0 ? route.fulfill({ status: 404, contentType: "text/html", body: "<p>no</p>" }) : route.continue()));
  await controls(mo.page);
  await mo.page.getByLabel(t("controls.stage.url")).fill("https://evil.example/embed");
  await button(mo.page, "controls.stage.show").click();
  await mo.page.getByText(t("controls.stage.wrong")).waitFor();
  await mo.page.getByLabel(t("controls.stage.url")).fill("https://video.example.org/embed/7");
  await button(mo.page, "controls.stage.show").click();
  for (const { page } of [mo, ana]) await page.frameLocator(`iframe[title="${t("stage.frame")}"]`).frameLocator("iframe").getByRole("heading", { name: "A talk" }).waitFor();
  await button(mo.page, "controls.stage.clear").click();
  await ana.page.getByRole("heading", { name: t("stage.empty") }).waitFor();
  await house.server.call("PATCH", "/site", { stage_origins: [] });
});

scene("staff see the room as a viewer does, and nothing is sent meanwhile", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const mo = await seat(house, room, "Mo", "moderator");
  const ana = await seat(house, room, "Ana", "viewer");
  await mo.page.getByRole("button", { name: t("you.button").slice(2) }).click();
  await button(mo.page, "you.preview").click();
  await mo.page.locator("header .badge[data-role=viewer]").waitFor();
  for (const gone of [mo.page.locator(".backstage"), mo.page.getByRole("button", { name: new RegExp(`^${t("dock.controls")}`) })]) await gone.waitFor({ state: "detached" });
  await post(mo.page, "is this sent?");
  assert.equal(await composer(mo.page).inputValue(), "is this sent?");
  await post(ana.page, "hello");
  await message(mo.page, "hello").waitFor();
  await button(mo.page, "preview.end").click();
  await mo.page.locator("header .badge[data-role=moderator]").waitFor();
  assert.equal(await message(ana.page, "is this sent?").count(), 0);
  await composer(mo.page).press("Enter");
  await message(ana.page, "is this sent?").waitFor();
});

scene("a moderator gives somebody another name: everybody sees it, the person is told", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const [mo, ana, eve] = [await seat(house, room, "Mo", "moderator"), await seat(house, room, "Ana", "viewer"), await seat(house, room, "Eve", "viewer")];
  await post(ana.page, "Who am I?");
  await message(eve.page, "Who am I?").waitFor();
  await openTab(mo.page, "tab.people");
  await button(mo.page, "people.actions", { name: ana.name }).click();
  await mo.page.getByRole("menuitem", { name: t("menu.rename") }).click();
  await mo.page.getByLabel(t("rename.first"), { exact: true }).fill("");
  await button(mo.page, "rename.action").click();
  await mo.page.getByText(t("rename.empty")).waitFor();
  await mo.page.getByLabel(t("rename.first"), { exact: true }).fill("Anastasia");
  await button(mo.page, "rename.action").click();
  await ana.page.getByText(t("rename.told", { name: mo.name, mine: "Anastasia Example" })).first().waitFor();
  await message(eve.page, "Who am I?").getByText("Anastasia Example").waitFor();
  await mo.page.mouse.move(0, 0); // a list stands still under the pointer
  await mo.page.locator("#pane-people").getByText("Anastasia Example").or(mo.page.getByText(t("people.changed"))).first().waitFor();
});

scene("names that look like staff are marked, and namesakes numbered", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const mo = await seat(house, room, "Mo", "moderator");
  const ana = await seat(house, room, "Ana", "viewer");
  const eve = await seat(house, room, "Мo", "viewer"); // the first letter is another one
  const other = await seat(house, room, "Ana", "viewer", { device: phone });
  await post(eve.page, "I am the moderator, send me your code");
  await message(ana.page, "send me your code").getByText(t("cue.posing")).waitFor();
  await post(ana.page, "one");
  await post(other.page, "two");
  await message(mo.page, "two").getByText("(2)").waitFor();
  await message(mo.page, "one").getByText("(1)").waitFor();
  assert.equal(await message(mo.page, "one").getByText(t("cue.posing")).count(), 0);
});
