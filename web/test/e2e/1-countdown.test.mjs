// Step 1: the room's page before the start, on the server's clock.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openHouse } from "./house.mjs";
import { confirm, desktop, devices, inside, mark, phone, stillMarked } from "./people.mjs";
import { changeRoom, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const DAY = 86_400_000;
const about = {
  title: "Next-Level Growth",
  description: "A focused session.\nWith two paragraphs, and a <b>tag</b> that stays text.",
  speakers: [{ name: "Amara Osei", bio: "VP Product, Fieldnote" }, { name: "Jonas Lindqvist" }],
};

/** Seconds that the big clock shows. */
async function shown(page) {
  const text = await page.getByRole("timer").innerText();
  const units = { day: 86_400, h: 3_600, min: 60, s: 1 };
  return [...text.matchAll(/(\d+)\s*(day|h|min|s)/g)].reduce((sum, [, number, unit]) => sum + number * units[unit], 0);
}

/** Waits until the clock shows what is left until the start; a busy machine may tick late. */
async function near(page, room) {
  for (let tries = 120; tries > 0; tries--) {
    if (Math.abs((await shown(page)) - (Date.parse(room.starts_at) - Date.now()) / 1_000) < 1.6) return;
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  assert.fail(`it shows ${await shown(page)} s, and it is ${room.starts_at} that it opens`);
}

/** Turns the browser's own clock by a number of milliseconds; monotonic time goes on. */
const turnClock = (person, by) =>
  person.context.addInitScript((by) => {
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...values) {
        super(...(values.length ? values : [Real.now() + by]));
      }
      static now() {
        return Real.now() + by;
      }
    };
  }, by);

for (const device of devices) {
  scene(`the page says what, who and when, in the visitor's zone (${device.name})`, async (house) => {
    const starts = new Date(Math.floor(Date.now() / DAY) * DAY + 3.75 * DAY); // 18:00 UTC: one day here and there, in summer too
    const ends = new Date(starts.getTime() + 45 * 60_000);
    const room = await makeRoom(house.server, { ...about, starts_at: starts.toISOString(), ends_at: ends.toISOString() });
    const { page } = await invited(house, room, { device, zone: "America/New_York" });
    await page.getByRole("heading", { level: 1, name: about.title }).waitFor();
    for (const text of ["A focused session.", "a <b>tag</b> that stays text", "Amara Osei", "VP Product, Fieldnote", "Jonas Lindqvist"]) {
      await page.getByText(text).first().waitFor();
    }
    const format = (options, at) => new Intl.DateTimeFormat("en-GB", { timeZone: "America/New_York", ...options }).format(at);
    const time = (at) => format({ hour: "numeric", minute: "2-digit" }, at);
    const day = format({ weekday: "long", day: "numeric", month: "long" }, starts);
    const when = await page.locator(".poster-when").innerText();
    assert.equal(when.replace(/\s+/g, " ").trim(), `${day}, ${time(starts)} to ${time(ends)} (your time, New York)`);
  });

}

for (const [words, by, device] of [["right", 0, phone], ["a day slow", -DAY, desktop], ["a day fast", DAY, phone]]) {
  scene(`the countdown is right in a browser whose clock is ${words} (${device.name})`, async (house) => {
    const room = await makeRoom(house.server, { in: 100 });
    const { page } = await invited(house, room, { device }, (person) => turnClock(person, by));
    await page.getByRole("timer").getByText(/\d/).first().waitFor();
    await near(page, room);
    const first = await page.getByRole("timer").innerText();
    await page.waitForFunction((first) => document.querySelector("[role=timer]").innerText !== first, first);
    await near(page, room);
  });
}

scene("the secret leaves the address bar and the history", async (house) => {
  const { page, invitation } = await invited(house, await makeRoom(house.server));
  await page.getByRole("timer").waitFor();
  const secret = new URL(invitation.url).hash.slice(1);
  assert.ok(secret.length > 20);
  assert.ok(!page.url().includes(secret));
  await page.goBack().catch(() => undefined);
  assert.ok(!page.url().includes(secret));
});

scene("add to calendar gives a file with the start and the title", async (house) => {
  const room = await makeRoom(house.server, { ...about, in: 86_400 });
  const { page } = await invited(house, room);
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: t("waiting.calendar") }).click();
  const download = await coming;
  assert.match(download.suggestedFilename(), /\.ics$/);
  const calendar = readFileSync(await download.path(), "utf8");
  const starts = new Date(room.starts_at).toISOString().replace(/[-:]|\.\d+/g, "");
  assert.match(calendar, /^BEGIN:VCALENDAR\r\n/);
  assert.ok(calendar.includes(`DTSTART:${starts}`), calendar);
  assert.ok(calendar.includes(`SUMMARY:${about.title}`), calendar);
  assert.ok(!calendar.includes("#"), "no secret in a file that is passed on");
});

scene("who confirms early goes in when the doors open, without a reload", async (house) => {
  const room = await makeRoom(house.server, { in: 3_600 });
  const { page, invitation } = await invited(house, room);
  await mark(page);
  await confirm(page, invitation.email.toUpperCase(), t("confirm.action"));
  await page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  await page.getByText(t("confirmed.bound")).waitFor();
  await changeRoom(house.server, room, { state: "open" });
  await inside(page);
  await stillMarked(page);
});

scene("early confirmation is remembered when the page is loaded anew", async (house) => {
  const room = await makeRoom(house.server);
  const { page, invitation } = await invited(house, room);
  await confirm(page, invitation.email, t("confirm.action"));
  await page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  await page.goto(invitation.url);
  await page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
});

scene("the waiting see how many wait with them", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await invited(house, room);
  await invited(house, room);
  await page.getByText(/2 people are waiting|1 person is waiting/).waitFor();
});

async function invited(house, room, options, before = () => undefined) {
  const invitation = await invite(house.server, room, "Ana");
  const person = await house.person(options);
  await before(person);
  await person.follow(invitation);
  return { page: person.page, person, invitation };
}
