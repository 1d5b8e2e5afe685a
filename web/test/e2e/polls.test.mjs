// Polls: written, launched, answered, closed and shown, with three people at once.

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { composer, desktop, devices, heard, phone } from "./people.mjs";
import { invite, makeRoom } from "./rooms.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

async function seat(house, room, name, type, device = desktop) {
  const invitation = await invite(house.server, room, name, type);
  const person = await house.person({ device });
  await person.enter(invitation);
  return person.page;
}

/** Three people who look at the polls: on a wide screen the moderator has them on the desk. */
async function cast(house, device = desktop) {
  const room = await makeRoom(house.server, { open: true });
  const mo = await seat(house, room, "Mo", "moderator", device);
  const vera = await seat(house, room, "Vera", "viewer", device);
  const wim = await seat(house, room, "Wim", "viewer");
  return { room, mo, vera, wim };
}

const look = async (page) => {
  const tab = page.getByRole("tab", { name: new RegExp(`^${t("tab.polls")}`) });
  if (await tab.count()) await tab.click();
};

const poll = (page, question) => page.getByRole("article", { name: question });
const button = (place, key) => place.getByRole("button", { name: t(key) });

/** Writes a poll in the window and launches it, or keeps it as a draft. */
async function write(page, { question, kind = "choice", options, more = async () => undefined, by = "polls.launch.now" }) {
  await look(page);
  await button(page, "polls.new").click();
  const window = page.getByRole("dialog");
  await window.getByLabel(t("polls.question"), { exact: true }).fill(question);
  await window.getByLabel(t("polls.kind"), { exact: true }).selectOption(kind);
  if (options) await window.getByLabel(t("polls.options")).fill(options.join("\n"));
  await more(window);
  await button(window, by).click();
  await window.waitFor({ state: "detached" });
}

async function choose(page, question, ...options) {
  await look(page);
  const form = poll(page, question);
  for (const option of options) await form.getByLabel(option, { exact: true }).check();
  await button(form, "polls.send").click();
}

/** The button that launches a draft. */
const launching = (page, question) => page.getByRole("button", { name: new RegExp(`^${t("polls.launch")}.*${question.replace("?", "\\?")}`) });

/** A row of the table that screen readers have. */
const row = (page, question, name) => poll(page, question).locator("table tr", { hasText: name });

for (const device of devices) {
  scene(`a poll is launched, answered, changed and closed (${device.name})`, async (house) => {
    const { room, mo, vera, wim } = await cast(house, device);
    const question = "Tea or coffee?";
    await write(mo, { question, options: ["Tea", "Coffee"] });
    await vera.getByRole("tab", { name: new RegExp(`${t("tab.polls")}.*1`) }).waitFor();
    await heard(vera, t("polls.said", { question }));
    await choose(vera, question, "Tea");
    await poll(vera, question).getByText(t("polls.mine", { chosen: "Tea" })).waitFor();
    await poll(vera, question).getByText(t("polls.later")).waitFor();
    await choose(wim, question, "Tea");
    await row(mo, question, "Tea").getByText("2", { exact: true }).waitFor();
    await button(poll(vera, question), "polls.change").click();
    await choose(vera, question, "Coffee");
    await row(mo, question, "Coffee").getByText("1", { exact: true }).waitFor();
    assert.equal(await poll(vera, question).locator("table").count(), 0, "viewers see nothing before the close");
    await poll(mo, question).getByRole("button", { name: t("polls.close") }).click();
    for (const page of [vera, wim, mo]) {
      await row(page, question, "Coffee").getByText("50%").waitFor();
      assert.equal(await button(poll(page, question), "polls.send").count(), 0, "nobody answers any more");
    }
    await heard(wim, t("polls.said.results", { question }));
    const late = await seat(house, room, "Lia", "viewer", device);
    await look(late);
    await row(late, question, "Tea").getByText("50%").waitFor();
  });
}

scene("an anonymous poll says what that means, and answers are final", async (house) => {
  const { mo, vera, wim } = await cast(house);
  const question = "Are you well?";
  await write(mo, { question, kind: "rating", more: async (window) => {
    await window.getByRole("checkbox").check();
    await window.getByLabel(t("polls.share")).selectOption("live");
  } });
  await look(vera);
  await poll(vera, question).getByText(t("polls.anonymous")).waitFor();
  await choose(vera, question, "4");
  await poll(vera, question).getByText(t("polls.mine.anonymous")).waitFor();
  await poll(vera, question).getByText(t("polls.final")).waitFor();
  assert.equal(await button(poll(vera, question), "polls.change").count(), 0);
  await poll(mo, question).getByText(t("polls.few")).waitFor();
  assert.equal(await poll(mo, question).locator("table").count(), 0, "the staff see no numbers of one person");
  await choose(wim, question, "5");
  await poll(mo, question).getByRole("button", { name: t("polls.close") }).click();
  await poll(vera, question).getByText(t("polls.mean", { mean: "4.5", most: 5 })).waitFor();
  await vera.reload();
  await composer(vera).waitFor();
  await look(vera);
  await poll(vera, question).getByText(t("polls.mine.anonymous")).waitFor();
});

scene("two tabs of one person: an answer shows in both", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const mo = await seat(house, room, "Mo", "moderator");
  const invitation = await invite(house.server, room, "Vera", "viewer");
  const vera = await house.person();
  await vera.enter(invitation);
  const second = await vera.tab();
  await second.goto(vera.page.url());
  await composer(second).waitFor();
  const question = "One vote each?";
  await write(mo, { question, options: ["Yes", "No"], more: async (window) => window.getByRole("checkbox").check() });
  await look(second);
  await button(poll(second, question), "polls.send").waitFor();
  await choose(vera.page, question, "Yes");
  await poll(second, question).getByText(t("polls.mine.anonymous")).waitFor();
  assert.equal(await button(poll(second, question), "polls.send").count(), 0);
  await poll(mo, question).getByText(t("polls.answers_one", { count: 1 })).waitFor();
});

