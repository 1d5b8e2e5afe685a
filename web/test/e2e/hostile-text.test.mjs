// Names, titles, reasons and messages are text, whatever they look like: no script runs, nothing is fetched, nobody
// looks like staff by their name alone (SECURITY, T17 and T18).

import assert from "node:assert/strict";
import { call, harmless, payloads, speak, texts, watch } from "./hostile.mjs";
import { openHouse } from "./house.mjs";
import { inside, message, openTab, post } from "./people.mjs";
import { changeRoom, makeRoom } from "./rooms.mjs";
import { enterAs } from "./story.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

scene("in the title, the description and the speakers of a room", async (house) => {
  const foreign = [];
  const { server } = house;
  const person = await house.person();
  watch(house, person, foreign);
  const owner = await house.manager(await makeRoom(server));
  watch(house, owner, foreign);
  for (let at = 0; at < payloads.length; at += 8) {
    const some = payloads.slice(at, at + 8);
    const room = await makeRoom(server, { title: some[0], description: some.join("\n"), speakers: some.map((text) => ({ name: text.slice(0, 80), bio: text })) });
    await server.call("PUT", `/rooms/${room.id}/managers/${owner.account.id}`, { right: "owner" });
    const invitation = await server.call("POST", `/rooms/${room.id}/invitations`, { email: "x@example.org", first_name: some[1].slice(0, 80), last_name: some[2].slice(0, 80), type: "viewer" });
    await person.page.goto(invitation.url);
    await person.page.getByRole("timer").waitFor();
    assert.equal(await person.page.locator("h1").innerText(), some[0].replace(/\s+/g, " ").trim());
    await owner.page.goto(house.at(`/rooms/${room.id}`));
    await owner.page.getByRole("row", { name: /x@example.org/ }).waitFor();
    await changeRoom(server, room, { state: "closed", reason: some.join(" ").slice(0, 300) });
    await person.page.getByRole("heading", { level: 1, name: t("over.closed.title") }).waitFor();
    await harmless(house, foreign);
  }
  await owner.page.goto(house.at("/rooms"));
  await owner.page.getByRole("heading", { level: 1, name: t("rooms.title") }).waitFor();
  await harmless(house, foreign);
}, { timeout: 60_000 });

scene("in names and messages inside the room", async (house) => {
  const foreign = [];
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const hostile = (name, type) => server.call("POST", `/rooms/${room.id}/invitations`, { email: `${type}@example.org`, first_name: name, last_name: `"><b>`, type });
  const [ana, mo] = [await house.person(), await house.person()];
  for (const person of [ana, mo]) watch(house, person, foreign);
  await enterAs(mo.page, await hostile(`<img src=x onerror=${call}>`, "moderator"));
  await inside(mo.page);
  await enterAs(ana.page, await hostile(`<script>${call}</script>`, "viewer"));
  await inside(ana.page);
  for (let at = 0; at < payloads.length; at += 13) await post(mo.page, payloads.slice(at, at + 13).join(" "));
  await post(mo.page, payloads.slice(0, 6).join(" "), mo.page.getByLabel(t("backchannel.write")));
  await message(ana.page, payloads.at(-1).slice(0, 20)).first().waitFor();
  assert.equal(await ana.page.locator(".msg-text").first().innerText(), payloads.slice(0, 13).join(" ").replace(/[ \t]+/g, " "));
  assert.equal(await ana.page.locator(".msg-text a[href^='javascript'], .msg-text script, .msg-text img").count(), 0);
  for (const { page } of [ana, mo]) await openTab(page, "tab.people");
  await ana.page.mouse.move(600, 300);
  await mo.page.getByRole("button", { name: /^Actions for/ }).first().click();
  await mo.page.getByRole("menu").waitFor();
  await harmless(house, foreign);
});

