// The Invite users window: by keyboard alone, over people one knows, with a code to scan, and as the way to promote.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import jsqr from "jsqr";
import { openHouse } from "./house.mjs";
import { holds, inside, mark, notice, openTab, phone, stillMarked } from "./people.mjs";
import { fullName, invite, makeRoom, standing } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const jsQR = jsqr.default ?? jsqr; // a bundle of the time before modules

const field = (page) => page.getByRole("combobox", { name: t("email.label") });
const options = (page) => page.getByRole("listbox", { name: t("people.known") }).getByRole("option");
const generate = (page) => page.getByRole("button", { name: t("invite.action") }).click();

/** Opens the window by the room's three-dot menu, with the keyboard. */
async function openWindow(page, house, room) {
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("manage.more") }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: t("invite.title") }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "invite-email");
}

/** Somebody with an account. */
const account = (house, first_name, last_name) =>
  house.server.call("POST", "/people", { email: `${first_name}.${last_name}.${Math.random().toString(36).slice(2, 8)}@example.org`.toLowerCase(), first_name, last_name });

/** Waits until the combobox tells of itself what it should: `active` is in the choice that it names, none if null. */
const tells = (page, should) => holds(page, (should) => {
  const input = document.getElementById("invite-email");
  const active = input.getAttribute("aria-activedescendant");
  const named = active && document.getElementById(active)?.textContent;
  const now = { expanded: input.getAttribute("aria-expanded"), active: should.active && named?.includes(should.active) ? should.active : named, value: input.value };
  return document.activeElement === input && Object.keys(should).every((key) => now[key] === should[key]);
}, JSON.stringify(should), should);

