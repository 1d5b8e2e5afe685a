// npm run shots: the README's pictures, taken in a room filled with the people and words of the drawings.
// They go to web/screenshots. With the typeface Inter installed the page's system font is that one.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { House } from "./house.mjs";
import { composer, confirm, inside, launch, notice, openTab, phone, post } from "./people.mjs";
import { changeRoom, fullName, invite, makeRoom } from "./rooms.mjs";
import { build, Server, tempDir } from "./server.mjs";
import { about, discuss, enterAs, enterTogether, inviteCast, inviteCrowd, talk, whisper } from "./story.mjs";
import { t } from "./texts.mjs";

const folder = fileURLToPath(new URL("../../screenshots/", import.meta.url));
const minutes = 60_000;
const zone = "Europe/Lisbon";

const temp = tempDir("shots");
const fonts = join(temp, "fonts.conf");
writeFileSync(fonts, `<fontconfig><include>/etc/fonts/fonts.conf</include>${["system-ui", "sans-serif"].map((name) => `<match target="pattern"><test name="family"><string>${name}</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>`).join("")}</fontconfig>`);

mkdirSync(folder, { recursive: true });
process.env.GREENROOM_SERVER ??= build(temp);
const server = await new Server().start();
const house = new House(server, await launch({ ...process.env, FONTCONFIG_FILE: fonts }));
const audience = new House(server, house.browser);
try {
  const session = evening();
  for (const pictures of [before, rooms, invites, list, live]) {
    await session.next();
    await pictures();
  }
  await session.next();
} finally {
  await audience.empty();
  await house.empty();
  await house.browser.close();
  await server.stop();
  rmSync(temp, { recursive: true, force: true });
}

async function take(page, name, { dark = false } = {}) {
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
  await page.mouse.move(1, 1);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
  console.log(`${name}.png`);
}

async function before() {
  const room = await makeRoom(server, { ...about, ...schedule(12.75 * minutes, 45) });
  const { ana } = await inviteCast(server, room, ["ana"]);
  await enterTogether(house, await inviteCrowd(server, room, 40), { wait: true });
  const { page } = await house.person({ zone });
  const { page: small } = await house.person({ zone, device: phone });
  for (const one of [page, small]) await one.goto(ana.url);
  for (const one of [page, small]) await one.getByText(t("waiting.people_other", { count: 40 }).replace("About ", "")).waitFor();
  await page.getByRole("timer").getByText(/\d/).first().waitFor();
  await take(page, "countdown");
  await take(small, "phone", { dark: true });
  await changeRoom(server, room, { state: "open" });
  await page.getByRole("button", { name: t("lobby.action") }).waitFor();
  await take(page, "lobby");
  await house.empty();
}

async function rooms() {
  const clinic = await makeRoom(server, { title: "Onboarding Clinic: Bring Your First Screen", ...schedule(5 * minutes, 50), open: true });
  const growth = await makeRoom(server, { ...about, ...schedule(12.9 * minutes, 45) });
  const pricing = await makeRoom(server, { title: "Pricing Page Teardown", ...schedule(4 * 24 * 60 * minutes, 45) });
  const churn = await makeRoom(server, { title: "Churn Interviews, Part 2", ...schedule(12 * 24 * 60 * minutes, 60) });
  await enterTogether(house, (await inviteCrowd(server, clinic, 31)).slice(0, 18));
  await enterTogether(house, (await inviteCrowd(server, growth, 48)).slice(0, 27), { wait: true });
  await inviteCrowd(server, pricing, 31);
  const daniel = await house.manager(growth);
  for (const [room, right] of [[clinic, "co-owner"], [pricing, "owner"], [churn, "co-editor"]]) {
    await server.call("PUT", `/rooms/${room.id}/managers/${daniel.account.id}`, { right });
  }
  await daniel.page.reload();
  await daniel.page.getByText("27 waiting of 48").waitFor({ timeout: 30_000 });
  await take(daniel.page, "rooms");
  await house.empty();
}

