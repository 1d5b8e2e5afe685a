// Step 7: the network goes, the lid closes, the server is killed, replaced. The page says so, comes back by itself,
// misses nothing, doubles nothing; what is being written stays, what was sent meanwhile goes out once.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, confirm, devices, heard, inside, mark, message, notice, post, said, settled, stillMarked } from "./people.mjs";
import { changeRoom, invite, makeRoom, revoke, setType } from "./rooms.mjs";
import { start, t } from "./texts.mjs";

const scene = openHouse({ flags: ["--drain", "2s"] });

async function seat(house, room, name, type, options) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person(options);
  await person.enter(invitation);
  return { page: person.page, person, invitation };
}

const linkState = (page) => page.locator(".link-state");
const wellAgain = (page) => linkState(page).waitFor({ state: "detached", timeout: 25_000 });
const texts = (page) => page.locator("#pane-chat .msg .msg-text").allInnerTexts();

/** Everybody reads the same messages in the same order, each once, and none is on its way. */
async function sameChat(people, expected) {
  for (const { page } of people) {
    await message(page, expected.at(-1)).first().waitFor({ timeout: 25_000 });
    await settled(page);
  }
  const read = await Promise.all(people.map(({ page }) => texts(page)));
  for (const one of read) assert.deepEqual([...one].sort(), [...expected].sort(), "nothing missed, nothing doubled");
  for (const one of read) assert.deepEqual(one, read[0], "the same order for everybody");
}

