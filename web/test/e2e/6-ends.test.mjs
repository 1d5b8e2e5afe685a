// Step 6: endings show at once: a withdrawn invitation, a moved start, a closed and a deleted room.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, confirm, devices, inside, mark, message, notice, openTab, post, stillMarked } from "./people.mjs";
import { changeRoom, fullName, invite, makeRoom, revoke } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const AT_ONCE = 10_000; // by a push, on a busy machine; loadtest says how fast

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** Does something and waits for what everybody sees of it. */
async function atOnce(act, ...waits) {
  const began = Date.now();
  await act();
  await Promise.all(waits.map((wait) => wait()));
  const took = Date.now() - began;
  assert.ok(took < AT_ONCE, `it took ${took} ms`);
}

async function arrive(house, room, name, options) {
  const invitation = await invite(house.server, room, name);
  const person = await house.person(options);
  await person.follow(invitation);
  await person.page.getByLabel(t("email.label")).waitFor();
  return { page: person.page, invitation };
}

for (const device of devices) {
  scene(`revoking ends the person's session by a push, with the reason on screen (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => arrive(house, room, name, { device })));
    for (const { page, invitation } of [ana, ben]) {
      await confirm(page, invitation.email, t("lobby.action"));
      await inside(page);
    }
    const withdrawn = () => heading(ana.page, t("refusal.invitation_revoked.title")).waitFor();
    await atOnce(() => revoke(house.server, room, ana.invitation), withdrawn);
    await ana.page.getByText(t("refusal.invitation_revoked.text")).waitFor();
    assert.equal(await composer(ana.page).count(), 0);
    assert.equal(await composer(ben.page).count(), 1, "only hers");
    await ana.page.reload();
    await withdrawn();
  });

  scene(`moving the start shows at once to everybody who waits (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { in: 3_600 });
    const everybody = await Promise.all(["Ana", "Ben"].map((name) => arrive(house, room, name, { device, zone: "Europe/Berlin" })));
    await confirm(everybody[0].page, everybody[0].invitation.email, t("confirm.action"));
    await everybody[1].page.getByLabel(t("email.label")).fill("half an addr");
    for (const { page } of everybody) await mark(page);
    const later = new Date(Date.parse(room.starts_at) + 2 * 3_600_000);
    const time = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", hour: "numeric", minute: "2-digit" }).format(later);
    const moved = everybody.flatMap(({ page }) => [ // all at once: the notice leaves by itself
      () => page.getByRole("timer").getByText(/^2/).first().waitFor(),
      () => page.locator(".notice", { hasText: t("moved.text").split("{time}")[1].trim() }).getByText(time).waitFor(),
    ]);
    await atOnce(() => changeRoom(house.server, room, { starts_at: later.toISOString() }), ...moved);
    for (const { page } of everybody) {
      await page.locator(".poster-when", { hasText: time }).waitFor();
      await stillMarked(page);
    }
    assert.equal(await everybody[1].page.getByLabel(t("email.label")).inputValue(), "half an addr");
  });

  scene(`closing shows at once to those inside and those who wait, with the reason (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { open: true });
    const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => arrive(house, room, name, { device })));
    await confirm(ana.page, ana.invitation.email, t("lobby.action"));
    await inside(ana.page);
    const reason = "The speaker is ill";
    const told = [ana, ben].map(({ page }) => () => page.getByText(reason).first().waitFor());
    await atOnce(() => changeRoom(house.server, room, { state: "closed", reason }), ...told);
    for (const { page } of [ana, ben]) await heading(page, t("over.closed.title")).waitFor();
    const again = () => inside(ana.page);
    await atOnce(() => changeRoom(house.server, room, { state: "open" }), again);
    await ben.page.getByRole("button", { name: t("lobby.action") }).waitFor();
  });

  scene(`deleting shows at once to everybody, with the reason (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { in: 3_600 });
    const { page } = await arrive(house, room, "Ana", { device });
    const reason = "We found no date";
    const told = () => heading(page, t("refusal.room_deleted.title")).waitFor();
    await atOnce(() => house.server.call("DELETE", `/rooms/${room.id}`, { reason }), told);
    await page.getByRole("main").getByText(reason).waitFor();
    await page.reload();
    await told();
  });
}

scene("closing early, while people wait for the start", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const { page } = await arrive(house, room, "Ana");
  await atOnce(() => changeRoom(house.server, room, { state: "closed", reason: "Called off" }), () => page.getByText("Called off").first().waitFor());
  await heading(page, t("over.closed.title")).waitFor();
});

scene("a new description and new speakers show to the waiting without a reload", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const { page } = await arrive(house, room, "Ana");
  await mark(page);
  await changeRoom(house.server, room, { title: "A better title", description: "What it is about", speakers: [{ name: "Mei-Ling Zhao" }] });
  await heading(page, "A better title").waitFor();
  await page.getByText("What it is about").waitFor();
  await page.getByText("Mei-Ling Zhao").first().waitFor();
  await stillMarked(page);
});

scene("a manager moves, closes, opens again and deletes in the UI", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const ana = await arrive(house, room, "Ana");
  const { page } = await house.manager(room);
  await page.goto(house.at(`/rooms/${room.id}`));
  const act = async (name, fields = {}) => {
    await page.getByRole("button", { name: t("manage.more") }).click();
    await page.getByRole("menuitem", { name: t(`act.${name}`) }).click();
    const dialog = page.getByRole("dialog");
    for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
    await dialog.getByRole("button", { name: t(`act.${name}.action`), exact: true }).click();
    await notice(page, t(`act.${name}.done`)).waitFor();
  };
  await act("move", { [t("form.starts")]: localTime(Date.now() + 26 * 3_600_000), [t("act.reason")]: "Train late" });
  await ana.page.getByRole("timer").getByText(/^1/).first().waitFor();
  await act("open");
  await ana.page.getByRole("button", { name: t("lobby.action") }).waitFor();
  await act("close", { [t("act.reason")]: "That was short" });
  await ana.page.getByText(/^That was short\.?$/).waitFor();
  await act("reopen");
  await ana.page.getByRole("button", { name: t("lobby.action") }).waitFor();
  await act("delete", { [t("act.reason")]: "No more" });
  await ana.page.getByText(/^No more\.?$/).waitFor();
});

scene("a removed message of somebody revoked stays readable to the others", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => arrive(house, room, name)));
  for (const { page, invitation } of [ana, ben]) await confirm(page, invitation.email, t("lobby.action"));
  await post(ana.page, "My last words");
  await message(ben.page, "My last words").waitFor();
  await revoke(house.server, room, ana.invitation);
  await heading(ana.page, t("refusal.invitation_revoked.title")).waitFor();
  await openTab(ben.page, "tab.people");
  await openTab(ben.page, "tab.chat");
  await message(ben.page, "My last words").getByText(fullName(ana.invitation)).waitFor();
});

/** For `<input type=datetime-local>` in the zone of the browser, Europe/London. */
function localTime(at) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/London", dateStyle: "short", timeStyle: "short" }).format(at);
  return parts.replace(" ", "T");
}
