// What the site's owner decides shows on the pages of rooms that are open, without a reload.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { confirm, holds, inside, staffComposer } from "./people.mjs";
import { changeRoom, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

const accent = (page) => page.evaluate(() => document.documentElement.style.getPropertyValue("--accent"));

scene("name and colour of the site come to a page that is open, and go again", async (house) => {
  const { server } = house;
  await server.call("PATCH", "/site", { name: "", accent: "" });
  const room = await makeRoom(server);
  const { page } = await house.person();
  await page.goto((await invite(server, room, "Ana")).url);
  await page.getByRole("timer").waitFor();
  assert.equal(await accent(page), "");
  await server.call("PATCH", "/site", { name: "Fieldnote Rooms", accent: "#7a1fa2" });
  await page.locator(".brand").getByText("Fieldnote Rooms").waitFor();
  await holds(page, () => document.documentElement.style.getPropertyValue("--accent").startsWith("light-dark(#7a1fa2, #"), "the colour has come");
  await holds(page, () => [...document.querySelectorAll(".btn-main")].some((button) => getComputedStyle(button).backgroundColor === "rgb(122, 31, 162)"), "the button fades to the colour");
  await server.call("PATCH", "/site", { name: "", accent: "" });
  await page.locator(".brand").getByText("greenroom").waitFor();
  await holds(page, () => document.documentElement.style.getPropertyValue("--accent") === "", "the colour has gone");
});

scene("a rule about a domain closes who is inside", async (house) => {
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const ana = await invite(server, room, "Ana", "viewer", { email: "ana@evil.example" });
  const { page } = await house.person();
  await page.goto(ana.url);
  await confirm(page, ana.email, t("lobby.action"));
  await inside(page);
  await server.call("PUT", "/site/domains/evil.example", { rule: "block" });
  await page.getByRole("heading", { level: 1, name: t("refusal.domain_blocked.title") }).waitFor();
  await server.call("DELETE", "/site/domains/evil.example");
});

scene("speakers are inside early, viewers are not", async (house) => {
  const { server } = house;
  const room = await makeRoom(server, { in: 300 });
  const [sam, vera] = [await invite(server, room, "Sam", "speaker"), await invite(server, room, "Vera")];
  const { page } = await house.person();
  const { page: other } = await house.person();
  for (const [one, who] of [[page, sam], [other, vera]]) {
    await one.goto(who.url);
    await confirm(one, who.email, t("confirm.action"));
    await one.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  }
  await server.call("PATCH", "/site", { early_minutes: 10 });
  await page.getByRole("heading", { name: t("early.title") }).waitFor();
  await page.getByRole("timer").waitFor();
  await staffComposer(page).waitFor();
  await page.getByText(t("early.chat")).first().waitFor({ state: "attached" });
  assert.equal(await other.getByRole("heading", { name: t("early.title") }).count(), 0);
  await changeRoom(server, room, { state: "open" });
  await inside(page);
  await inside(other);
  await server.call("PATCH", "/site", { early_minutes: 0 });
});
