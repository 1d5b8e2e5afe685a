// What a screen reader hears: each thing once, in the right region; nothing of one's own, nothing of the past.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, confirm, heard, inside, message, post, said } from "./people.mjs";
import { changeRoom, fullName, invite, makeRoom, revoke, setType } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function once(page, region, text) {
  await heard(page, text);
  const times = (await said(page)).filter((one) => one.includes(text)).length;
  assert.equal(times, 1, `"${text}" was said ${times} times`);
  assert.ok((await said(page, region)).some((one) => one.includes(text)), `"${text}" belongs to #${region}`);
}

scene("the doors: in at once for the confirmed, the lobby for the others", async (house) => {
  const room = await makeRoom(house.server);
  const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => arrive(house, room, name)));
  await confirm(ana.page, ana.invitation.email, t("confirm.action"));
  await ana.page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  await changeRoom(house.server, room, { state: "open" });
  await inside(ana.page);
  await once(ana.page, "say-now", t("say.opened.in"));
  await once(ben.page, "say-now", t("say.opened.lobby"));
  assert.equal((await said(ana.page, "say-now")).length, 1, "nothing else");
});

scene("the countdown speaks at its moments only", async (house) => {
  const room = await makeRoom(house.server);
  const invitation = await invite(house.server, room, "Ana");
  const { page } = await house.person();
  await changeRoom(house.server, room, { starts_at: new Date(Date.now() + 42_000).toISOString() }); // when the browser is there
  await page.goto(invitation.url);
  await once(page, "say", t("say.opens.seconds_other", { count: 30 }));
  assert.equal((await said(page)).length, 1);
});

scene("a role, a revocation, a closed room: assertive, once, heading and text", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const [ana, ben] = await Promise.all(["Ana", "Ben"].map((name) => enter(house, room, name)));
  await setType(house.server, room, ana.invitation, "speaker");
  await once(ana.page, "say-now", t("role.now.speaker"));
  await setType(house.server, room, ana.invitation, "viewer");
  await once(ana.page, "say-now", t("role.now.viewer"));
  assert.ok(!(await said(ben.page)).some((text) => text.includes(t("role.now.speaker"))), "only the person hears it");
  await revoke(house.server, room, ana.invitation);
  await ana.page.getByRole("heading", { name: t("refusal.invitation_revoked.title") }).waitFor();
  await ana.page.waitForFunction(() => document.activeElement?.tagName === "H1"); // a page of its own: read by focus
  await changeRoom(house.server, room, { state: "closed", reason: "Fire drill" });
  await once(ben.page, "say-now", t("over.closed.title"));
  await once(ben.page, "say-now", "Fire drill");
});

scene("messages: each new one once, one's own and history never, many as a number", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const mo = await enter(house, room, "Mo", "moderator");
  await post(mo.page, "History");
  await message(mo.page, "History").waitFor();
  const ana = await enter(house, room, "Ana");
  await message(ana.page, "History").waitFor();
  await post(ana.page, "My own words");
  await post(mo.page, "News for Ana");
  await once(ana.page, "say", t("say.message", { name: fullName(mo.invitation), text: "News for Ana" }));
  for (let n = 1; n <= 9; n++) await post(mo.page, `Flood ${n}`);
  await message(ana.page, "Flood 9").waitFor();
  const polite = await said(ana.page, "say");
  assert.ok(!polite.some((text) => /History|My own words/.test(text)), polite.join(" | "));
  assert.ok(polite.filter((text) => text.includes("Flood")).length <= 6, "at most six a minute are read out");
  await ana.page.waitForFunction(() => globalThis.told.some((one) => /new messages/.test(one.text)), undefined, { timeout: 30_000 });
}, { timeout: 60_000 });

scene("who switched it off hears no messages", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await enter(house, room, "Ana");
  const mo = await enter(house, room, "Mo", "moderator");
  await ana.page.getByRole("button", { name: t("you.button").slice(2) }).click();
  await ana.page.getByLabel(t("you.speech")).selectOption({ label: t("you.speech.off") });
  await ana.page.keyboard.press("Escape");
  await post(mo.page, "Quietly");
  await message(ana.page, "Quietly").waitFor();
  assert.ok(!(await said(ana.page)).some((text) => text.includes("Quietly")));
});

scene("with reduced motion nothing moves", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const invitation = await invite(house.server, room, "Ana");
  const { page } = await house.person({ reducedMotion: "reduce" });
  await page.goto(invitation.url);
  await page.getByRole("timer").waitFor();
  await page.evaluate(() => {
    globalThis.moved = [];
    const look = () => {
      for (const animation of document.getAnimations()) {
        const { duration, iterations } = animation.effect.getComputedTiming();
        if (duration > 1 || iterations === Number.POSITIVE_INFINITY) globalThis.moved.push(`${animation.effect.target?.className} ${duration} ms`);
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await confirm(page, invitation.email, t("confirm.action"));
  await page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  await changeRoom(house.server, room, { state: "open" });
  await composer(page).waitFor();
  await setType(house.server, room, invitation, "speaker");
  await page.locator(".notice").first().waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.moved), []);
});

async function arrive(house, room, name, type) {
  const invitation = await invite(house.server, room, name, type);
  const { page } = await house.person();
  await page.goto(invitation.url);
  await page.getByLabel(t("email.label")).waitFor();
  return { page, invitation };
}

async function enter(house, room, name, type) {
  const one = await arrive(house, room, name, type);
  await confirm(one.page, one.invitation.email, t("lobby.action"));
  await inside(one.page);
  return one;
}
