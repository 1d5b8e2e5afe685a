// By keyboard alone: through the link, the lobby, the chat, the list of people and its menus. No mouse is touched.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { holds, inside, mark, message, notice, openTab, post, stillMarked } from "./people.mjs";
import { changeRoom, fullName, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

/** Presses Tab until the element that has focus fits; says on which it gave up. */
async function tabTo(page, fits, key = "Tab") {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press(key);
    const here = await focused(page);
    if (fits(here)) return here;
  }
  throw new Error(`no way by ${key}, last at ${JSON.stringify(await focused(page))}`);
}

const menuOpen = (page) => holds(page, () => document.activeElement?.getAttribute("role") === "menuitemradio", "the menu takes focus");

const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      id: element.id,
      tag: element.tagName,
      role: element.getAttribute("role"),
      name: element.getAttribute("aria-label") ?? element.textContent.trim(),
      ring: outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0,
      zone: element.closest("[data-zone]")?.dataset.zone,
    };
  });

scene("from the link into the room, write, and leave", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  const { page } = await house.person();
  await page.goto(invitation.url);
  await page.getByRole("button", { name: t("lobby.action") }).waitFor();
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, t("skip.main"), "the first stop skips to the content");
  const field = await tabTo(page, ({ id }) => id === "email");
  assert.ok(field.ring, "focus can be seen");
  await page.keyboard.press("Enter");
  await page.getByText(t("email.empty")).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "email");
  await page.keyboard.type(invitation.email);
  await page.keyboard.press("Enter");
  await inside(page);
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  await tabTo(page, ({ id }) => id === "chat-text");
  await page.keyboard.type("First line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second line");
  await page.keyboard.press("Enter");
  await message(page, "First line").waitFor();
  assert.equal(await message(page, "First line").locator(".msg-text").innerText(), "First line\nsecond line");
  await holds(page, () => document.getElementById("chat-text")?.value === "", "what was sent has left the field");
  await holds(page, () => document.activeElement?.id === "chat-text", "focus stays where one writes");
});

scene("tabs by arrow, regions by F6, letters outside of fields", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const { page, ...mo } = await house.person();
  const invitation = await invite(house.server, room, "Mo", "moderator");
  await page.goto(invitation.url);
  await page.getByLabel(t("email.label")).fill(invitation.email);
  await page.keyboard.press("Enter");
  await inside(page);
  await tabTo(page, ({ id }) => id === "tab-chat");
  await page.keyboard.press("ArrowRight");
  await holds(page, () => document.activeElement?.id === "tab-people", "the arrow moves focus");
  await page.getByLabel(t("people.find")).waitFor();
  await page.keyboard.press("Home");
  await holds(page, () => document.activeElement?.id === "tab-chat", "Home moves focus");
  await page.locator("[data-zone=dock]").waitFor();
  const zones = [];
  for (let n = 0; n < 3; n++) {
    await page.keyboard.press("F6");
    zones.push((await focused(page)).zone);
  }
  assert.equal(new Set(zones).size, 3, `stage, dock and panel: ${zones}`);
  await page.evaluate(() => document.querySelector("h1").focus());
  await page.keyboard.press("p");
  await page.getByLabel(t("people.find")).waitFor();
  await page.evaluate(() => document.querySelector("h1").focus());
  await page.keyboard.press("b");
  await page.waitForFunction(() => document.activeElement?.id === "backchannel-text");
  await page.keyboard.type("c p b ?");
  assert.equal(await page.getByLabel(t("backchannel.write")).inputValue(), "c p b ?", "letters in a field are letters");
  await page.evaluate(() => document.querySelector("h1").focus());
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText(t("keys.title")).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  assert.ok(mo);
});

