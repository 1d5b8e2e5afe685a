// Questions, hands and reactions: three people at once, on a desk and on a phone.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, devices, giveRole, heard, notice, openTab, said } from "./people.mjs";
import { fullName, invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function seat(house, room, name, type, options) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person(options);
  await person.enter(invitation);
  return { page: person.page, invitation };
}

/** Vera and Wu watch, Mo moderates. */
async function cast(house, device) {
  const room = await makeRoom(house.server, { open: true });
  const vera = await seat(house, room, "Vera", "viewer", { device });
  const wu = await seat(house, room, "Wu", "viewer", { device });
  const mo = await seat(house, room, "Mo", "moderator", { device });
  return { room, vera, wu, mo };
}

const question = (page, text) => page.locator(".ask", { hasText: text });
const act = (page, text, key) => question(page, text).getByRole("button", { name: new RegExp(`^${t(key)}`) });

/** A button in a row about somebody. */
const about = (page, key, invitation) => page.getByRole("button", { name: new RegExp(`^${t(key)}.*${fullName(invitation)}`) });

/** Shows the questions where they are not on the desk. */
async function toQuestions(page) {
  const tab = page.getByRole("tab", { name: new RegExp(`^${t("tab.questions")}`) });
  if (await tab.count()) await tab.click();
  await page.getByLabel(t("question.write")).waitFor();
}

async function ask(page, text, anonymous = false) {
  await toQuestions(page);
  if (anonymous) await page.getByLabel(new RegExp(t("question.anonymous.ask"))).check();
  await page.getByLabel(t("question.write")).fill(text);
  await page.getByRole("button", { name: t("question.ask"), exact: true }).click();
}

for (const device of devices) {
  scene(`a question is asked, published, voted for, taken and answered (${device.name})`, async (house) => {
    const { vera, wu, mo } = await cast(house, device);
    await ask(vera.page, "Why do trains wait?");
    await question(vera.page, "Why do trains wait?").getByText(t("question.mine.waiting")).waitFor();
    await toQuestions(mo.page);
    await toQuestions(wu.page);
    await question(mo.page, "Why do trains wait?").getByText(fullName(vera.invitation)).waitFor();
    assert.equal(await question(wu.page, "Why do trains wait?").count(), 0, "viewers do not see what is not published");
    await act(mo.page, "Why do trains wait?", "question.publish").click();
    await notice(vera.page, t("question.fate.published")).waitFor();
    await act(wu.page, "Why do trains wait?", "question.vote").click();
    await question(wu.page, "Why do trains wait?").locator(".vote[aria-pressed=true]", { hasText: "1" }).waitFor();
    await question(mo.page, "Why do trains wait?").locator(".vote", { hasText: "1" }).waitFor();
    await act(mo.page, "Why do trains wait?", "question.take").click();
    await question(mo.page, "Why do trains wait?").getByText(t("question.taken.you")).waitFor();
    assert.equal(await question(wu.page, t("question.taken.you")).count(), 0);
    await act(mo.page, "Why do trains wait?", "question.answer").click();
    await mo.page.getByLabel(t("question.answer.text")).fill("They meet there.");
    await mo.page.getByRole("button", { name: t("question.answer.send") }).click();
    await notice(vera.page, t("question.fate.answered")).waitFor();
    await question(wu.page, "Why do trains wait?").waitFor({ state: "detached" });
    await wu.page.getByText(t("question.answered"), { exact: true }).click();
    await question(wu.page, "They meet there.").getByText(fullName(mo.invitation)).waitFor();
  });

  scene(`nobody is told who asks anonymously; why it was not taken up is told to the asker alone (${device.name})`, async (house) => {
    const { vera, wu, mo } = await cast(house, device);
    await ask(vera.page, "Who pays for this?", true);
    await toQuestions(mo.page);
    await toQuestions(wu.page);
    await question(mo.page, "Who pays for this?").getByText(t("question.anonymous"), { exact: true }).waitFor();
    assert.doesNotMatch(await question(mo.page, "Who pays for this?").innerText(), /Vera/);
    await act(mo.page, "Who pays for this?", "question.dismiss").click();
    await mo.page.getByLabel(t("question.dismiss.text")).fill("Not today.");
    await mo.page.getByRole("button", { name: t("question.dismiss.send") }).click();
    await question(vera.page, "Who pays for this?").getByText("Not today.").waitFor();
    await vera.page.reload();
    await composer(vera.page).waitFor();
    await toQuestions(vera.page);
    await question(vera.page, "Who pays for this?").getByText("Not today.").waitFor();
    assert.equal(await question(wu.page, "Who pays").count(), 0);
  });

  scene(`hands stand in order, one is made a speaker, one is lowered (${device.name})`, async (house) => {
    const { vera, wu, mo } = await cast(house, device);
    await vera.page.getByRole("button", { name: t("hand.raise") }).click();
    await vera.page.getByRole("button", { name: t("hand.up"), pressed: true }).waitFor();
    await openTab(mo.page, "tab.people");
    const queue = mo.page.locator(".hand-row");
    await queue.first().waitFor();
    await wu.page.getByRole("button", { name: t("hand.raise") }).click();
    await queue.nth(1).waitFor();
    assert.deepEqual(await queue.locator("b").allInnerTexts(), [vera, wu].map(({ invitation }) => fullName(invitation)));
    await about(mo.page, "hand.lower", wu.invitation).click();
    await mo.page.locator("#word-text").fill("Not now, thank you.");
    await mo.page.locator("dialog button[type=submit]").click();
    await notice(wu.page, t("hand.lowered.by", { name: fullName(mo.invitation) })).waitFor();
    await wu.page.getByText("Not now, thank you.").first().waitFor();
    await wu.page.getByRole("button", { name: t("hand.raise") }).waitFor();
    await about(mo.page, "hand.speaker", vera.invitation).click();
    await notice(vera.page, t("role.now.speaker")).waitFor();
    await queue.first().waitFor({ state: "detached" });
  });
}