scene("by keyboard alone: type, choose, generate, copy", async (house) => {
  const room = await makeRoom(house.server);
  const quill = await account(house, "Quilla", "Ferreira");
  await account(house, "Quincy", "Moreau");
  const { page, context } = await house.manager(room);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openWindow(page, house, room);
  await page.keyboard.type("qui");
  await options(page).nth(1).waitFor();
  await tells(page, { expanded: "true", active: null, value: "qui" }); // nothing is chosen by itself
  assert.equal(await options(page).first().locator("mark").first().innerText(), "Qui", "the matching part is marked");
  await page.keyboard.press("Escape");
  await tells(page, { expanded: "false", value: "qui" });
  await page.keyboard.press("ArrowDown");
  await tells(page, { active: "Quilla Ferreira" });
  await page.keyboard.press("ArrowDown");
  await tells(page, { active: "Quincy Moreau" });
  await page.keyboard.press("ArrowDown");
  await tells(page, { active: "Quilla Ferreira" });
  await page.keyboard.press("Enter");
  await tells(page, { expanded: "false", active: null, value: quill.email }); // Enter takes, and does not send
  assert.equal(await page.getByLabel(t("field.first"), { exact: true }).inputValue(), "Quilla");
  assert.equal(await page.getByLabel(t("field.last"), { exact: true }).inputValue(), "Ferreira");
  await page.keyboard.press("Escape");
  await tells(page, { value: "" }); // Escape clears what stands there
  assert.equal(await page.getByRole("dialog").count(), 1, "and leaves the window open");
  await page.keyboard.type("quilla.f");
  await options(page).first().waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  for (const key of ["Tab", "Tab", "Tab", "ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await page.getByRole("heading", { name: t("invite.done.title", { name: "Quilla Ferreira" }) }).waitFor();
  await page.locator("dialog .badge[data-role=speaker]").waitFor();
  await page.getByRole("button", { name: t("invite.copy") }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: t("invite.copied") }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  house.server.keepSecret(link.split("#")[1]);
  assert.match(link, /\/i\/[a-z2-7]+#gri_/);
  await page.keyboard.press("Escape");
  await page.waitForFunction((name) => document.activeElement?.getAttribute("aria-label") === name, t("manage.more"));
});

scene("a new address, errors where they belong, and one's own terms", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const { page } = await house.manager(room);
  await openWindow(page, house, room);
  await generate(page);
  for (const key of ["email.empty", "field.first.empty", "field.last.empty"]) await page.locator(".field .error", { hasText: t(key) }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "invite-email");
  await page.keyboard.type("xaver.neu@example.net");
  await page.getByText(t("people.new")).waitFor();
  await page.getByLabel(t("field.first"), { exact: true }).fill("Xaver");
  await page.getByLabel(t("field.last"), { exact: true }).fill("Neu");
  await page.getByRole("button", { name: t("invite.lasts.change") }).click();
  await page.getByLabel(t("invite.devices")).fill("0");
  await generate(page);
  await page.locator(".field .error", { hasText: t("invite.devices.wrong") }).waitFor();
  await page.getByLabel(t("invite.devices")).fill("3");
  await page.getByLabel(t("invite.expires")).fill("2020-01-01T10:00");
  await page.getByText(t("invite.early")).waitFor();
  await page.getByRole("button", { name: t("invite.early.fix") }).click();
  await generate(page);
  await page.getByRole("heading", { name: t("invite.done.title", { name: "Xaver Neu" }) }).waitFor();
  await page.getByText(t("invite.done.works.text", { devices: t("devices_other", { count: 3 }) })).waitFor();
  house.server.keepSecret((await page.getByLabel(t("invite.link")).inputValue()).split("#")[1]);
});

scene("a domain that only looks like one that is known", async (house) => {
  const room = await makeRoom(house.server);
  for (const email of ["ana@paypal.com", "ana@раypal.com"]) {
    const { page } = await house.manager(room);
    await openWindow(page, house, room);
    await page.keyboard.type(email);
    await page.getByText(t("people.new")).waitFor();
    await page.getByLabel(t("field.first"), { exact: true }).fill("Ana");
    await page.getByLabel(t("field.last"), { exact: true }).fill("Neu");
    await generate(page);
    await page.getByRole("heading", { name: t("invite.done.title", { name: "Ana Neu" }) }).waitFor();
    house.server.keepSecret((await page.getByLabel(t("invite.link")).inputValue()).split("#")[1]);
    const domain = "xn--ypal-43d9g.com";
    if (email.endsWith("@paypal.com")) {
      assert.equal(await page.locator("dialog .notice").count(), 0);
      continue;
    }
    const warning = page.locator("dialog .notice");
    for (const text of [t("invite.domain.mixed", { domain }), t("invite.domain.alike", { domain, other: "paypal.com" }), t("invite.domain.check")]) await warning.getByText(text).waitFor();
    await page.locator("dialog dd").getByText(`ana@${domain}`, { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("row").getByText(`ana@${domain}`, { exact: true }).waitFor();
    const eva = await house.server.call("POST", `/rooms/${room.id}/invitations`, { email: "eva@bücher.example", first_name: "Eva", last_name: "Neu", type: "viewer" });
    await page.getByRole("row").getByText(`${eva.email} (xn--bcher-kva.example)`).waitFor();
  }
});

scene("who cannot be looked up can still be typed", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await house.manager(room);
  await openWindow(page, house, room);
  await page.route("**/api/v1/people?*", (route) => route.abort());
  await page.keyboard.type("somebody@example.org");
  await page.getByText(t("people.failed")).waitFor();
  await page.getByLabel(t("field.first"), { exact: true }).fill("Some");
  await page.getByLabel(t("field.last"), { exact: true }).fill("Body");
  await generate(page);
  await page.getByRole("heading", { name: t("invite.done.title", { name: "Some Body" }) }).waitFor();
  house.server.keepSecret((await page.getByLabel(t("invite.link")).inputValue()).split("#")[1]);
});

for (const device of [undefined, phone]) {
  scene(`inviting somebody who is inside promotes them at once (${device?.name ?? "desktop"})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const ana = await invite(house.server, room, "Ana");
    const viewer = await house.person();
    await viewer.enter(ana);
    await mark(viewer.page);
    const { page } = await house.manager(room, "owner", device ? { device } : {});
    await page.goto(house.at(`/r/${room.id}`));
    await inside(page);
    await openTab(page, "tab.people");
    await page.getByRole("button", { name: t("people.menu") }).click();
    await page.getByRole("menuitem", { name: t("dock.invite") }).click();
    await field(page).fill(ana.email.slice(0, 5));
    await options(page).getByText(ana.email).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText(t("invite.inside", { name: "Ana", type: t("role.viewer") })).waitFor();
    await page.getByRole("radio", { name: new RegExp(`^${t("role.speaker")}`) }).check();
    await generate(page);
    await page.getByRole("heading", { name: t("invite.inside.title", { name: fullName(ana), type: t("role.speaker") }) }).waitFor();
    await notice(viewer.page, t("role.now.speaker")).waitFor();
    await stillMarked(viewer.page);
    assert.equal((await standing(house.server, room, ana)).type, "speaker");
  });
}

scene("viewers, speakers and moderators have no such menu; nor has a room without collaboration", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  for (const type of ["viewer", "moderator"]) {
    const person = await house.person();
    await person.enter(await invite(house.server, room, "Guest", type));
    await openTab(person.page, "tab.people");
    assert.equal(await person.page.getByRole("button", { name: t("people.menu") }).count(), 0);
    assert.equal(await person.page.getByRole("button", { name: t("dock.invite") }).count(), 0);
  }
  const alone = await makeRoom(house.server, { collaboration: false });
  const { page } = await house.manager(alone);
  await page.goto(house.at(`/rooms/${alone.id}`));
  await page.getByRole("button", { name: t("manage.more") }).click();
  await page.getByRole("menuitem", { name: t("act.copy") }).waitFor();
  assert.equal(await page.getByRole("menuitem", { name: t("invite.title") }).count(), 0);
});

scene("the QR code, on screen and as a saved picture, is the link", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await house.manager(room);
  await openWindow(page, house, room);
  await page.keyboard.type("zoe@example.org");
  await page.getByLabel(t("field.first"), { exact: true }).fill("Zoë");
  await page.getByLabel(t("field.last"), { exact: true }).fill("O'Neil");
  await generate(page);
  const link = await page.getByLabel(t("invite.link")).inputValue();
  house.server.keepSecret(link.split("#")[1]);
  const code = page.getByRole("img", { name: t("invite.qr", { name: "Zoë O'Neil" }) });
  assert.equal(await scan(page, await code.screenshot()), link);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: t("invite.qr.save") }).click()]);
  assert.equal(file.suggestedFilename(), "Zoë-O-Neil.png");
  assert.equal(await scan(page, readFileSync(await file.path())), link);
});

/** Reads the QR code in a picture, as a phone would. */
async function scan(page, png) {
  const { data, width, height } = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, image.width, image.height);
    return { data: [...data], width, height };
  }, `data:image/png;base64,${png.toString("base64")}`);
  return jsQR(Uint8ClampedArray.from(data), width, height)?.data;
}

scene("where the site's owner switches invitations off, nobody in the room is offered the window, at once", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const { page } = await house.manager(room, "co-editor");
  await page.goto(house.at(`/r/${room.id}`));
  const dock = page.getByRole("region", { name: t("dock.label") });
  const button = dock.getByRole("button", { name: t("dock.invite") });
  const menu = page.getByRole("button", { name: t("people.menu") });
  await button.waitFor();
  await openTab(page, "tab.people");
  await menu.waitFor();
  await mark(page);
  try {
    await house.server.call("PATCH", "/site", { invitations: false });
    await button.waitFor({ state: "detached" });
    await menu.waitFor({ state: "detached" });
    await dock.getByRole("button", { name: t("dock.more") }).click();
    await page.getByRole("menuitem", { name: t("dock.copy") }).waitFor();
    assert.equal(await page.getByRole("menuitem", { name: t("dock.invite") }).count(), 0);
    await page.keyboard.press("Escape");
    await house.server.call("PATCH", "/site", { invitations: true });
    await button.waitFor();
    await menu.waitFor();
    await house.server.call("PATCH", "/site", { inviters: { role: "owner" } }); // not this person
    await button.waitFor({ state: "detached" });
    await menu.waitFor({ state: "detached" });
    await stillMarked(page);
  } finally {
    await house.server.call("PATCH", "/site", { invitations: true, inviters: { role: "member" } });
  }
});
