// The life of a session with three people at once: staff begin with a countdown, pause and go on, and what remains.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { look } from "./axe.mjs";
import { speak } from "./hostile.mjs";
import { openHouse } from "./house.mjs";
import { composer, confirm, desktop, devices, inside, message, post, staffComposer } from "./people.mjs";
import { changeRoom, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

const button = (page, key) => page.getByRole("button", { name: t(key), exact: true });
const heading = (page, key, values) => page.getByRole("heading", { name: t(key, values) });

/** Nothing for axe-core to find, nothing that scrolls sideways; with PICTURES a picture of each scheme. */
async function fine(page, name) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await look(page), [], `${name}, ${colorScheme}`);
    if (pictures) await page.screenshot({ path: join(pictures, `${name}-${page.viewportSize().width}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
  assert.equal(await page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth)), 0, `${name} scrolls sideways`);
}

async function comeIn(house, invitation, device, action = "lobby.action") {
  const { page } = await house.person({ device });
  await page.goto(invitation.url);
  await confirm(page, invitation.email, t(action));
  return page;
}

for (const device of devices) {
  scene(`staff begin with a countdown that everybody sees (${device.name})`, async (house) => {
    const { server } = house;
    await server.call("PATCH", "/site", { early_minutes: 10 });
    const room = await makeRoom(server, { in: 300 });
    const cast = [await invite(server, room, "Mo", "moderator"), await invite(server, room, "Sam", "speaker"), await invite(server, room, "Vera")];
    const [mo, sam, vera] = await Promise.all(cast.map((who) => comeIn(house, who, device, "confirm.action")));
    await staffComposer(mo).waitFor();
    assert.equal(await button(sam, "live.begin").count(), 0, "a speaker does not begin");
    await button(mo, "live.begin").click();
    await Promise.all([mo, sam, vera].map((page) => page.getByText(t("clock.live")).waitFor())); // it takes ten seconds
    await button(mo, "live.stop").click();
    await vera.getByText(t("clock.label")).waitFor();
    await button(mo, "live.begin").click();
    await vera.getByText(t("clock.live")).waitFor();
    await Promise.all([fine(vera, "going-live"), fine(mo, "going-live-staff")]); // within the ten seconds that it takes
    for (const page of [mo, sam, vera]) await page.getByText(t("stage.empty")).waitFor({ timeout: 20_000 });
    await post(vera, "Good evening");
    await message(mo, "Good evening").waitFor({ state: "attached" });
    await server.call("PATCH", "/site", { early_minutes: 0 });
  }, { timeout: 90_000 });

  scene(`a pause holds viewers, and staff go on (${device.name})`, async (house) => {
    const { server } = house;
    const room = await makeRoom(server, { open: true });
    const cast = [await invite(server, room, "Mo", "moderator"), await invite(server, room, "Sam", "speaker"), await invite(server, room, "Vera")];
    const [mo, sam, vera] = await Promise.all(cast.map((who) => comeIn(house, who, device)));
    await inside(vera);
    await button(mo, "pause.open").click();
    await mo.getByLabel(t("pause.message")).fill("Back at three.");
    await fine(mo, "pause-dialog");
    await button(mo, "pause.action").click();
    for (const page of [mo, sam, vera]) await heading(page, "paused.title").waitFor();
    await vera.getByText("Back at three.", { exact: true }).waitFor();
    await vera.getByText(t("chat.paused")).first().waitFor();
    await composer(vera).fill("Are you there?");
    await composer(vera).press("Enter");
    await fine(vera, "paused");
    await fine(mo, "paused-staff");
    const late = await comeIn(house, await invite(server, room, "Wim"), device);
    await late.getByText("Back at three.", { exact: true }).waitFor();
    await button(mo, "live.resume").click();
    await vera.getByRole("timer").waitFor();
    await heading(vera, "paused.title").waitFor({ state: "detached", timeout: 20_000 });
    await composer(vera).press("Enter"); // what was typed has waited
    await message(mo, "Are you there?").waitFor({ state: "attached" });
  }, { timeout: 90_000 });

  scene(`what remains is for who was let in (${device.name})`, async (house) => {
    const { server } = house;
    const room = await makeRoom(server, { open: true });
    const vera = await comeIn(house, await invite(server, room, "Vera"), device);
    await inside(vera);
    await changeRoom(server, room, { state: "closed" });
    await heading(vera, "over.title").or(heading(vera, "over.closed.title")).waitFor();
    assert.equal(await vera.getByText("See you in May.").count(), 0);
    await changeRoom(server, room, { results: true, closing_words: "See you in May.", closing_link: "https://example.org/slides" });
    await vera.getByText("See you in May.").waitFor();
    await fine(vera, "remains");
    await vera.reload();
    await vera.getByText("See you in May.").waitFor();
    await fine(vera, "remains-again");
    await changeRoom(server, room, { results: false });
    await vera.reload();
    await vera.getByRole("heading", { level: 1, name: t("refusal.over.title") }).waitFor();
    assert.equal(await vera.getByText("See you in May.").count(), 0);
  });
}

scene("whom nobody leads is told what happens, until somebody is back", async (house) => {
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  // biome-ignore lint/suspicious/noThenProperty: its name on the wire
  await changeRoom(server, room, { host_absent: { then: "end", minutes: 1 } });
  const [mos, sams, veras] = [await invite(server, room, "Mo", "moderator"), await invite(server, room, "Sam", "speaker"), await invite(server, room, "Vera")];
  const [mo, sam, vera] = [await comeIn(house, mos), await comeIn(house, sams), await comeIn(house, veras)];
  await Promise.all([mo, sam, vera].map(inside));
  await mo.goto("about:blank");
  const warned = (page) => page.getByRole("group", { name: t("unattended.title") });
  for (const page of [sam, vera]) await warned(page).waitFor({ timeout: 110_000 });
  await fine(vera, "unattended");
  await mo.goto(mos.url);
  await inside(mo);
  for (const page of [sam, vera]) await warned(page).waitFor({ state: "detached" });
  await post(vera, "There you are");
}, { timeout: 150_000 });

scene("what remains shows results and answers", async (house) => {
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  await changeRoom(server, room, { results: true });
  const [mos, veras] = [await invite(server, room, "Mo", "moderator"), await invite(server, room, "Vera")];
  const [mo, vera] = [await comeIn(house, mos), await comeIn(house, veras, devices[1])];
  await Promise.all([mo, vera].map(inside));
  const [made] = await speak(mo, room, [["interaction.create", { kind: "choice", question: "Tea or coffee?", options: ["Tea", "Coffee"], results: "live" }]]);
  const [asked] = await speak(vera, room, [["question.ask", { text: "When is lunch?" }]]);
  await speak(mo, room, [["interaction.launch", { id: made.id }], ["question.answer", { id: asked.id, text: "At noon." }]]);
  await speak(vera, room, [["interaction.answer", { id: made.id, choices: [0] }]]);
  await speak(mo, room, [["interaction.close", { id: made.id }]]);
  await changeRoom(server, room, { state: "closed" });
  for (const text of ["Tea or coffee?", "When is lunch?", "At noon."]) await vera.getByText(text).first().waitFor();
  await vera.getByRole("heading", { name: t("remains.title", { title: room.title }) }).waitFor();
  await fine(vera, "remains-results");
});

scene("managers say what happens without a host and what remains, and it is kept", async (house) => {
  const { server } = house;
  const room = await makeRoom(server);
  const { page } = await house.manager(room, "co-owner", { device: desktop });
  await page.goto(house.at(`/rooms/${room.id}?edit`));
  await page.getByLabel(t("form.absent.then")).selectOption("end");
  await page.getByLabel(t("form.absent.minutes")).fill("0");
  await button(page, "form.save").click();
  await page.getByText(t("form.absent.wrong")).first().waitFor();
  await fine(page, "room-edit");
  await page.getByLabel(t("form.absent.minutes")).fill("5");
  await page.getByRole("checkbox", { name: t("form.results") }).check();
  await page.getByLabel(t("form.words")).fill("See you in May.");
  await button(page, "form.save").click();
  await page.getByText(t("form.saved")).first().waitFor();
  const kept = await server.call("GET", `/rooms/${room.id}`);
  assert.deepEqual([kept.host_absent.then, kept.host_absent.minutes, kept.results, kept.closing_words], ["end", 5, true, "See you in May."]);
});