for (const device of devices) {
  scene(`without a network: it says so, one keeps writing, and nothing is lost or said twice (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const ana = await seat(house, room, "Ana", "viewer", { device, network: true });
    const mo = await seat(house, room, "Mo", "moderator");
    await mark(ana.page);
    await post(ana.page, "Before the break");
    await message(mo.page, "Before the break").waitFor();
    ana.person.network.cut();
    await ana.person.context.setOffline(true);
    await linkState(ana.page).getByText(t("link.offline")).waitFor();
    await ana.page.waitForFunction((title) => document.title.startsWith(title), t("title.away").split("{")[0]);
    await post(mo.page, "While Ana was away 1");
    await post(mo.page, "While Ana was away 2");
    await post(ana.page, "Written without a network");
    await message(ana.page, "Written without a network").getByText(t("chat.waiting")).waitFor();
    await composer(ana.page).fill("Half a sent");
    await composer(ana.page).evaluate((area) => area.setSelectionRange(2, 4));
    await ana.page.getByText(t("chat.away")).waitFor();
    ana.person.network.mend();
    await ana.person.context.setOffline(false);
    await notice(ana.page, t("back.title")).getByText(t("back.missed_other", { count: 2 })).waitFor({ timeout: 25_000 });
    await wellAgain(ana.page);
    await sameChat([ana, mo], ["Before the break", "While Ana was away 1", "While Ana was away 2", "Written without a network"]);
    assert.deepEqual(
      await composer(ana.page).evaluate((area) => [area.value, area.selectionStart, area.selectionEnd, area === document.activeElement]),
      ["Half a sent", 2, 4, true],
    );
    await stillMarked(ana.page);
  });
}

scene("the lid was closed: the old line is dead without a word, and noticed at waking up", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer", { network: true });
  const mo = await seat(house, room, "Mo", "moderator");
  await post(mo.page, "Before");
  await message(ana.page, "Before").waitFor();
  ana.person.network.silence();
  await post(mo.page, "Said to a closed lid");
  await ana.page.evaluate(() => dispatchEvent(new Event("online")));
  await message(ana.page, "Said to a closed lid").waitFor({ timeout: 15_000 });
  await post(ana.page, "And back");
  await sameChat([ana, mo], ["Before", "Said to a closed lid", "And back"]);
});

scene("without a server: when the next try is, and trying at once by hand", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer", { network: true });
  ana.person.network.cut();
  await linkState(ana.page).getByText(t("link.lost")).waitFor();
  await linkState(ana.page).getByText(/Next try in \d+ s|Trying now/).waitFor();
  ana.person.network.mend();
  await linkState(ana.page).getByRole("button", { name: t("link.retry") }).click({ timeout: 5_000 }).catch(() => undefined); // it may be back already
  await wellAgain(ana.page);
});

scene("the server is killed and comes back: everybody returns, every acknowledged message is there", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  for (const { page } of [ana, mo]) await mark(page);
  await post(ana.page, "Ana before");
  await message(mo.page, "Ana before").waitFor();
  const spoken = ["Ana before"];
  for (let round = 1; round <= 3; round++) {
    const [hers, his] = [`Ana in round ${round}`, `Mo in round ${round}`];
    spoken.push(hers, his);
    await post(ana.page, hers); // on its way when the end comes, perhaps on disk, perhaps not
    await house.server.kill();
    await post(mo.page, his);
    await composer(ana.page).fill(`A draft of round ${round}`);
    await house.server.start();
    await sameChat([ana, mo], spoken);
    assert.equal(await composer(ana.page).inputValue(), `A draft of round ${round}`);
  }
  for (const { page } of [ana, mo]) await stillMarked(page);
  await ana.page.reload();
  await inside(ana.page);
  await sameChat([ana], spoken);
}, { timeout: 90_000 });

scene("who sends without a server and loads the page anew has said it once", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  await house.server.kill();
  await post(ana.page, "Ana in between");
  await house.server.start();
  await ana.page.reload();
  await inside(ana.page);
  await sameChat([ana, mo], ["Ana in between"]);
  await ana.page.reload();
  await inside(ana.page);
  await sameChat([ana, mo], ["Ana in between"]);
  await ana.page.evaluate((name) => { // somebody else sat here before
    sessionStorage.setItem(name, JSON.stringify([{ key: "k".repeat(22), channel: "chat", text: "Not Ana's", at: Date.now(), by: "p0", state: "sending" }]));
  }, `greenroom.unsent.${room.id}`);
  await ana.page.reload();
  await inside(ana.page);
  await post(ana.page, "Ana again");
  await sameChat([ana, mo], ["Ana in between", "Ana again"]);
});

scene("what changed while the server was away shows afterwards: a role, a withdrawn invitation", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer", { network: true });
  const ben = await seat(house, room, "Ben", "viewer", { network: true });
  await composer(ana.page).fill("Still writing");
  for (const { person } of [ana, ben]) person.network.cut();
  await setType(house.server, room, ana.invitation, "speaker");
  await revoke(house.server, room, ben.invitation);
  for (const { person } of [ana, ben]) person.network.mend();
  await ana.page.locator("header .badge[data-role=speaker]").waitFor({ timeout: 20_000 });
  assert.equal(await composer(ana.page).inputValue(), "Still writing");
  await ben.page.getByRole("heading", { level: 1, name: t("refusal.invitation_revoked.title") }).waitFor({ timeout: 20_000 });
});

scene("the doors open while the page is cut off: it finds itself inside", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const invitation = await invite(house.server, room, "Ana");
  const person = await house.person({ network: true });
  await person.follow(invitation);
  const renewed = person.page.waitForResponse("**/session/renew");
  await confirm(person.page, invitation.email, t("confirm.action"));
  await person.page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  await renewed;
  person.network.cut();
  await changeRoom(house.server, room, { state: "open" });
  person.network.mend();
  await composer(person.page).waitFor({ timeout: 20_000 });
});

scene("a lost answer locks nobody out: the session's new id never arrived", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  const person = await house.person({ network: true });
  person.network.loseAnswersOf("/session/renew");
  const lost = person.page.waitForEvent("requestfailed", (request) => request.url().endsWith("/session/renew"));
  await person.enter(invitation);
  await lost;
  person.network.cut();
  await linkState(person.page).waitFor();
  person.network.mend();
  await wellAgain(person.page);
  await post(person.page, "Still here");
  await message(person.page, "Still here").and(person.page.locator(":not([data-state])")).waitFor();
});

scene("the server is replaced: it says goodbye, everybody comes back, nothing is missed", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer");
  const mo = await seat(house, room, "Mo", "moderator");
  await post(ana.page, "Before");
  await message(mo.page, "Before").waitFor();
  await composer(ana.page).fill("A draft");
  await ana.page.evaluate((words) => { // it may stand there for a moment only
    new MutationObserver(() => { globalThis.drained ||= document.body.innerText.includes(words); }).observe(document.body, { childList: true, subtree: true, characterData: true });
  }, t("link.drain"));
  const began = Date.now();
  const ended = house.server.terminate();
  await ana.page.waitForFunction(() => globalThis.drained);
  await post(mo.page, "In between");
  const { code } = await ended;
  assert.equal(code, 0, house.server.log);
  assert.ok(Date.now() - began < 20_000, `it took ${Date.now() - began} ms to end`);
  await house.server.start();
  for (const { page } of [ana, mo]) await wellAgain(page);
  await sameChat([ana, mo], ["Before", "In between"]);
  assert.equal(await composer(ana.page).inputValue(), "A draft");
}, { timeout: 60_000 });

scene("a break is announced once, and the return as well", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await seat(house, room, "Ana", "viewer", { network: true });
  const mo = await seat(house, room, "Mo", "moderator");
  ana.person.network.cut();
  await linkState(ana.page).waitFor();
  await post(mo.page, "Meanwhile");
  await heard(ana.page, t("say.lost"));
  ana.person.network.mend();
  await message(ana.page, "Meanwhile").waitFor({ timeout: 20_000 });
  await heard(ana.page, start("back.title"));
  const polite = await said(ana.page, "say");
  assert.equal(polite.filter((text) => text === t("say.lost")).length, 1);
  assert.equal(polite.filter((text) => text.startsWith(start("back.title"))).length, 1);
  assert.ok(!polite.some((text) => text.includes("Meanwhile")), "messages of the break are counted, not read out");
});