scene("a moderator gives a role by the menu", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const [ana, mo] = [await invite(house.server, room, "Ana"), await invite(house.server, room, "Mo", "moderator")];
  const viewer = await house.person();
  await viewer.enter(ana);
  const { page } = await house.person();
  await page.goto(mo.url);
  await page.getByLabel(t("email.label")).fill(mo.email);
  await page.keyboard.press("Enter");
  await inside(page);
  await page.waitForFunction(() => document.activeElement?.tagName === "H1"); // else the letter goes to the field that was
  await page.keyboard.press("p");
  await page.locator("#pane-people .row", { hasText: fullName(ana) }).waitFor();
  const actions = t("people.actions", { name: fullName(ana) });
  await tabTo(page, ({ name }) => name === actions);
  await page.keyboard.press("Enter");
  await menuOpen(page);
  await page.keyboard.press("Escape");
  await holds(page, (name) => document.activeElement?.getAttribute("aria-label") === name, "Escape goes back to the button", actions);
  await page.keyboard.press("Enter");
  await menuOpen(page);
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  assert.equal(await page.getByRole("menu").count(), 1, "what is not possible cannot be chosen");
  await page.keyboard.press("v"); // a letter goes on from where one is: the next one with S is for a time
  await page.keyboard.press("s");
  await page.keyboard.press("Enter");
  await notice(viewer.page, t("role.now.speaker")).waitFor();
  await notice(page, t("role.done.speaker", { name: fullName(ana) })).waitFor();
  await page.locator("#pane-people .row", { hasText: fullName(ana) }).locator(".badge[data-role=speaker]").waitFor();
  await page.waitForFunction(() => document.activeElement !== document.body); // focus is not lost when the row moves
});

scene("a button that goes with the press hands focus on to what stands in its place", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const [ana, mo] = [await invite(house.server, room, "Ana"), await invite(house.server, room, "Mo", "moderator")];
  const { page: asker } = await house.person();
  const { page } = await house.person();
  for (const [one, { url, email }] of [[asker, ana], [page, mo]]) {
    await one.goto(url);
    await one.getByLabel(t("email.label")).fill(email);
    await one.keyboard.press("Enter");
    await inside(one);
  }
  await openTab(asker, "tab.questions");
  await post(asker, "Why?", asker.getByLabel(t("question.write")));
  const button = (key) => page.locator(".ask", { hasText: "Why?" }).getByRole("button", { name: new RegExp(`^${t(key)}`) });
  const reached = (key) => holds(page, (name) => document.activeElement?.textContent.startsWith(name), `focus is on "${t(key)}"`, t(key));
  await button("question.publish").press("Enter");
  await reached("question.dismiss");
  await button("question.take").press("Enter");
  await reached("question.live");
  await button("question.answer").press("Enter");
  await holds(page, () => document.activeElement?.tagName === "TEXTAREA", "one writes at once");
  await page.keyboard.press("Escape");
  await reached("question.live");
});

scene("a manager invites by the dialog, and focus comes back", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await house.manager(room);
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("invite.title") }).waitFor();
  await tabTo(page, ({ name }) => name === t("invite.title"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "invite-email");
  await page.keyboard.type("nadia@example.edu");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Nadia");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Hussein");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: t("invite.done.title", { name: "Nadia Hussein" }) }).waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction((name) => document.activeElement?.textContent.trim() === name, t("invite.title"));
  await page.getByRole("row", { name: /Nadia Hussein.*Moderator/s }).waitFor();
});

scene("doors that open by push leave focus in the field and move it nowhere else", async (house) => {
  const room = await makeRoom(house.server);
  const invitation = await invite(house.server, room, "Ana");
  const { page } = await house.person();
  await page.goto(invitation.url);
  await page.getByLabel(t("email.label")).waitFor();
  await tabTo(page, ({ id }) => id === "email");
  await page.keyboard.type("ana.");
  await mark(page);
  await changeRoom(house.server, room, { state: "open" });
  await page.getByRole("button", { name: t("lobby.action") }).waitFor();
  assert.equal((await focused(page)).id, "email");
  await page.keyboard.type(invitation.email.slice(4));
  await page.keyboard.press("Enter");
  await inside(page);
  await stillMarked(page);
});
