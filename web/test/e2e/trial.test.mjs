// `server --dev`: every line that is printed leads where the README says.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, confirm, inside } from "./people.mjs";
import { title } from "./story.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

/** Who is who in the seeded room, as the terminal says. */
const addresses = { moderator: "priya@example.org", speaker: "amara@example.org", viewer: "ana@example.org", viewer2: "henrik@example.org" };

scene("the mails that would have been sent are listed, and their links are good", async (house) => {
  const { page } = await house.person();
  await page.goto(house.server.lines.mail);
  for (const email of Object.values(addresses)) await page.getByText(email).first().waitFor();
  await page.getByRole("row", { name: /ana@example\.org/ }).getByRole("link").click();
  const [link] = (await allText(page)).match(/http\S+\/i\/[\w-]+#[\w-]{20,}/) ?? [];
  assert.ok(link, "the mail holds the link");
  await page.goto(link);
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await page.goto(house.server.lines.mail);
  await page.goto(house.server.lines.admin);
  await page.getByText(title).first().waitFor();
});

scene("the printed links lead the owner, the staff and the viewers into the seeded room", async (house) => {
  const { lines } = house.server;
  const [, room] = new URL(lines.room).pathname.match(/^\/r\/(.+)$/);
  const [starts_at, ends_at] = [1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
  await house.server.call("PATCH", `/rooms/${room}`, { starts_at, ends_at }); // a minute may be too short
  const owner = await house.person();
  await owner.page.goto(lines.owner);
  await owner.page.getByRole("button", { name: t("signin.bylink.action") }).click();
  await owner.page.getByRole("link", { name: title }).click();
  await owner.page.getByRole("row", { name: /Ana Ferreira/ }).waitFor();

  const guests = {};
  for (const [line, email] of Object.entries(addresses)) {
    guests[line] = await house.person();
    await guests[line].page.goto(lines[line]);
    await guests[line].page.getByRole("heading", { level: 1, name: title }).waitFor();
    await guests[line].page.getByRole("timer").getByText(/\d/).first().waitFor();
    await confirm(guests[line].page, email, t("confirm.action"));
    await guests[line].page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  }
  await house.server.call("PATCH", `/rooms/${room}`, { state: "open" });
  for (const [line, { page }] of Object.entries(guests)) {
    await inside(page);
    await page.locator(`header .badge[data-role=${line.replace("2", "")}]`).waitFor();
  }
  await owner.page.goto(lines.room);
  await inside(owner.page);

  const again = await house.person();
  await again.page.goto(lines.owner);
  await again.page.getByRole("button", { name: t("signin.bylink.action") }).click();
  await again.page.getByText(t("signin.link.used")).waitFor();
});

scene("localhost is as good as 127.0.0.1", async (house) => {
  const room = await house.server.call("POST", "/rooms", { title: "Local", starts_at: new Date(Date.now() + 60_000).toISOString() });
  await house.server.call("PATCH", `/rooms/${room.id}`, { state: "open" });
  const invitation = await house.server.call("POST", `/rooms/${room.id}/invitations`, { email: "loc@example.org", first_name: "Loc", last_name: "Al", type: "viewer" });
  const { page } = await house.person();
  await page.goto(invitation.url.replace("127.0.0.1", "localhost"));
  await confirm(page, invitation.email, t("lobby.action"));
  await composer(page).waitFor();
});

/** The text of a page and of the frames and fields in it. */
async function allText(page) {
  const texts = await Promise.all(page.frames().map((frame) => frame.evaluate(() => `${document.body.innerText} ${[...document.querySelectorAll("a")].map((a) => a.href)}`)));
  return texts.join("\n");
}
