// Inviting a whole list: pasted with errors, mended and left out; from a file; thousands, with progress and links to save.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openHouse } from "./house.mjs";
import { notice } from "./people.mjs";
import { invite, makeRoom, standing } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

const press = (page, name) => page.getByRole("dialog").getByRole("button", { name }).click();

async function openList(page, house, room) {
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("invite.title") }).click();
  await press(page, t("invite.list"));
  await page.getByRole("heading", { name: t("sheet.title") }).waitFor();
}

const check = async (page, text) => {
  await page.getByLabel(t("sheet.paste")).fill(text);
  await press(page, t("sheet.check"));
};

/** Saves the links and gives their rows. */
async function links(page, house) {
  const [file] = await Promise.all([page.waitForEvent("download"), press(page, t("sheet.links"))]);
  const rows = readFileSync(await file.path(), "utf8").trim().split("\r\n").slice(1).map((row) => row.slice(1, -1).split('","'));
  for (const [, , , , url] of rows) house.server.keepSecret(url.split("#")[1]);
  return rows;
}

scene("a pasted list with errors: one is mended, one left out, the rest is invited", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await invite(house.server, room, "Ana");
  const viewer = await house.person();
  await viewer.enter(ana);
  const { page } = await house.manager(room);
  await openList(page, house, room);
  await press(page, t("sheet.check"));
  await page.getByText(t("sheet.empty")).waitFor();
  await check(page, [
    "Role\tE-Mail\tFirst name\tLast name",
    "speaker\tzoe@example.org\tZoë\tÄngel",
    "viewer\tbo.example.org\tBo\tNijhof",
    "viewer\tZOE@example.org\tZoë\tTwice",
    "viewer\tcy@example.org\t=HYPERLINK(1)\tCyber",
    `speaker\t${ana.email}\tAna\tExample`,
  ].join("\n"));
  await page.getByText(t("sheet.left_other", { count: 3 })).waitFor();
  await page.getByText(t("sheet.new_one", { count: 1 })).waitFor();
  await page.getByText(t("sheet.known_one", { count: 1 })).waitFor();
  await page.getByText(t("sheet.was", { was: t("role.viewer"), type: t("role.speaker") })).waitFor();
  const line = (number) => page.getByRole("group", { name: t("sheet.line", { line: number }) });
  await line(3).getByText(t("email.malformed")).waitFor();
  await line(4).getByText(t("sheet.again.line", { line: 2 })).waitFor();
  await line(5).getByText(t("sheet.formula")).waitFor();
  await line(3).getByLabel(t("email.label")).fill("bo@example.org");
  await line(4).getByRole("button", { name: t("sheet.leave") }).click();
  await line(5).getByLabel(t("field.first")).fill("Cy");
  await press(page, t("sheet.again"));
  await press(page, t("sheet.invite_other", { count: 4 }));
  await page.getByRole("heading", { name: t("sheet.done_other", { count: 3 }) }).waitFor();
  await page.getByText(t("sheet.changed_one", { count: 1 })).waitFor();
  await notice(viewer.page, t("role.now.speaker")).waitFor();
  const rows = await links(page, house);
  assert.deepEqual(rows.map(([email]) => email), ["zoe@example.org", "bo@example.org", "cy@example.org"]);
  await press(page, t("dialog.done"));
  assert.equal((await standing(house.server, room, { id: ana.id, email: ana.email })).type, "speaker");
  const guest = await house.person();
  await guest.page.goto(rows[0][4]);
  await guest.page.getByText(/Zoë/).first().waitFor();
});

