// The audit log: what was done is there, and nothing was taken out.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { openHouse } from "./house.mjs";
import { makeRoom } from "./rooms.mjs";
import { inviteCast } from "./story.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

scene("an act is in the audit log, and the chain is intact", async (house) => {
  const { page } = await house.siteOwner();
  await house.server.call("PUT", "/site/domains/audited.example", { rule: "block" });
  await page.goto(house.at("/site/audit"));
  await page.getByLabel(t("audit.act"), { exact: true }).selectOption("site.domain_set");
  await page.getByRole("cell").getByText(t("act.site.domain_set")).first().waitFor();
  await page.getByRole("button", { name: t("audit.check") }).click();
  await page.getByRole("status").getByText(t("audit.intact", { where: t("audit.site"), count: "0" }).split(" 0")[0]).first().waitFor();
});

scene("a room's owner reads what was done in it, by names, and takes it along", async (house) => {
  const room = await makeRoom(house.server, { title: "Reading circle" });
  const { ana } = await inviteCast(house.server, room, ["ana"]);
  await house.server.call("PATCH", `/rooms/${room.id}/invitations/${ana.id}`, { type: "speaker" });
  const { page } = await house.manager(room);
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("manage.more") }).click();
  await page.getByRole("menuitem", { name: t("act.audit") }).click();
  await page.getByRole("heading", { level: 1, name: t("audit.page") }).waitFor();
  const row = page.getByRole("row").filter({ hasText: t("act.role.changed") });
  await row.getByText("Ana Ferreira").waitFor();
  await row.getByText(t("audit.change", { what: t("changed.role"), before: t("told.viewer"), after: t("told.speaker") })).waitFor();
  await page.getByLabel(t("audit.search")).fill("ferreira");
  await page.getByRole("row").filter({ hasText: t("act.room.created") }).waitFor({ state: "detached" });
  await page.getByLabel(t("audit.act"), { exact: true }).selectOption("invitation.issued");
  await row.waitFor({ state: "detached" });
  await page.getByRole("cell").getByText(t("act.invitation.issued")).waitFor();
  assert.equal(await page.getByRole("row").count(), 2);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: t("audit.csv") }).click()]);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
  assert.equal(lines.length, 2);
  assert.match(lines[1], /invitation\.issued/);
  await page.getByRole("button", { name: t("audit.check") }).click();
  await page.getByRole("status").getByText(t("audit.intact", { where: "Reading circle", count: "0" }).split(" 0")[0]).first().waitFor();
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("heading", { level: 1, name: "Reading circle" }).waitFor();
});

scene("a co-editor is told that the log is not theirs to read", async (house) => {
  const room = await makeRoom(house.server);
  const { page } = await house.manager(room, "co-editor");
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("button", { name: t("manage.more") }).click();
  const item = page.getByRole("menuitem", { name: t("act.audit") });
  assert.equal(await item.getAttribute("aria-disabled"), "true");
  await page.goto(house.at(`/rooms/${room.id}?audit`));
  await page.getByRole("alert").getByText(t("desk.failed.forbidden")).waitFor();
});
