// Hostile text around the room: in everybody's names, in what the waiting are told, in a pause, in what remains
// (SECURITY, T17). What people say inside is in hostile-text.test.mjs.

import assert from "node:assert/strict";
import { harmless, payloads, speak, texts, watch } from "./hostile.mjs";
import { openHouse } from "./house.mjs";
import { confirm, inside, openTab } from "./people.mjs";
import { changeRoom, invite, makeRoom } from "./rooms.mjs";
import { enterAs } from "./story.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const name = (payload) => payload.slice(0, 80);

async function come(house, foreign) {
  const person = await house.person();
  watch(house, person, foreign);
  return person.page;
}

async function seat(house, foreign, invitation) {
  const page = await come(house, foreign);
  await enterAs(page, invitation);
  await inside(page);
  return page;
}

scene("in the names of the invited, of who is renamed on the stage, and of managers", async (house) => {
  const foreign = [];
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const [mos, sams, veras] = [await invite(server, room, "Mo", "moderator"), await invite(server, room, "Sam", "speaker"), await invite(server, room, "Vera")];
  const [mo, sam, vera] = [await seat(house, foreign, mos), await seat(house, foreign, sams), await seat(house, foreign, veras)];
  await openTab(mo, "tab.people");
  const renamed = await speak(mo, room, payloads.map((text) => ["participant.rename", { participant: sams.participant, first_name: name(text), last_name: "" }]));
  assert.equal(renamed.filter(Boolean).length, payloads.length, "every text is a name");
  for (const page of [mo, sam, vera]) await page.getByText(name(payloads.at(-1))).first().waitFor();
  await harmless(house, foreign);

  for (const [n, text] of payloads.entries()) {
    await server.call("POST", `/rooms/${room.id}/invitations`, { email: `n${n}@example.org`, first_name: name(text), last_name: name(payloads.at(-1 - n)), type: "viewer" });
  }
  const owner = await house.manager(room);
  watch(house, owner, foreign);
  await owner.page.goto(house.at(`/rooms/${room.id}`));
  await owner.page.getByRole("row", { name: /n37@example.org/ }).waitFor();
  for (let at = 0; at < payloads.length; at += 2) {
    const status = await owner.page.evaluate(async (names) => {
      const answer = await fetch("/api/v1/account", { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify(names) });
      return answer.status;
    }, { first_name: name(payloads[at]), last_name: name(payloads[at + 1]) });
    assert.equal(status, 200);
  }
  for (const path of ["/account", `/rooms/${room.id}`, `/rooms/${room.id}?report=attendance`, `/rooms/${room.id}?audit`]) {
    await owner.page.goto(house.at(path));
    await owner.page.locator("h1").first().waitFor();
    await owner.page.waitForLoadState("networkidle");
    await harmless(house, foreign);
  }
}, { timeout: 90_000 });

scene("in what the waiting are told, in a guest's name, in a pause and in what remains", async (house) => {
  const foreign = [];
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const [mos, anas, veras, bens] = [await invite(server, room, "Mo", "moderator"), await invite(server, room, "Ana"), await invite(server, room, "Vera"), await invite(server, room, "Ben")];
  const [mo, ana] = [await seat(house, foreign, mos), await seat(house, foreign, anas)];
  await speak(mo, room, [["room.settings", { locked: true }]]);
  const [vera, ben, gil] = [await come(house, foreign), await come(house, foreign), await come(house, foreign)];
  for (const [page, invitation] of [[vera, veras], [ben, bens]]) {
    await page.goto(invitation.url);
    await confirm(page, invitation.email, t("lobby.action"));
    await page.getByRole("heading", { name: t("knocking.title") }).waitFor();
  }
  const link = await server.call("POST", `/rooms/${room.id}/guest-links`, { label: "Friends" });
  await gil.goto(link.url);
  await gil.getByLabel(t("guest.first"), { exact: true }).fill(name(payloads[1]));
  await gil.getByLabel(t("guest.last"), { exact: true }).fill(name(payloads[0]));
  await gil.getByLabel(t("guest.email"), { exact: true }).fill("gil@example.org");
  await gil.getByRole("button", { name: t("guest.action") }).click();
  await gil.getByRole("heading", { name: t("knocking.title") }).waitFor();
  await openTab(mo, "tab.people");
  await mo.getByText(name(payloads[1])).first().waitFor();

  const told = texts(490);
  await speak(mo, room, told.map((text) => ["admit.tell", { participant: veras.participant, text }]));
  await vera.getByText(told.at(-1)).first().waitFor();
  await speak(mo, room, [["admit.deny", { participants: [bens.participant], reason: told[0] }]]);
  await ben.getByText(told[0]).first().waitFor();
  await harmless(house, foreign);

  await speak(mo, room, [["room.settings", { locked: false }], ["stage.offer", { participant: anas.participant }]]);
  const pauses = texts(290);
  await speak(mo, room, pauses.flatMap((message) => [["room.pause", { message }], ["room.resume", {}]]));
  await speak(mo, room, [["room.pause", { message: pauses[0] }]]);
  await ana.getByText(pauses[0]).first().waitFor();
  await harmless(house, foreign);

  for (const closing_words of texts(490)) await changeRoom(server, room, { results: true, closing_words, closing_link: "https://example.org/?<script>" }).catch((error) => assert.match(error.message, /422/));
  await changeRoom(server, room, { results: true, closing_words: texts(490)[0], state: "closed", reason: payloads.join(" ").slice(0, 300) });
  await ana.getByText(texts(490)[0]).first().waitFor();
  const owner = await house.manager(room);
  watch(house, owner, foreign);
  for (const path of [`/rooms/${room.id}?report`, `/rooms/${room.id}?report=attendance`, `/rooms/${room.id}?report=files`]) {
    await owner.page.goto(house.at(path));
    await owner.page.locator("h1").first().waitFor();
    await owner.page.waitForLoadState("networkidle");
  }
  await harmless(house, foreign);
}, { timeout: 90_000 });