scene("a quiz: draft, launch, right answer and points for each", async (house) => {
  const { mo, vera, wim } = await cast(house);
  const question = "Which gauge is wider?";
  await write(mo, { question, kind: "quiz", options: ["Metre", "Standard"], by: "polls.save", more: async (window) => {
    await window.getByLabel(t("polls.correct.label")).selectOption("Standard");
    await window.getByLabel(t("polls.points")).selectOption("3");
  } });
  await look(vera);
  assert.equal(await poll(vera, question).count(), 0, "a draft is nobody's business");
  await mo.getByRole("button", { name: t("polls.draft.more", { question }) }).click();
  await mo.getByRole("menuitem", { name: t("polls.edit") }).click();
  const window = mo.getByRole("dialog");
  assert.equal(await window.getByLabel(t("polls.correct.label")).inputValue(), "1", "the draft knows what is right");
  await window.getByRole("button", { name: t("polls.save") }).click();
  await launching(mo, question).click();
  await choose(vera, question, "Standard");
  await choose(wim, question, "Metre");
  await poll(mo, question).getByRole("button", { name: t("polls.close") }).click();
  await poll(vera, question).getByText(t("polls.right_other", { count: 3 })).waitFor();
  await poll(wim, question).getByText(t("polls.wrong", { right: "Standard" })).waitFor();
});

scene("a word cloud, and results that are hidden until they are shared", async (house) => {
  const { mo, vera, wim } = await cast(house);
  const question = "In a word?";
  await write(mo, { question, kind: "wordcloud", more: async (window) => window.getByLabel(t("polls.share")).selectOption("hidden") });
  for (const [page, words] of [[vera, ["Quiet", "rails"]], [wim, ["quiet!"]]]) {
    await look(page);
    for (const [i, word] of words.entries()) await poll(page, question).getByLabel(t("polls.word", { number: i + 1 })).fill(word);
    await button(poll(page, question), "polls.send").click();
    await poll(page, question).getByText(t("polls.mine.anonymous")).waitFor();
  }
  await poll(mo, question).getByRole("button", { name: t("polls.close") }).click();
  await row(mo, question, "quiet").getByText("2", { exact: true }).waitFor();
  await poll(vera, question).getByText(t("polls.hidden")).waitFor();
  await poll(mo, question).getByLabel(t("polls.share")).selectOption("closed");
  await row(vera, question, "quiet").getByText("2", { exact: true }).waitFor();
  await row(vera, question, "rails").waitFor();
});

scene("answers to an open question are shown one by one", async (house) => {
  const { mo, vera, wim } = await cast(house);
  const question = "What did we miss?";
  await write(mo, { question, kind: "open" });
  for (const [page, text] of [[vera, "Sleeping <b>cars</b>"], [wim, "Dining cars"]]) {
    await look(page);
    await poll(page, question).getByLabel(t("polls.text")).fill(text);
    await button(poll(page, question), "polls.send").click();
    await poll(page, question).getByText(t("polls.mine.text")).waitFor();
  }
  await button(poll(mo, question), "polls.read").click();
  await poll(mo, question).getByRole("listitem").filter({ hasText: "Vera" }).getByRole("button", { name: t("polls.show") }).click();
  await poll(wim, question).locator("blockquote", { hasText: "Sleeping <b>cars</b>" }).waitFor();
  assert.equal(await poll(wim, question).getByText("Vera").count(), 0, "nobody is told whose it was");
  await button(poll(mo, question), "polls.unshow").click();
  await poll(wim, question).locator("blockquote").waitFor({ state: "detached" });
});

scene("a poll closes by itself, and the right to run polls comes and goes with the role (phone)", async (house) => {
  const { room, mo, vera } = await cast(house, phone);
  const question = "Quick?";
  await write(mo, { question, options: ["Yes", "No"], by: "polls.save" });
  await launching(mo, question).waitFor();
  await look(vera);
  assert.equal(await button(vera, "polls.new").count(), 0, "viewers write no polls");
  const people = await house.server.call("GET", `/rooms/${room.id}/invitations?q=vera`);
  await house.server.call("PATCH", `/rooms/${room.id}/invitations/${people.items[0].id}`, { type: "moderator" });
  await launching(vera, question).waitFor();
  await house.server.call("PATCH", `/rooms/${room.id}/invitations/${people.items[0].id}`, { type: "viewer" });
  await button(vera, "polls.new").waitFor({ state: "detached" });
  await vera.getByText(question).waitFor({ state: "detached" }); // a viewer keeps no draft
  const notices = vera.getByRole("button", { name: t("notice.close") });
  while (await notices.count()) await notices.first().click({ timeout: 2_000 }).catch(() => undefined); // or it went by itself
  await button(mo, "polls.new").click();
  const window = mo.getByRole("dialog");
  await window.getByLabel(t("polls.question"), { exact: true }).fill("Thirty seconds?");
  await window.getByLabel(t("polls.kind"), { exact: true }).selectOption("crowd");
  await window.getByLabel(t("polls.timer")).selectOption("30");
  await button(window, "polls.launch.now").click();
  await choose(vera, "Thirty seconds?", t("polls.up"));
  await poll(vera, "Thirty seconds?").locator(".status .num").waitFor();
  await row(vera, "Thirty seconds?", t("polls.up")).getByText("100%").waitFor({ timeout: 40_000 });
}, { timeout: 90_000 });