scene("the list's own expiry and devices, and warnings of odd domains", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await house.manager(room);
  await openList(page, house, room);
  await page.getByRole("button", { name: t("invite.lasts.change") }).click();
  await page.getByLabel(t("invite.expires")).fill("2001-01-01T10:00");
  await check(page, "email,first_name,last_name,language\nana@paypal.com,Ana,A,\nbo@раypal.com,Bo,B,\ncy@bücher.example,Cy,C,fr");
  await page.getByText(t("invite.expires.past")).waitFor();
  const until = new Date(Date.now() + 50 * 86_400_000);
  await page.getByLabel(t("invite.expires")).fill(`${until.toISOString().slice(0, 10)}T12:00`);
  await page.getByLabel(t("invite.devices")).fill("3");
  await press(page, t("sheet.check"));
  await page.getByText(t("sheet.odd_one", { count: 1 })).waitFor();
  const odd = page.getByRole("row", { name: /bo@/ });
  await odd.getByText(t("invite.domain.mixed", { domain: "xn--ypal-43d9g.com" })).waitFor();
  await odd.getByText(t("sheet.domain.alike", { domain: "xn--ypal-43d9g.com", other: "paypal.com" })).waitFor();
  assert.match(await page.getByRole("row").nth(1).innerText(), /^bo@/);
  await press(page, t("sheet.invite_other", { count: 3 }));
  await page.getByRole("heading", { name: t("sheet.done_other", { count: 3 }) }).waitFor();
  const { items } = await house.server.call("GET", `/rooms/${room.id}/invitations`);
  assert.equal(items.find(({ first_name }) => first_name === "Cy").language, "fr");
  assert.deepEqual(items.map(({ devices, expires_at }) => [devices, expires_at.slice(0, 10)]), Array(3).fill([3, until.toISOString().slice(0, 10)]));
});

scene("a file that cannot be read is told so, one in UTF-16 can be", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await house.manager(room);
  await openList(page, house, room);
  const choose = (name, buffer) => page.getByLabel(t("sheet.file")).setInputFiles({ name, mimeType: "text/csv", buffer });
  await choose("old.csv", Buffer.from("email,first_name,last_name\nj@example.org,J\xf6rg,B\n", "latin1"));
  await press(page, t("sheet.check"));
  await page.getByText(t("sheet.encoding")).waitFor();
  await choose("quotes.csv", Buffer.from('email,first_name,last_name\na@example.org,"A,B\n'));
  await press(page, t("sheet.check"));
  await page.getByText(t("sheet.quotes", { line: 2 })).waitFor();
  await choose("short.csv", Buffer.from("email,first_name\na@example.org,A\n"));
  await press(page, t("sheet.check"));
  await page.getByText(t("sheet.column", { column: "last_name" })).waitFor();
  await choose("new.txt", Buffer.from("\ufeffEmail\tVorname\tNachname\r\nj@example.org\tJörg\tBöhm\r\n", "utf16le"));
  await press(page, t("sheet.check"));
  await page.getByRole("cell", { name: "Jörg Böhm" }).waitFor();
});

scene("two thousand people, with progress; what was stopped goes on without inviting anybody twice", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await house.manager(room);
  await openList(page, house, room);
  const people = Array.from({ length: 2_000 }, (_, n) => `guest${n}@example.org,Guest,No ${n},viewer`);
  await page.getByLabel(t("sheet.file")).setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(people.join("\n")) });
  await press(page, t("sheet.check"));
  await page.getByText(t("sheet.new_other", { count: "2,000" })).waitFor();
  let calls = 0;
  await page.route("**/invitations/batch**", (route) => (++calls === 3 ? route.abort() : route.continue()));
  await press(page, t("sheet.invite_other", { count: "2,000" }));
  await page.getByText(t("sheet.stopped")).waitFor({ timeout: 30_000 });
  const first = await links(page, house);
  assert.equal(first.length, 500);
  await press(page, t("sheet.rest_other", { count: "1,500" }));
  await press(page, t("sheet.invite_other", { count: "1,500" }));
  await page.getByRole("heading", { name: t("sheet.done_other", { count: "1,500" }) }).waitFor({ timeout: 30_000 });
  const second = await links(page, house);
  assert.equal(new Set([...first, ...second].map(([email]) => email)).size, 2_000);
  await press(page, t("dialog.done"));
  const { invited } = await house.server.call("GET", `/rooms/${room.id}`);
  assert.equal(invited, 2_000);
});
