// The site's mails: a template is written, seen, tested and sent; what is wrong with it is told where it stands.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

/** The site owner at the mails' page. */
async function atMails(house) {
  const owner = await house.siteOwner();
  await owner.page.goto(house.at("/site/mail"));
  await owner.page.getByRole("heading", { name: t("mails.templates") }).waitFor();
  return owner;
}

const editor = (page, kind = "invitation") => page.getByRole("region", { name: t("editor.title", { kind: t(`mails.kind.${kind}`), language: "German" }) });

async function edit(page) {
  await page.getByRole("button", { name: t("mails.edit.of", { language: "German" }) }).click();
  await editor(page).getByLabel(t("editor.subject"), { exact: true }).waitFor();
}

const letter = (page) => page.frameLocator("iframe.letter");

scene("a template: tokens, a live preview, a test, and the next invitation is sent with it", async (house) => {
  const { page } = await atMails(house);
  await edit(page);
  const html = editor(page).getByLabel(t("editor.html"), { exact: true });
  await letter(page).getByText("Zum Raum").waitFor();
  await html.fill('<p>Moin <b></b>,</p><p><a class="button" href="{link}">Rein</a></p>');
  await html.evaluate((field) => field.setSelectionRange(11, 11));
  await editor(page).getByText(t("editor.tokens"), { exact: true }).click();
  await editor(page).getByRole("button", { name: "{first_name}", exact: true }).click();
  assert.equal(await html.inputValue(), '<p>Moin <b>{first_name}</b>,</p><p><a class="button" href="{link}">Rein</a></p>');
  await letter(page).getByText("Moin Daniel").waitFor();
  const button = letter(page).getByText("Rein", { exact: true });
  assert.equal(await button.evaluate((a) => getComputedStyle(a).display), "inline-block"); // styles come through
  await editor(page).getByRole("button", { name: t("editor.test") }).click();
  await page.getByText(t("editor.test.sent", { to: "daniel@example.org" })).first().waitFor();
  await editor(page).getByRole("button", { name: t("editor.save") }).click();
  await page.getByText(t("editor.saved")).first().waitFor();

  const room = await makeRoom(house.server, { in: 600 });
  await house.server.call("POST", `/rooms/${room.id}/invitations`, { email: "nele@example.org", first_name: "Nele", last_name: "N", type: "viewer", send_email: true, language: "de" });
  const list = await house.person();
  await list.page.goto(house.server.lines.mail);
  while (!(await list.page.getByText("nele@example.org").count())) await list.page.reload();
  await list.page.getByRole("row", { name: /nele@example\.org/ }).getByRole("link").first().click();
  await list.page.frameLocator("iframe.letter").getByText("Moin Nele").waitFor();

  await page.getByRole("button", { name: t("editor.back") }).click();
  await page.getByText(t("editor.back.done")).first().waitFor();
  assert.equal((await house.server.call("GET", "/site/mail/templates/de")).own, false);
});

scene("every kind of mail has its own template and tokens, in the site's colours", async (house) => {
  const { page } = await atMails(house);
  await house.server.call("PATCH", "/site", { name: "Beispiel", accent: "#7a1f4b" });
  await page.getByLabel(t("mails.kind"), { exact: true }).selectOption(t("mails.kind.room_code"));
  await page.getByRole("button", { name: t("mails.edit.of", { language: "German" }) }).click();
  const mine = editor(page, "room_code");
  await letter(page).getByText("123456").waitFor();
  assert.equal(await letter(page).locator(".card").evaluate((card) => getComputedStyle(card).borderTopColor), "rgb(122, 31, 75)");
  await letter(page).getByText("Beispiel", { exact: true }).waitFor();
  await mine.getByText(t("editor.tokens"), { exact: true }).click();
  await mine.getByRole("button", { name: "{site}", exact: true }).waitFor();
  assert.deepEqual(await mine.getByRole("group", { name: t("editor.tokens.values") }).getByRole("button").allTextContents(), ["{code}", "{title}", "{site}"]);
  await mine.getByLabel(t("editor.text"), { exact: true }).fill("{code}\n{link}");
  const fault = t("fault.at", { line: "2", column: "1", says: t("fault.token", { what: "{link}" }) });
  await mine.getByText(`${t("editor.text")}: ${fault}`).waitFor();
  await mine.getByLabel(t("editor.text"), { exact: true }).fill("Hier: {code}");
  await mine.getByRole("button", { name: t("editor.save") }).click();
  await page.getByText(t("editor.saved")).first().waitFor();
  assert.equal((await house.server.call("GET", "/site/mail/templates/de?kind=room_code")).own, true);
  await mine.getByRole("button", { name: t("editor.back") }).click();
  await page.getByText(t("editor.back.done")).first().waitFor();
  await house.server.call("PATCH", "/site", { name: "", accent: "" });
});