async function invites() {
  const earlier = await makeRoom(server, { title: "Pricing Page Teardown", ...schedule(4 * 24 * 60 * minutes, 45) });
  const room = await makeRoom(server, { ...about, ...schedule(50 * minutes, 45) });
  await inviteCast(server, room, ["henrik", "priya", "mei"]);
  const { page } = await house.manager(room, "owner", { zone });
  await server.call("PUT", `/rooms/${earlier.id}/managers/${house.people[0].account.id}`, { right: "owner" });
  for (const [email, first_name, last_name] of [["ana.ferreira@example.org", "Ana", "Ferreira"], ["andre.moreau@example.edu", "André", "Moreau"], ["anita@bookwell.example", "Anita", "Soares"], ["a.nijhof@example.net", "Anneke", "Nijhof"]]) {
    await server.call("POST", `/rooms/${earlier.id}/invitations`, { email, first_name, last_name, type: "viewer" });
  }
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("invite.title") }).click();
  const field = page.getByRole("combobox", { name: t("email.label") });
  await page.getByRole("button", { name: t("invite.lasts.change") }).waitFor();
  await field.fill("an");
  await page.getByRole("option", { name: /Anneke/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await take(page, "invite");
  await page.keyboard.press("Enter");
  await page.getByRole("radio", { name: new RegExp(`^${t("role.speaker")}`) }).check();
  await page.getByRole("button", { name: t("invite.action") }).click();
  await page.getByRole("img", { name: t("invite.qr", { name: "Ana Ferreira" }) }).waitFor();
  await page.getByRole("button", { name: t("invite.copy") }).focus();
  await take(page, "invite-done");
  await house.empty();
}

async function list() {
  const room = await makeRoom(server, { ...about, ...schedule(12.9 * minutes, 45) });
  const crowd = await inviteCrowd(server, room, 60);
  const cast = await inviteCast(server, room, ["amara", "jonas", "mei", "priya", "salma", "kofi", "ana", "emre"]);
  await server.call("POST", `/rooms/${room.id}/invitations`, { email: "nadia.h@example.edu", first_name: "Nadia", last_name: "Hussein", type: "moderator", send_email: true });
  await enterTogether(house, crowd.slice(0, 34), { wait: true });
  const { page } = await house.manager(room, "owner", { zone });
  for (const name of ["jonas", "ana", "emre"]) {
    const guest = await house.person({ zone });
    await guest.page.goto(cast[name].url);
    if (name === "emre") await guest.page.getByLabel(t("email.label")).waitFor();
    else await confirm(guest.page, cast[name].email, t("confirm.action"));
    if (name === "jonas") await guest.page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
    if (name !== "ana") await guest.page.goto("about:blank");
  }
  await server.call("DELETE", `/rooms/${room.id}/invitations/${cast.kofi.id}`);
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByLabel(t("invitations.sort")).selectOption("-issued");
  await page.locator(`[data-row="${cast.ana.id}"]`).getByText(t("invitation.waiting")).waitFor();
  await page.locator(`[data-row="${cast.emre.id}"]`).getByText(t("invitation.opened")).waitFor();
  await take(page, "invitations");
  await house.empty();
}

async function live() {
  const room = await makeRoom(server, { ...about, open: true });
  const cast = await inviteCast(server, room);
  const names = ["amara", "jonas", "mei", "tomas", "salma", "kofi", "lucia", "ikram", "emre"];
  const entered = await enterTogether(house, names.map((name) => cast[name]));
  const extras = Object.fromEntries(names.map((name, n) => [name, entered[n]]));
  await enterTogether(house, await inviteCrowd(server, room, 45));
  const [ana, priya] = [await house.person({ zone, network: true }), await house.person({ zone })];
  for (const [person, invitation] of [[ana, cast.ana], [priya, cast.priya]]) {
    await enterAs(person.page, invitation);
    await inside(person.page);
  }
  await talk({ ...extras, priya: { send: (_, { text }) => post(priya.page, text) } });
  await whisper(extras);
  const [nadia] = await enterTogether(house, [await invite(server, room, "Nadia", "moderator", { last_name: "Hussein" })]);
  await discuss({ ...extras, priya: nadia });
  await poll(nadia, Object.values(extras));
  await ana.page.getByText("will it be shared afterwards?").first().waitFor();
  await priya.page.getByRole("article", { name: "Which experiment would you run first?" }).waitFor();

  await openTab(priya.page, "tab.people");
  await priya.page.getByRole("button", { name: t("people.actions", { name: fullName(cast.ana) }) }).click();
  await priya.page.getByRole("menuitemradio", { name: new RegExp(`^${t("role.speaker")}`) }).focus();
  await take(priya.page, "live-moderator");
  await take(ana.page, "dark", { dark: true });

  await composer(ana.page).fill("In our case partners sent 60% of sign-ups, and the");
  await priya.page.keyboard.press("Enter");
  await notice(ana.page, t("role.now.speaker")).waitFor();
  await take(ana.page, "promoted");

  await notice(ana.page, t("role.now.speaker")).getByRole("button", { name: t("notice.close") }).click();
  ana.network.cut();
  await post(ana.page, "In our case partners sent 60% of sign-ups. I can show it.");
  await ana.page.locator(".link-state").getByText(/Next try in \d+ s/).waitFor({ timeout: 20_000 });
  await take(ana.page, "reconnecting");
}

/** A session that goes on while the other pictures are taken, so that its report has something to tell. */
async function* evening() {
  const room = await makeRoom(server, { ...about, open: true });
  const cast = await inviteCast(server, room);
  const crowd = await inviteCrowd(server, room, 64);
  const come = (from, to) => enterTogether(audience, crowd.slice(from, to));
  const names = ["amara", "jonas", "mei", "priya", "tomas", "salma", "kofi", "lucia"];
  const entered = await enterTogether(audience, names.map((name) => cast[name]));
  const extras = Object.fromEntries(names.map((name, n) => [name, entered[n]]));
  await come(0, 9);
  yield;
  await come(9, 36);
  await talk(extras);
  yield;
  await come(36, 54);
  await discuss(extras);
  yield;
  await poll(extras.priya, Object.values(extras));
  await extras.kofi.send("chat.post", { text: "That was worth the evening." });
  yield;
  for (const person of audience.people.slice(-2)) await person.page.goto("about:blank");
  for (const text of ["Thank you all!", "See you next time.", "Bye!"]) await extras.lucia.send("chat.post", { text });
  yield;
  const { page } = await house.manager(room, "owner", { zone });
  await page.goto(house.at(`/rooms/${room.id}?report`));
  await page.getByRole("img", { name: new RegExp(`^${t("report.people")}`) }).waitFor();
  await take(page, "report");
}

/** A poll that runs, with results that everybody sees. */
async function poll(moderator, people) {
  const { id } = await moderator.send("interaction.create", {
    kind: "choice", question: "Which experiment would you run first?", results: "live",
    options: ["A welcome checklist", "A one-question exit survey", "A weekly activation review"],
  });
  await moderator.send("interaction.launch", { id });
  for (const [n, person] of people.entries()) await person.send("interaction.answer", { id, choices: [[0, 0, 1, 2][n % 4]] });
}

/** Start and end of a room, from now. */
function schedule(ms, lasts) {
  const starts = Math.ceil((Date.now() + ms) / 1_000) * 1_000;
  return { starts_at: new Date(starts).toISOString(), ends_at: new Date(starts + lasts * minutes).toISOString() };
}
