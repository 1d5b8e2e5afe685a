// The report of a room: what it was like, who came, and the files, on a desktop and on a phone.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { look } from "./axe.mjs";
import { openHouse } from "./house.mjs";
import { devices, message, post } from "./people.mjs";
import { changeRoom, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

/** Nothing for axe-core to find in either scheme, nothing that scrolls sideways; with PICTURES it keeps them. */
async function fine(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    assert.deepEqual(await look(page), [], `${name}, ${colorScheme}`);
    if (pictures) await page.screenshot({ path: join(pictures, `${name}-${page.viewportSize().width}-${colorScheme}.png`), fullPage: true });
  }
  assert.equal(await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth)), 0, `${name} scrolls sideways`);
}

/** A room where two of three came, talked, asked and were asked. */
async function held(house) {
  const room = await makeRoom(house.server, { title: "Reading circle", open: true });
  const invitations = [await invite(house.server, room, "Ana"), await invite(house.server, room, "Bo", "moderator"), await invite(house.server, room, "Cleo")];
  const [ana, bo] = [await house.person(), await house.person()];
  await ana.enter(invitations[0]);
  await bo.enter(invitations[1]);
  await post(ana.page, "=1+1 and \"quotes\"");
  await message(bo.page, "=1+1").waitFor();
  await post(bo.page, "A second message");
  return { room, ana, bo };
}

/** Loads the page until the server has written who came. */
async function until(page, there) {
  for (let tries = 0; tries < 60; tries++) {
    if (await there.waitFor({ timeout: 2_000 }).then(() => true, () => false)) return;
    await page.reload();
  }
  assert.fail("the report never tells it");
}

async function saved(page, button) {
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

for (const device of devices) {
  scene(`a manager reads what was in the room and takes it along (${device.name})`, async (house) => {
    const { room } = await held(house);
    const { page } = await house.manager(room, "owner", { device });
    await page.goto(house.at(`/rooms/${room.id}`));
    await page.getByRole("link", { name: t("act.report"), exact: true }).click();
    await page.getByRole("heading", { level: 1, name: t("report.title") }).waitFor();
    await until(page, page.getByText(t("report.came.of", { came: "2", invited: "3" })));
    await page.getByRole("img", { name: new RegExp(`^${t("report.people")}`) }).waitFor();
    const messages = page.getByRole("figure", { name: t("report.messages") });
    await messages.getByText(t("report.plot.table")).click();
    await messages.getByRole("row").nth(1).waitFor();
    await fine(page, "report-summary");

    await page.getByRole("button", { name: t("report.tab.attendance") }).click();
    await page.getByRole("row", { name: /Cleo/ }).getByText(t("report.never")).waitFor();
    await page.getByRole("button", { name: t("report.show.yes", { count: "2" }), exact: true }).click();
    await page.getByRole("row", { name: /Cleo/ }).waitFor({ state: "detached" });
    await page.getByLabel(t("report.search")).fill("ana");
    await page.getByRole("row", { name: /Bo / }).waitFor({ state: "detached" });
    await page.getByRole("row", { name: /Ana/ }).getByRole("button").press("Enter");
    await page.getByText(new RegExp(`^${t("report.place.inside")} .*${t("role.viewer")}`)).waitFor();
    await fine(page, "report-attendance");

    await page.getByRole("button", { name: t("report.tab.files") }).click();
    await fine(page, "report-files");
    const line = page.getByRole("listitem").filter({ hasText: t("report.file.chat.text") });
    const csv = await saved(page, line.getByRole("button", { name: "CSV" }));
    assert.equal(csv.name, `chat-${room.id}.csv`);
    assert.ok(csv.text.includes(`"'=1+1 and ""quotes"""`) && csv.text.includes("A second message"), csv.text);
    const json = await saved(page, line.getByRole("button", { name: "JSON" }));
    assert.deepEqual(JSON.parse(json.text).items.map(({ text }) => text), ["=1+1 and \"quotes\"", "A second message"]);
    const people = await saved(page, page.getByRole("listitem").filter({ hasText: t("report.file.attendance.text") }).getByRole("button", { name: "CSV" }));
    assert.match(people.text, /Cleo/);
    await page.reload();
    await page.getByRole("heading", { level: 2, name: t("report.files") }).waitFor();
  });
}

scene("a session that is over has its report, from the list of rooms, and one that is opened again has two", async (house) => {
  const { room, ana } = await held(house);
  const { page } = await house.manager(room);
  await page.goto(house.at(`/rooms/${room.id}?report`));
  await until(page, page.getByText(t("report.came.of", { came: "2", invited: "3" })));
  await changeRoom(house.server, room, { state: "closed", reason: "Done" });
  await ana.page.getByText("Done", { exact: true }).waitFor(); // it is spoken, too, among other words
  await page.goto(house.at("/rooms?show=past"));
  await page.getByRole("listitem").filter({ hasText: "Reading circle" }).getByRole("link", { name: t("act.report") }).click();
  await page.getByText(t("report.whole")).waitFor();
  await changeRoom(house.server, room, { state: "open" });
  await page.reload();
  const messages = page.locator(".figures > div", { hasText: t("report.messages") });
  await page.getByLabel(t("report.session")).selectOption("2");
  await messages.getByText("0", { exact: true }).waitFor();
  await page.getByLabel(t("report.session")).selectOption("1");
  await messages.getByText("2", { exact: true }).waitFor();
});

scene("a manager who comes back when the room is over finds its report there, others do not", async (house) => {
  const { room, ana } = await held(house);
  const { page } = await house.manager(room);
  await changeRoom(house.server, room, { state: "closed" });
  await page.goto(house.at(`/r/${room.id}`));
  await page.getByRole("link", { name: t("over.report") }).click();
  await page.getByRole("heading", { level: 1, name: t("report.title") }).waitFor();
  await ana.page.reload();
  await ana.page.getByRole("heading", { level: 1, name: t("refusal.over.title") }).waitFor();
  assert.equal(await ana.page.getByRole("link", { name: t("over.report") }).count(), 0);
});

scene("who does not manage the room gets no report", async (house) => {
  const room = await makeRoom(house.server);
  const other = await makeRoom(house.server);
  const { page } = await house.manager(other);
  await page.goto(house.at(`/rooms/${room.id}?report`));
  await page.getByRole("heading", { level: 1, name: t("refusal.not_found.title") }).waitFor();
});
