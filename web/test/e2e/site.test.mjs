// The site's pages: what its owner decides holds at once, without a reload and without a restart.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { holds } from "./people.mjs";
import { invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

/** A picture of one dot. */
const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

scene("the owner of the site finds its settings, and changes them", async (house) => {
  const { page } = await house.siteOwner();
  await page.getByRole("link", { name: t("nav.site") }).click();
  await page.getByRole("heading", { level: 1, name: t("site.general") }).waitFor();
  const look = page.getByRole("form", { name: t("look.title") });
  await look.getByLabel(t("look.name")).fill("Fieldnote Rooms");
  await look.getByLabel(t("look.own")).check();
  await look.getByRole("textbox", { name: t("look.accent"), exact: true }).fill("#e0e0e0");
  await look.getByRole("button", { name: t("settings.save") }).click();
  await look.getByText(t("look.accent.pale", { contrast: "1.3" })).waitFor();
  await look.getByRole("textbox", { name: t("look.accent"), exact: true }).fill("#7A1FA2");
  await look.getByRole("button", { name: t("settings.save") }).click();
  await page.getByText(t("settings.saved")).first().waitFor();
  const site = await house.server.call("GET", "/site");
  assert.equal(site.name, "Fieldnote Rooms");
  assert.equal(site.accent, "#7a1fa2");
});

scene("a logo is chosen, shows on the pages of rooms at once, and is taken away; what is no picture is refused", async (house) => {
  const room = await makeRoom(house.server);
  const ana = await house.person();
  await ana.follow(await invite(house.server, room, "Ana"));
  await ana.page.getByLabel(t("email.label")).waitFor();
  const { page } = await house.siteOwner();
  await page.goto(house.at("/site"));
  const choose = (name, mimeType, buffer) => page.getByLabel(t("logo.choose")).setInputFiles({ name, mimeType, buffer });
  await choose("logo.svg", "image/svg+xml", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"));
  await page.getByText(t("logo.wrong")).waitFor();
  await choose("logo.png", "image/png", Buffer.from("no picture"));
  await page.getByText(t("logo.wrong")).waitFor();
  await choose("large.png", "image/png", Buffer.concat([dot, Buffer.alloc(65_536)]));
  await page.getByText(t("logo.wrong")).waitFor();
  await choose("logo.png", "image/png", dot);
  await page.getByRole("img", { name: t("logo.now") }).waitFor();
  const shown = ana.page.locator(".brand img");
  await shown.waitFor();
  await holds(ana.page, () => document.querySelector(".brand img").naturalWidth > 0, "the picture is there");
  await page.getByRole("button", { name: t("logo.remove") }).click();
  await shown.waitFor({ state: "detached" });
  assert.equal((await house.server.call("GET", "/site")).logo, undefined);
});

scene("of two who change the settings the second is told, and sees what they are", async (house) => {
  const { page } = await house.siteOwner();
  await page.goto(house.at("/site"));
  const keeping = page.getByRole("form", { name: t("keeping.title") });
  const days = keeping.getByLabel(t("keeping.ip_days"));
  await days.fill("5");
  await house.server.call("PATCH", "/site", { ip_days: 14 });
  await keeping.getByRole("button", { name: t("settings.save") }).click();
  await page.getByText(t("settings.conflict")).first().waitFor();
  await page.waitForFunction(() => document.querySelector("#ip_days").value === "14");
  await days.fill("0");
  await keeping.getByRole("button", { name: t("settings.save") }).click();
  await keeping.getByText(t("settings.between", { least: 1, most: 3_660 })).waitFor();
});

scene("a group is chosen as those who may invite: its members may, other accounts may not", async (house) => {
  const room = await house.server.call("POST", "/rooms", { title: "Room", starts_at: new Date(Date.now() + 3_600_000).toISOString() });
  const inside = await house.manager(room);
  const outside = await house.manager(room);
  const group = await house.server.call("POST", "/site/groups", { name: "Programme" });
  await house.server.call("PUT", `/site/groups/${group.id}/members/${inside.account.id}`, {});
  const { page } = await house.siteOwner();
  await page.goto(house.at("/site"));
  const form = page.getByRole("form", { name: t("general.invitations") });
  await form.getByLabel(t("invitations.who")).first().selectOption({ label: t("circle.named") });
  await form.getByText(t("circle.nobody")).waitFor();
  await form.getByLabel(t("circle.find")).fill(inside.account.email);
  await form.getByRole("button", { name: t("circle.add", { name: "Daniel Okafor", note: inside.account.email }) }).press("Enter");
  await form.getByRole("button", { name: t("circle.remove", { name: "Daniel Okafor" }) }).press("Enter");
  await form.getByLabel(t("circle.find")).fill("progr");
  await form.getByRole("button", { name: t("circle.add", { name: "Programme", note: t("circle.group") }) }).press("Enter");
  await form.getByRole("button", { name: t("settings.save") }).click();
  await page.getByText(t("settings.saved")).first().waitFor();
  await page.reload();
  await form.getByRole("button", { name: t("circle.remove", { name: "Programme" }) }).waitFor();
  assert.deepEqual((await house.server.call("GET", "/site")).inviters, { role: "", people: [], groups: [group.id] });
  assert.equal(await invites(inside.page, room), 201);
  assert.equal(await invites(outside.page, room), 403);
  await house.server.call("PATCH", "/site", { inviters: { role: "member" } });
});

/** What the server answers when this page's account invites. */
const invites = (page, room) => page.evaluate(async (id) => {
  const body = JSON.stringify({ email: `guest.${Date.now()}@example.org`, first_name: "Ada", last_name: "Guest", type: "viewer" });
  return (await fetch(`/api/v1/rooms/${id}/invitations`, { method: "POST", headers: { "Content-Type": "application/json" }, body })).status;
}, room.id);

scene("rules about domains: made, forced, found, taken away", async (house) => {
  const { page } = await house.siteOwner();
  await page.goto(house.at("/site/domains"));
  const form = page.getByRole("form", { name: t("domains.add") });
  const add = async (domain) => {
    await form.getByLabel(t("domains.domain")).fill(domain);
    await form.getByRole("button", { name: t("domains.add.action") }).click();
  };
  await page.getByText(t("domains.none")).waitFor();
  await form.getByRole("button", { name: t("domains.add.action") }).click();
  await form.getByText(t("domains.empty")).waitFor();
  await add("no domain");
  await form.getByText(t("field.invalid")).waitFor();
  await add("bücher.example");
  await page.getByRole("listitem").getByText("bücher.example (xn--bcher-kva.example)").waitFor();
  await add("co.uk");
  await page.getByRole("dialog").getByRole("button", { name: t("domains.suffix.action") }).click();
  await page.getByRole("listitem").getByText("co.uk", { exact: true }).waitFor();
  await page.getByLabel(t("domains.search")).fill("büch");
  await page.getByRole("listitem").getByText("co.uk", { exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: t("domains.remove.of", { domain: "bücher.example (xn--bcher-kva.example)" }) }).click();
  await page.getByText(t("domains.nothing")).waitFor();
  await page.getByRole("button", { name: t("undo") }).click();
  await page.getByRole("listitem").getByText("bücher.example").waitFor();
});

scene("nobody else finds the site's pages", async (house) => {
  const room = await house.server.call("POST", "/rooms", { title: "Room", starts_at: new Date(Date.now() + 3_600_000).toISOString() });
  const { page } = await house.manager(room);
  assert.equal(await page.getByRole("link", { name: t("nav.site") }).count(), 0);
  await page.goto(house.at("/site"));
  await page.getByRole("heading", { level: 1, name: t("refusal.not_found.title") }).waitFor();
});
