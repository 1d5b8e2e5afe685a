// Signing in without a password, one's own account, and moving to another device.

import assert from "node:assert/strict";
import { after } from "node:test";
import { openHouse } from "./house.mjs";
import { inside, notice } from "./people.mjs";
import { codeFor } from "./outbox.mjs";
import { client, makeProvider } from "./provider.mjs";
import { changeRoom, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const provider = await makeProvider();
after(() => provider.close());
const scene = openHouse({ flags: ["--oidc-issuer", provider.url, "--oidc-client-id", client.id, "--oidc-client-secret", client.secret, "--oidc-name", "Example ID", "--oidc-accounts"] });

let serial = 0;

/** Somebody with an account and no password; a second try of a scene gets somebody else. */
async function account(house, name) {
  const email = `${name.toLowerCase()}.${++serial}@example.org`;
  await house.server.call("POST", "/people", { email, first_name: name, last_name: "Berg" });
  return email;
}

async function byCode(house, page, email, next = "") {
  await page.goto(house.at(`/signin${next && `?next=${next}`}`));
  await page.getByRole("button", { name: t("other.code") }).click();
  await page.getByRole("heading", { level: 1, name: t("bycode.title") }).waitFor();
  await page.getByLabel(t("email.label")).fill(email);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: t("bycode.sent") }).waitFor();
  const field = page.getByLabel(t("bycode.code"));
  assert.equal(await field.getAttribute("autocomplete"), "one-time-code");
  const code = await codeFor(house, email);
  house.server.keepSecret(`${code}-as-code`);
  await field.fill(code);
  await page.keyboard.press("Enter");
}

scene("a mailed code signs in, makes the address verified, and opens the door without the lobby's question", async (house) => {
  const email = await account(house, "Vera");
  const room = await makeRoom(house.server, { open: true });
  await house.server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name: "Vera", last_name: "Berg", type: "viewer" });
  const desk = await house.person();
  await byCode(house, desk.page, email, `/r/${room.id}`);
  await inside(desk.page);
  const phone = await house.person();
  await byCode(house, phone.page, email, `/r/${room.id}`);
  await phone.page.getByRole("heading", { level: 1, name: t("refusal.other_device.title") }).waitFor();
  await phone.page.getByRole("button", { name: t("do.move") }).click();
  await inside(phone.page);
  await desk.page.getByRole("heading", { level: 1, name: t("refusal.displaced.title") }).waitFor();
  await desk.page.getByRole("button", { name: t("do.back") }).click();
  await inside(desk.page);
  await phone.page.getByRole("heading", { level: 1, name: t("refusal.displaced.title") }).waitFor();
  await changeRoom(house.server, room, { state: "closed" });
});

scene("one's own account: where one is signed in, ending the others, a password", async (house) => {
  const email = await account(house, "Paul");
  const desk = await house.person();
  await byCode(house, desk.page, email);
  await desk.page.getByRole("heading", { level: 1, name: t("rooms.title") }).waitFor();
  const phone = await house.person();
  await byCode(house, phone.page, email);
  await phone.page.getByRole("heading", { level: 1, name: t("rooms.title") }).waitFor();
  const { page } = desk;
  await page.goto(house.at("/account"));
  await page.getByText(t("account.verified"), { exact: true }).waitFor();
  await page.getByRole("button", { name: t("sessions.others") }).click();
  await notice(page, t("sessions.ended.all")).waitFor();
  await phone.page.goto(house.at("/account"));
  await phone.page.getByRole("heading", { level: 1, name: t("signin.title") }).waitFor();
  await page.getByLabel(t("password.new")).fill("a long and fresh one");
  await page.getByRole("button", { name: t("password.first") }).click();
  await notice(page, t("password.done")).waitFor();
  await phone.page.getByLabel(t("email.label")).fill(email);
  await phone.page.getByLabel(t("signin.password"), { exact: true }).fill("a long and fresh one");
  await phone.page.keyboard.press("Enter");
  await phone.page.getByText(t("account.verified"), { exact: true }).waitFor();
});

scene("another site signs in, and what was opened before in this browser stays", async (house) => {
  provider.person = { sub: "nina-1", email: "nina@example.org", email_verified: true, given_name: "Nina", family_name: "Holm" };
  const room = await makeRoom(house.server, { open: true });
  const invitation = await house.server.call("POST", `/rooms/${room.id}/invitations`, { email: "nina@example.org", first_name: "Nina", last_name: "Holm", type: "viewer" });
  const { page } = await house.person();
  await page.goto(invitation.url);
  await page.getByRole("button", { name: t("lobby.action") }).waitFor();
  await page.goto(house.at(`/signin?next=/r/${room.id}`));
  await page.getByRole("button", { name: t("other.provider", { name: "Example ID" }) }).click();
  await inside(page);
  const me = await page.evaluate(() => fetch("/api/v1/session").then((answer) => answer.json()));
  assert.equal(me.person.email, "nina@example.org");
  assert.equal(me.invitations.length, 1);
});

scene("whom the other site cannot vouch for stays outside, and is told why", async (house) => {
  provider.person = { sub: "evil-1", email: "daniel@example.org", email_verified: false };
  const { page } = await house.person();
  await page.goto(house.at("/signin"));
  await page.getByRole("button", { name: t("other.provider", { name: "Example ID" }) }).click();
  await page.getByText(t("provider.unverified", { name: "Example ID" })).waitFor();
  await page.goto(house.at("/oidc/callback?state=x&code=y"));
  await page.getByText(t("provider.expired")).waitFor();
});