scene("reactions are shown as sums to everybody and leave again", async (house) => {
  const { vera, wu, mo } = await cast(house);
  const claps = [vera, wu].map(({ page }) => page.getByRole("button", { name: t("react.clap") }).click());
  await Promise.all([mo.page.locator(".reaction-sum").first().waitFor(), ...claps]); // it stands there for a second
  await mo.page.locator(".reaction-sum").first().waitFor({ state: "detached" });
  assert.doesNotMatch((await said(mo.page)).join(), /👏|Clap/);
});

scene("a promotion in the middle of a question: text, focus and place are kept, the queue comes and goes", async (house) => {
  const { vera, wu, mo } = await cast(house);
  await ask(wu.page, "Staff sees this first");
  await toQuestions(vera.page);
  const field = vera.page.getByLabel(t("question.write"));
  await field.fill("Half a ques");
  await field.evaluate((element) => { element.marked = true; });
  await giveRole(mo.page, vera.invitation, "speaker");
  await question(vera.page, "Staff sees this first").waitFor();
  await field.press("End");
  await vera.page.keyboard.type("tion");
  assert.equal(await field.inputValue(), "Half a question");
  assert.ok(await field.evaluate((element) => element.marked), "the field was mounted anew");
  await giveRole(mo.page, vera.invitation, "viewer");
  await question(vera.page, "Staff sees this first").waitFor({ state: "detached" });
  assert.equal(await field.inputValue(), "Half a question");
  assert.ok(await field.evaluate((element) => element.marked), "the field was mounted anew");
});

scene("by key: H raises the hand, Q goes to the questions; staff hears of both", async (house) => {
  const { vera, mo } = await cast(house);
  await mo.page.getByRole("button", { name: t("react.clap") }).waitFor(); // the part that says it comes with the dock, a moment later
  await vera.page.locator("body").press("h");
  await vera.page.getByRole("button", { name: t("hand.up"), pressed: true }).waitFor();
  await heard(mo.page, t("say.hand", { name: fullName(vera.invitation) }));
  await vera.page.getByRole("heading", { level: 1 }).focus();
  await vera.page.keyboard.press("q");
  await vera.page.waitForFunction(() => document.activeElement?.id === "question-text");
});