scene("the mail about who asks for a way in has a template too", async (house) => {
  const { page } = await atMails(house);
  await page.getByLabel(t("mails.kind"), { exact: true }).selectOption(t("mails.kind.request"));
  await page.getByText(t("mails.kind.request.hint")).waitFor();
  await page.getByRole("button", { name: t("mails.edit.of", { language: "German" }) }).click();
  const mine = editor(page, "request");
  await letter(page).getByText("Anfragen ansehen").waitFor();
  await mine.getByLabel(t("editor.html"), { exact: true }).fill('<p>{asker} wartet: <a href="{link}">hier</a>{if message} – {message}{end}</p>');
  await letter(page).getByText("wartet: hier – A sample").waitFor();
  await mine.getByRole("button", { name: t("editor.test") }).click();
  await page.getByText(t("editor.test.sent", { to: "daniel@example.org" })).first().waitFor();
  await mine.getByRole("button", { name: t("editor.close") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("editor.leave.action") }).click();
  await mine.waitFor({ state: "detached" });
});

scene("what is wrong is told with its place, and the cursor goes there", async (house) => {
  const { page } = await atMails(house);
  await edit(page);
  const html = editor(page).getByLabel(t("editor.html"), { exact: true });
  await html.fill("<p>{link}</p>\n<script>alert(1)</script>");
  const fault = t("fault.at", { line: "2", column: "1", says: t("fault.element", { what: "<script>" }) });
  await editor(page).getByText(`${t("editor.html")}: ${fault}`).waitFor(); // the preview waits
  await editor(page).getByRole("button", { name: t("editor.save") }).click();
  await page.locator("#html-error").getByText(fault).waitFor();
  await page.waitForFunction(() => document.activeElement.name === "html" && document.activeElement.selectionStart === 14);
  await editor(page).getByRole("button", { name: t("editor.close") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("editor.leave.action") }).click();
  await editor(page).waitFor({ state: "detached" });
});

scene("of two who edit one template the second is told", async (house) => {
  const { page } = await atMails(house);
  await edit(page);
  await editor(page).getByLabel(t("editor.subject"), { exact: true }).fill("Mein {title}");
  await house.server.call("PUT", "/site/mail/templates/de", { subject: "{title}", html: "<p>{link}</p>", text: "{link}" });
  await editor(page).getByRole("button", { name: t("editor.save") }).click();
  await editor(page).getByText(t("editor.conflict")).waitFor();
  await house.server.call("DELETE", "/site/mail/templates/de");
});

scene("a new language, the switch, and the zone", async (house) => {
  const { page } = await atMails(house);
  await page.getByLabel(t("mails.add")).selectOption("fr");
  await page.getByRole("button", { name: t("mails.add.action") }).click();
  await page.getByRole("region", { name: t("editor.title", { kind: t("mails.kind.invitation"), language: "French" }) }).getByRole("button", { name: t("editor.save") }).click();
  await page.getByRole("listitem").getByText("French").waitFor();
  const settings = page.getByRole("form", { name: t("mails.settings") });
  await settings.getByLabel(t("mails.zone")).fill("Europe/Nowhere");
  await settings.getByRole("button", { name: t("mails.save") }).click();
  await settings.getByText(t("mails.zone.wrong")).waitFor();
  await settings.getByLabel(t("mails.zone")).fill("Europe/Paris");
  await settings.getByLabel(t("mails.invitations")).uncheck();
  await settings.getByRole("button", { name: t("mails.save") }).click();
  await page.getByText(t("mails.saved")).first().waitFor();
  const { invitation_mail } = await house.server.call("GET", "/features");
  assert.equal(invitation_mail, false);
  await house.server.call("PATCH", "/site/mail", { invitations: true, zone: "" });
  await house.server.call("DELETE", "/site/mail/templates/fr");
});