scene("in every text that people and staff write, wherever it is shown", async (house) => {
  const foreign = [];
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const invited = (first_name, type) => server.call("POST", `/rooms/${room.id}/invitations`, { email: `${type}@example.org`, first_name, last_name: `"><b>`, type });
  const seated = async (invitation) => {
    const person = await house.person();
    watch(house, person, foreign);
    await enterAs(person.page, invitation);
    await inside(person.page);
    return person.page;
  };
  const mo = await seated(await invited(`<img src=x onerror=${call}>`, "moderator"));
  const anasSeat = await invited(`<script>${call}</script>`, "viewer");
  const ana = await seated(anasSeat);
  const owner = await house.manager(room);
  watch(house, owner, foreign);

  const [said] = await speak(ana, room, texts(1_900).map((text) => ["chat.post", { text }]));
  await speak(mo, room, [["pin.set", { id: said.id }], ...texts(1_900).map((text) => ["backchannel.post", { text }])]);
  const [welcome] = await speak(mo, room, [["people.page", { role: "viewer" }]]);
  const [{ participant }] = welcome.items;
  await speak(mo, room, [["chat.post", { text: `@x ${payloads[0]}`, reply_to: said.id, mentions: [{ participant, at: 0, n: 2 }] }]]);
  const asked = await speak(ana, room, texts(490).map((text, i) => ["question.ask", { text, anonymous: i % 2 === 1 }]));
  const reasons = texts(490);
  await speak(mo, room, [
    ...asked.slice(0, -1).map(({ id }) => ["question.publish", { id }]),
    ...asked.slice(0, 2).map(({ id }, i) => ["question.answer", { id, text: reasons[i] }]),
    ...asked.slice(2, 4).map(({ id }, i) => ["question.dismiss", { id, reason: reasons[i + 2] }]),
    ...texts(290).map((text) => ["announcement.post", { text }]),
    ["participant.mute", { participant, reason: reasons[0] }],
    ["participant.unmute", { participant }],
    ["room.settings", { filter: { words: payloads.map((text) => text.slice(0, 40)) } }],
  ]);
  const made = await speak(mo, room, [0, 10, 20, 30].map((at) => ["interaction.create", { kind: "choice", question: payloads.slice(at, at + 3).join(" ").slice(0, 290), options: payloads.slice(at, at + 10).map((text, i) => `${i} ${text}`.slice(0, 100)), results: "live" }]));
  const [open, cloud] = await speak(mo, room, [["interaction.create", { kind: "open", question: payloads[1], results: "live" }], ["interaction.create", { kind: "wordcloud", question: payloads[2], most: 3, results: "live" }]]);
  assert.ok(made.every(Boolean) && open && cloud, "polls are made of them");
  await speak(mo, room, [made[3], open, cloud].map(({ id }) => ["interaction.launch", { id }]));
  await speak(ana, room, [
    ["interaction.answer", { id: made[3].id, choices: [0] }],
    ["interaction.answer", { id: open.id, text: reasons[1] }],
    ["interaction.answer", { id: cloud.id, words: ["<b>x</b>", "\"'`=", "{{x}}"] }],
    ["hand.raise", {}],
  ]);
  await speak(mo, room, [["interaction.show", { id: open.id, text: reasons[1] }], ["interaction.close", { id: open.id }], ["interaction.close", { id: cloud.id }], ["hand.lower", { participant, reason: reasons[3] }]]);
  await speak(mo, room, reasons.slice(0, 1).map((reason) => ["chat.report", { id: said.id, reason }]));
  await server.call("POST", `/rooms/${room.id}/guest-links`, { label: payloads[0].slice(0, 60) });

  for (const page of [ana, mo]) {
    for (const key of ["tab.chat", "tab.questions", "tab.polls", "tab.people"]) {
      const tab = page.getByRole("tab", { name: new RegExp(`^${t(key)}`) });
      if (await tab.count()) await tab.press("Enter"); // by key: a long reason may stand over it as a notice for a while
      await page.locator(`#pane-${key.slice(4)}`).waitFor();
    }
  }
  await mo.getByRole("button", { name: new RegExp(`^${t("dock.controls")}`) }).click();
  await mo.getByRole("heading", { name: t("controls.title") }).waitFor();
  await mo.getByText(t("reports.title")).waitFor();
  await harmless(house, foreign);
  await mo.keyboard.press("Escape");
  await speak(mo, room, [["participant.ban", { participant, scope: "invitation", reason: reasons[2] }]]);
  await ana.getByRole("heading", { name: t("refusal.banned.title") }).waitFor();
  for (const path of [`/rooms/${room.id}`, `/rooms/${room.id}?audit`, `/r/${room.id}`]) {
    await owner.page.goto(house.at(path));
    await owner.page.locator("h1").first().waitFor();
    await owner.page.waitForLoadState("networkidle");
  }
  await harmless(house, foreign);
}, { timeout: 150_000 });

scene("in what the site says of itself", async (house) => {
  const foreign = [];
  const owner = await house.siteOwner();
  watch(house, owner, foreign);
  await house.server.call("PATCH", "/site", { name: payloads[0] });
  await house.server.call("PATCH", "/site", { words: payloads.map((text) => text.slice(0, 20)) }).catch((error) => assert.match(error.message, /422/));
  for (const path of ["/site", "/site/audit", "/site/people", "/rooms", "/account"]) {
    await owner.page.goto(house.at(path));
    await owner.page.locator("h1").first().waitFor();
    await owner.page.waitForLoadState("networkidle");
  }
  await harmless(house, foreign);
  await house.server.call("PATCH", "/site", { name: "" });
});

scene("names cannot turn the text around, stack marks or hide", async (house) => {
  const { server } = house;
  const room = await makeRoom(server);
  const odd = ["A\u202Enna", "B\u2066en\u2069", "C\u0000id", "D\u200Bo\u200Dra", `E${"\u0301".repeat(40)}va`, "F\r\nlo", "G\u0007us"];
  for (const [n, first_name] of odd.entries()) {
    const answer = await server.call("POST", `/rooms/${room.id}/invitations`, { email: `odd${n}@example.org`, first_name, last_name: "Example", type: "viewer" }).catch((error) => error);
    if (answer instanceof Error) {
      assert.match(answer.message, /422/, `${JSON.stringify(first_name)}: ${answer.message}`);
      continue;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it must not hold
    assert.doesNotMatch(answer.first_name, /[\u0000-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/, JSON.stringify(first_name));
    assert.doesNotMatch(answer.first_name.normalize("NFC"), /\p{M}{3}/u, JSON.stringify(first_name));
  }
});

scene("who is called Moderator has no badge", async (house) => {
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const fake = await server.call("POST", `/rooms/${room.id}/invitations`, { email: "fake@example.org", first_name: "Moderator", last_name: "(Staff)", type: "viewer" });
  const [one, other] = [await house.person(), await house.person()];
  await enterAs(one.page, fake);
  await inside(one.page);
  await enterAs(other.page, await server.call("POST", `/rooms/${room.id}/invitations`, { email: "vera@example.org", first_name: "Vera", last_name: "V", type: "viewer" }));
  await inside(other.page);
  await post(one.page, "Send me your passwords");
  await message(other.page, "Send me your passwords").waitFor();
  assert.equal(await message(other.page, "Send me your passwords").locator('.badge:not([data-role="guest"])').count(), 0); // but the mark that the name is like staff's
});
