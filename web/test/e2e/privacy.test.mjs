// What is kept of a person: taken along, erased; and being asked once more who one is.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { openHouse } from "./house.mjs";
import { notice } from "./people.mjs";
import { makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();
const PASSWORD = "a long and quiet one";

let serial = 0;

/** Somebody with a password, signed in. */
async function account(house) {
  const email = `petra.${++serial}@example.org`;
  const name = `Petra Lind ${serial}`;
  await house.server.call("POST", "/people", { email, first_name: "Petra", last_name: `Lind ${serial}`, password: PASSWORD });
  const { page } = await house.person();
  await page.goto(house.at("/signin"));
  await page.getByLabel(t("email.label")).fill(email);
  await page.getByLabel(t("signin.password"), { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: t("rooms.title") }).waitFor();
  return { page, email, name };
}

/** The server says once that it wants a proof, as it does ten minutes after somebody has signed in. */
async function grownOld(page, path, can) {
  let left = 1;
  await page.route(`**/api/v1${path}`, async (route) => {
    if (route.request().method() !== "POST" || left-- < 1) return route.fallback();
    await route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ code: "reauthenticate", status: 401, detail: "-", can }) });
  });
}

async function saved(page, act) {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  assert.equal(file.suggestedFilename(), "person.json");
  return JSON.parse(await readFile(await file.path(), "utf8"));
}

scene("one's own data are a file; then the account is erased, by its address alone", async (house) => {
  const { page, email } = await account(house);
  await page.goto(house.at("/account"));
  const kept = await saved(page, () => page.getByRole("button", { name: t("data.take") }).click());
  assert.equal(kept.account.email, email);
  assert.equal(kept.sessions.length, 1);
  await notice(page, t("data.taken")).waitFor();

  await page.getByRole("button", { name: t("data.erase.own") }).click();
  const dialog = page.getByRole("dialog", { name: t("erase.title.own") });
  await dialog.getByLabel(t("erase.confirm", { email })).fill("somebody@example.org");
  await page.keyboard.press("Enter");
  await dialog.getByText(t("erase.confirm.wrong")).waitFor();
  await dialog.getByLabel(t("erase.confirm", { email })).fill(email.toUpperCase());
  await dialog.getByRole("button", { name: t("erase.action") }).click();
  await page.getByRole("dialog", { name: t("erase.done.title") }).getByRole("button", { name: t("erase.done.leave") }).click();
  await page.goto(house.at("/account"));
  await page.getByRole("heading", { level: 1, name: t("signin.title") }).waitFor();
  await page.getByLabel(t("email.label")).fill(email);
  await page.getByLabel(t("signin.password"), { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByText(t("signin.mismatch")).waitFor();
});

scene("one's own name is one's own to change, and the page shows it at once", async (house) => {
  const { page } = await account(house);
  await page.goto(house.at("/account"));
  await page.getByLabel(t("field.first"), { exact: true }).fill("");
  await page.getByRole("button", { name: t("account.name.save") }).click();
  await page.getByText(t("field.first.empty")).waitFor();
  await page.getByLabel(t("field.first"), { exact: true }).fill("Petronella");
  await page.keyboard.press("Enter");
  await notice(page, t("account.name.done")).waitFor();
  await page.getByRole("heading", { level: 2, name: /^Petronella Lind/ }).waitFor();
  await page.getByRole("button", { name: t("account.label") }).getByText("Petronella").first().waitFor();
});

scene("where one signed in long ago, the password is asked for, and then it is done", async (house) => {
  const { page } = await account(house);
  await page.goto(house.at("/account"));
  await grownOld(page, "/account/export", ["password", "code"]);
  await page.getByRole("button", { name: t("data.take") }).click();
  const dialog = page.getByRole("dialog", { name: t("proof.title") });
  const password = dialog.getByLabel(t("proof.password"));
  await password.and(page.locator(":focus")).waitFor();
  await password.fill("not this one");
  await page.keyboard.press("Enter");
  await dialog.getByText(t("password.current.wrong")).waitFor();
  await dialog.getByRole("button", { name: t("proof.by.code") }).click();
  await dialog.getByRole("button", { name: t("proof.code.send") }).waitFor();
  await dialog.getByRole("button", { name: t("proof.by.password") }).click();
  await password.fill(PASSWORD);
  await saved(page, () => page.keyboard.press("Enter"));

  await grownOld(page, "/account/keys", ["password"]);
  await page.getByLabel(t("apikeys.label")).fill("Script");
  await page.getByLabel(t("apikeys.scope")).selectOption("all");
  await page.getByRole("button", { name: t("apikeys.make") }).click();
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await page.getByText(t("desk.failed.proof")).waitFor();
});

scene("an admin takes along and erases somebody with an account, and an address without one", async (house) => {
  const room = await makeRoom(house.server);
  await house.server.call("POST", `/rooms/${room.id}/invitations`, { email: "ilse@example.org", first_name: "Ilse", last_name: "Kant", type: "viewer" });
  const { email, name } = await account(house);
  const { page } = await house.siteOwner();
  await page.goto(house.at("/site/people"));
  await page.getByLabel(t("folk.search")).fill(email);
  const menu = page.getByRole("button", { name: t("folk.actions", { name }) });
  await menu.waitFor();
  await menu.click();
  const kept = await saved(page, () => page.getByRole("menuitem", { name: t("data.take") }).click());
  assert.equal(kept.account.email, email);
  await menu.click();
  await page.getByRole("menuitem", { name: t("data.erase") }).click();
  const dialog = page.getByRole("dialog", { name: t("erase.title", { email }) });
  await dialog.getByLabel(t("erase.confirm", { email })).fill(email);
  await dialog.getByRole("button", { name: t("erase.action") }).click();
  await notice(page, t("erase.done")).first().waitFor();
  await page.getByText(t("folk.none")).waitFor();

  await page.getByLabel(t("data.email"), { exact: true }).fill("ilse@example.org");
  const form = page.getByRole("form", { name: t("data.site") });
  const hers = await saved(page, () => form.getByRole("button", { name: t("data.take") }).click());
  assert.equal(hers.rooms[0].invitations[0].first_name, "Ilse");
  await form.getByRole("button", { name: t("data.erase") }).click();
  const other = page.getByRole("dialog");
  await other.getByLabel(t("erase.confirm", { email: "ilse@example.org" })).fill("ilse@example.org");
  await other.getByRole("button", { name: t("erase.action") }).click();
  await page.getByText(t("erasures.address")).first().waitFor();
});
