// Every screen of the app, one after the other, on the real server: for axe, for narrow windows, for pictures.

import { composer, confirm, inside, notice, openTab, post, staffComposer } from "./people.mjs";
import { changeRoom, fullName, invite, makeRoom, revoke, setType } from "./rooms.mjs";
import { about, discuss, enterAs, enterTogether, inviteCast, talk, whisper } from "./story.mjs";
import { start, t } from "./texts.mjs";

const heading = (page, key, values) => page.getByRole("heading", { level: 1, name: t(key, values) }).waitFor();

/** Walks through all screens with people who have this device. Yields `{name, page}`; the page stands still meanwhile. */
export async function* screens(house, device) {
  const options = { device, zone: "Europe/Lisbon" };
  yield* before(house, options);
  yield* early(house, options);
  yield* live(house, options);
  yield* moderating(house, options);
  yield* life(house, options);
  yield* guests(house, options);
  yield* turnedAway(house, options);
  yield* desk(house, options);
  yield* site(house, options);
  yield* account(house, options);
}

async function* account(house, options) {
  const { page } = await house.siteOwner(options);
  await page.goto(house.at("/account"));
  await page.getByText(t("sessions.current")).waitFor();
  yield { name: "account", page };
  const keys = page.getByRole("region", { name: t("apikeys.title") });
  await keys.getByRole("button", { name: t("apikeys.make") }).click();
  await keys.getByText(t("apikeys.label.empty")).first().waitFor();
  yield { name: "account-keys", page };
  await page.getByRole("button", { name: t("password.first") }).click();
  await page.getByText(t("password.short", { least: 10 })).waitFor();
  yield { name: "account-errors", page };
  const { page: other } = await house.person(options);
  await other.goto(house.at("/signin"));
  await other.getByRole("button", { name: t("other.code") }).waitFor();
  yield { name: "signin-ways", page: other };
  await other.getByRole("button", { name: t("other.code") }).click();
  await heading(other, "bycode.title");
  yield { name: "signin-code", page: other };
  await other.getByLabel(t("email.label")).fill("daniel@example.org");
  await other.getByRole("button", { name: t("bycode.send") }).click();
  await heading(other, "bycode.sent");
  await other.getByLabel(t("bycode.code")).fill("12");
  await other.getByRole("button", { name: t("bycode.action") }).click();
  await other.getByText(t("bycode.code.empty")).waitFor();
  yield { name: "signin-code-sent", page: other };
}

async function* before(house, options) {
  const { server } = house;
  const room = await makeRoom(server, { ...about, in: 763 });
  const { ana } = await inviteCast(server, room, ["ana"]);
  const { page } = await house.person(options);
  await page.goto(ana.url);
  await page.getByRole("timer").getByText(/\d/).first().waitFor();
  await page.getByLabel(t("email.label")).waitFor();
  yield { name: "countdown", page };
  await changeRoom(server, room, { starts_at: new Date(Date.parse(room.starts_at) + 900_000).toISOString() });
  await page.locator(".notice").waitFor();
  yield { name: "countdown-moved", page };
  await confirm(page, ana.email, t("confirm.action"));
  await page.getByRole("heading", { name: t("confirmed.title") }).waitFor();
  yield { name: "countdown-confirmed", page };
  await changeRoom(server, room, { state: "closed", reason: "We found no date that suits everybody." });
  await heading(page, "over.closed.title");
  yield { name: "over", page };
  yield* lobby(house, options);
}

async function* lobby(house, options) {
  const { server } = house;
  const room = await makeRoom(server, { ...about, open: true });
  const { ana } = await inviteCast(server, room, ["ana"]);
  const { page } = await house.person(options);
  await page.goto(ana.url);
  await page.getByRole("button", { name: t("lobby.action") }).waitFor();
  yield { name: "lobby", page };
  for (let tries = 1; tries <= 5; tries++) {
    await confirm(page, `ana@fieldmail${tries}.example`, t("lobby.action"));
    await page.locator("#email-error").getByText(tries < 4 ? t("lobby.left_other", { count: 5 - tries }) : tries === 4 ? t("lobby.last") : start("lobby.locked")).waitFor();
    if (tries === 1) yield { name: "lobby-error", page };
  }
  await page.getByRole("button", { name: t("ask.organisers") }).waitFor();
  yield { name: "lobby-locked", page };
  await server.call("PATCH", "/site", { lobby: { viewer: "code" } });
  const { kofi } = await inviteCast(server, room, ["kofi"]);
  const { page: other } = await house.person(options);
  await other.goto(kofi.url);
  await confirm(other, kofi.email, t("lobby.action"));
  await heading(other, "code.title");
  yield { name: "lobby-code", page: other };
  await server.call("PATCH", "/site", { lobby: { viewer: "none" } });
}

/** Staff who are let in before the doors open. */
async function* early(house, options) {
  const { server } = house;
  await server.call("PATCH", "/site", { early_minutes: 30 });
  const room = await makeRoom(server, { ...about, in: 763 });
  const { page } = await house.person(options);
  const invitation = await invite(server, room, "Nadia", "moderator", { last_name: "Hussein" });
  await page.goto(invitation.url);
  await confirm(page, invitation.email, t("confirm.action"));
  await page.getByRole("heading", { name: t("early.title") }).waitFor();
  await staffComposer(page).waitFor();
  yield { name: "backstage", page };
  await server.call("PATCH", "/site", { early_minutes: 0 });
}

/** What a moderator and a viewer see of polls: the window, answers, charts, a cloud. */
async function* polls(mo, ana) {
  const open = async (page) => {
    const tab = page.getByRole("tab", { name: new RegExp(`^${t("tab.polls")}`) });
    if (await tab.count()) await tab.click();
  };
  await open(mo);
  await mo.getByRole("button", { name: t("polls.new") }).click();
  const window = mo.getByRole("dialog");
  await window.getByLabel(t("polls.question"), { exact: true }).fill("Which experiment would you run first?");
  await window.getByLabel(t("polls.options")).fill("A welcome checklist\nA one-question exit survey\nA weekly activation review");
  await window.getByRole("checkbox").check();
  yield { name: "poll-editor", page: mo };
  await window.getByRole("button", { name: t("polls.launch.now") }).click();
  await window.waitFor({ state: "detached" });
  await open(ana);
  const asked = ana.getByRole("article", { name: "Which experiment would you run first?" });
  await asked.getByLabel("A welcome checklist").check();
  yield { name: "poll-answer", page: ana };
  await asked.getByRole("button", { name: t("polls.send") }).click();
  await asked.getByText(t("polls.mine.anonymous")).waitFor();
  yield { name: "poll-moderator", page: mo };
  await mo.getByRole("article", { name: "Which experiment would you run first?" }).getByRole("button", { name: t("polls.close") }).click();
  await asked.getByText("100%").first().waitFor();
  yield { name: "poll-results", page: ana };
  await mo.getByRole("button", { name: t("polls.new") }).click();
  await window.getByLabel(t("polls.question"), { exact: true }).fill("Tonight in a word?");
  await window.getByLabel(t("polls.kind"), { exact: true }).selectOption("wordcloud");
  await window.getByRole("button", { name: t("polls.launch.now") }).click();
  await window.waitFor({ state: "detached" });
  const cloud = ana.getByRole("article", { name: "Tonight in a word?" });
  for (const [i, word] of ["useful", "calm", "activation"].entries()) await cloud.getByLabel(t("polls.word", { number: i + 1 })).fill(word);
  await cloud.getByRole("button", { name: t("polls.send") }).click();
  await cloud.getByText(t("polls.mine.anonymous")).waitFor();
  await mo.getByRole("article", { name: "Tonight in a word?" }).getByRole("button", { name: t("polls.close") }).click();
  await cloud.locator(".cloud").waitFor();
  yield { name: "poll-cloud", page: ana };
  await openTab(ana, "tab.chat");
}

async function* live(house, options) {
  const { server } = house;
  const room = await makeRoom(server, { ...about, open: true });
  const cast = await inviteCast(server, room);
  const names = ["amara", "jonas", "mei", "priya", "tomas", "salma", "kofi", "lucia"];
  const entered = await enterTogether(house, names.map((name) => cast[name]));
  const extras = Object.fromEntries(names.map((name, n) => [name, entered[n]]));
  const ana = await house.person({ ...options, network: true });
  await enterAs(ana.page, cast.ana);
  await inside(ana.page);
  yield { name: "live-empty", page: ana.page };
  await talk(extras);
  await whisper(extras);
  await ana.page.getByText("will it be shared afterwards?").first().waitFor();
  yield { name: "live-viewer", page: ana.page };
  await discuss(extras);
  await openTab(ana.page, "tab.questions");
  await ana.page.getByLabel(t("question.write")).fill("Does it work for teams of");
  await ana.page.locator(".ask").nth(1).waitFor();
  await ana.page.getByText(t("question.answered"), { exact: true }).click();
  await ana.page.getByText("Will the slides be shared?").waitFor();
  yield { name: "live-questions", page: ana.page };
  await openTab(ana.page, "tab.people");
  yield { name: "live-people", page: ana.page };
  await ana.page.getByRole("button", { name: t("you.button").slice(2) }).click();
  await ana.page.getByRole("dialog").waitFor();
  yield { name: "live-you", page: ana.page };
  await ana.page.keyboard.press("Escape");
  await openTab(ana.page, "tab.chat");

  const { page } = await house.person(options);
  const invitation = await invite(server, room, "Nadia", "moderator", { last_name: "Hussein" });
  await enterAs(page, invitation);
  await inside(page);
  await openTab(page, "tab.people");
  await page.getByRole("button", { name: t("people.actions", { name: fullName(cast.ana) }) }).click();
  await page.getByRole("menu").waitFor();
  yield { name: "live-moderator", page };
  await page.keyboard.press("Escape");
  yield* polls(page, ana.page);
  await openTab(page, "tab.people");
  await page.locator(".hand-row").first().waitFor();
  if (await page.locator("#tab-questions").count()) await openTab(page, "tab.questions");
  await page.locator(".ask").getByRole("button", { name: new RegExp(`^${t("question.take")}`) }).first().click();
  await page.getByText(t("question.taken.you")).waitFor();
  yield { name: "live-questions-staff", page };

  await composer(ana.page).fill("In our case partners sent 60% of sign-ups, and the");
  await setType(server, room, cast.ana, "speaker");
  await notice(ana.page, t("role.now.speaker")).waitFor();
  yield { name: "promoted", page: ana.page };
  await notice(ana.page, t("role.now.speaker")).getByRole("button", { name: t("role.backchannel") }).click();
  yield { name: "live-speaker", page: ana.page };
  await setType(server, room, cast.ana, "viewer");
  await notice(ana.page, t("role.now.viewer")).waitFor();
  yield { name: "demoted", page: ana.page };
  await notice(ana.page, t("role.now.viewer")).getByRole("button", { name: t("notice.close") }).click();
  ana.network.cut();
  await post(ana.page, "Could we see the partner numbers split by size?");
  await ana.page.locator(".link-state").waitFor();
  yield { name: "reconnecting", page: ana.page };
  ana.network.mend();
  await ana.page.locator(".link-state").waitFor({ state: "detached", timeout: 25_000 });
}

/** What moderators set up and do, from both sides. */
/** Whom one may mean, who looks like staff, the room as a viewer, and a page on the stage. */
async function* seeing(house, room, options, priya, ana) {
  const { server } = house;
  await openTab(priya, "tab.chat");
  await composer(priya).pressSequentially("Thank you, @an");
  await priya.getByRole("listbox", { name: t("mention.label") }).getByRole("option").first().waitFor();
  yield { name: "live-mention", page: priya };
  await composer(priya).press("Enter");
  await composer(priya).press("Enter");
  await ana.locator(".msg[data-me] .mention").waitFor();
  await composer(ana).fill("");
  yield { name: "live-mentioned", page: ana };
  await priya.getByRole("button", { name: t("you.button").slice(2) }).click();
  await priya.getByRole("button", { name: t("you.preview") }).click();
  await priya.getByRole("group", { name: t("preview.title") }).waitFor();
  yield { name: "live-preview", page: priya };
  await priya.getByRole("button", { name: t("preview.end") }).click();
  await server.call("PATCH", "/site", { stage_origins: ["https://video.example.org"] });
  for (const page of [priya, ana]) await page.context().route("https://video.example.org/**", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><html lang=en><title>A talk</title><main><h1>A talk</h1></main>" }));
  await priya.getByRole("button", { name: new RegExp(`^${t("dock.controls")}`) }).click();
  await priya.getByLabel(t("controls.stage.url")).fill("https://video.example.org/embed/7");
  await priya.getByRole("button", { name: t("controls.stage.show") }).click();
  await ana.frameLocator(".stage-frame").frameLocator("iframe").getByRole("heading", { name: "A talk" }).waitFor();
  yield { name: "live-stage", page: ana };
  await priya.getByRole("button", { name: t("controls.stage.clear") }).click();
  await priya.getByRole("button", { name: t("controls.done") }).click();
  const { page: poser } = await house.person(options);
  await enterAs(poser, await invite(server, room, "Moderator", "viewer"));
  await inside(poser);
  await post(poser, "Please send me your passwords.");
  await ana.locator(".msg", { hasText: "your passwords" }).getByText(t("cue.posing")).waitFor();
  yield { name: "live-cue", page: ana };
}

export async function* moderating(house, options) {
  const { server } = house;
  const room = await makeRoom(server, { ...about, open: true });
  const cast = await inviteCast(server, room, ["ana", "kofi", "emre", "priya"]);
  const people = {};
  for (const name of ["priya", "ana", "kofi"]) {
    people[name] = (await house.person(options)).page;
    await enterAs(people[name], cast[name]);
    await inside(people[name]);
  }
  const { priya, ana, kofi } = people;
  await post(ana, "The slides and the worksheet stand under the recording, as soon as it is there.");
  await post(kofi, "Buy my turnips, only today!");
  const actions = async (page, text, who, key) => {
    const row = page.locator(".msg", { hasText: text });
    await row.hover();
    await row.getByRole("button", { name: t("chat.actions", { name: fullName(cast[who]) }) }).click();
    await page.getByRole("menuitem", { name: t(key) }).click();
  };
  await actions(priya, "The slides", "ana", "chat.pin");
  await actions(ana, "Buy my turnips", "kofi", "chat.report");
  await priya.getByRole("button", { name: t("dock.announce"), exact: true }).click();
  await priya.getByRole("dialog").getByRole("button", { name: t("announce.action"), exact: true }).click();
  await priya.getByText(t("announce.empty")).waitFor();
  yield { name: "announce", page: priya };
  await priya.getByLabel(t("announce.text"), { exact: true }).fill("We begin again at half past four. The doors stay open.");
  await priya.getByRole("dialog").getByRole("button", { name: t("announce.action"), exact: true }).click();
  await ana.locator(".announcements").getByText("We begin again").waitFor();
  yield { name: "live-announced", page: ana };
  yield* seeing(house, room, options, priya, ana);
  await priya.getByRole("button", { name: new RegExp(`^${t("dock.controls")}`) }).click();
  await priya.getByLabel(t("controls.locked")).check();
  await priya.getByRole("dialog").getByText("Buy my turnips").waitFor();
  yield { name: "live-controls", page: priya };
  await priya.getByRole("button", { name: t("controls.done") }).click();
  const { page: emre } = await house.person(options);
  await enterAs(emre, cast.emre);
  await heading(emre, "knocking.title");
  yield { name: "knocking", page: emre };
  await openTab(priya, "tab.people");
  await priya.getByRole("button", { name: t("knock.admit.all") }).waitFor();
  yield { name: "live-waiting-room", page: priya };
  const measure = async (who, deed) => {
    await priya.getByRole("button", { name: t("people.actions", { name: fullName(cast[who]) }), exact: true }).click();
    await priya.getByRole("menuitem", { name: t(`menu.${deed}`) }).click();
    await priya.getByRole("dialog").waitFor();
  };
  const done = (deed) => priya.getByRole("dialog").getByRole("button", { name: t(`measure.${deed}.action`), exact: true }).click();
  await measure("ana", "mute");
  await done("mute");
  await ana.locator(".composer-note").waitFor();
  yield { name: "live-muted", page: ana };
  await measure("kofi", "ban");
  yield { name: "ban", page: priya };
  await done("ban");
  await heading(kofi, "refusal.banned.title");
  yield { name: "refused-banned", page: kofi };
  await measure("ana", "remove");
  await done("remove");
  await heading(ana, "refusal.removed.title");
  yield { name: "refused-removed", page: ana };
  await priya.getByRole("button", { name: t("knock.deny.all") }).click();
  await heading(emre, "refusal.denied.title");
  yield { name: "refused-denied", page: emre };
}

/** What interrupts a session, and what remains of it. */
export async function* life(house, options) {
  const { server } = house;
  const room = await makeRoom(server, { ...about, open: true });
  const cast = await inviteCast(server, room, ["ana", "priya"]);
  const [priya, ana] = [(await house.person(options)).page, (await house.person(options)).page];
  for (const [page, invitation] of [[priya, cast.priya], [ana, cast.ana]]) {
    await enterAs(page, invitation);
    await inside(page);
  }
  await openTab(priya, "tab.people");
  const menu = async (item) => {
    await priya.getByRole("button", { name: t("people.actions", { name: fullName(cast.ana) }) }).click();
    await priya.getByRole("menuitem", { name: item }).click();
  };
  await menu(t("stage.offer.menu"));
  yield { name: "offer-dialog", page: priya };
  await priya.getByRole("dialog").getByRole("button", { name: t("offer.action"), exact: true }).click();
  await ana.getByRole("button", { name: t("stage.offer.accept") }).waitFor();
  yield { name: "live-offered", page: ana };
  yield { name: "live-offers", page: priya };
  await ana.getByRole("button", { name: t("stage.offer.decline") }).click();
  await menu(t("role.lend_other", { count: 10 }));
  await notice(ana, t("role.now.speaker")).waitFor();
  yield { name: "live-lent", page: ana };
  await setType(server, room, cast.ana, "viewer");
  await notice(ana, t("role.now.viewer")).waitFor();
  await priya.getByRole("button", { name: t("pause.open"), exact: true }).click();
  await priya.getByLabel(t("pause.message")).fill("Back at three.");
  yield { name: "pause-dialog", page: priya };
  await priya.getByRole("button", { name: t("pause.action"), exact: true }).click();
  await ana.getByRole("heading", { name: t("paused.title") }).waitFor();
  yield { name: "paused", page: ana };
  yield { name: "paused-staff", page: priya };
  await changeRoom(server, room, { state: "closed", results: true, closing_words: "Thank you all. See you in May.", closing_link: "https://example.org/slides" });
  await ana.getByText("See you in May.").waitFor();
  yield { name: "remains", page: ana };
  await ana.reload();
  await ana.getByText("See you in May.").waitFor();
  yield { name: "remains-again", page: ana };
}

async function* guests(house, options) {
  const { server } = house;
  const room = await makeRoom(server, { ...about, in: 763 });
  const link = await server.call("POST", `/rooms/${room.id}/guest-links`, { label: "Newsletter", most: 200 });
  const { page } = await house.person(options);
  await page.goto(link.url);
  await page.getByRole("button", { name: t("guest.action") }).click();
  await page.getByText(t("guest.first.empty")).waitFor();
  yield { name: "guest", page };
  const owner = await house.manager(room, "owner", options);
  await owner.page.goto(house.at(`/rooms/${room.id}`));
  await owner.page.getByRole("button", { name: t("manage.more") }).click();
  await owner.page.getByRole("menuitem", { name: t("act.guests") }).click();
  await owner.page.getByRole("dialog").getByText("Newsletter").waitFor();
  yield { name: "guest-links", page: owner.page };
  await server.call("PATCH", `/rooms/${room.id}/guest-links/${link.id}`, { on: false });
  await page.goto("about:blank"); // only the secret would differ
  await page.goto(link.url);
  await heading(page, "refusal.guest_link_off.title");
  yield { name: "refused-guest-link-off", page };
}

async function* turnedAway(house, options) {
  const { server } = house;
  const room = await makeRoom(server, { ...about, open: true });
  const cast = await inviteCast(server, room, ["ana", "kofi", "emre"]);
  const { page } = await house.person(options);
  await page.goto(`${cast.ana.url.split("#")[0]}#wrong`);
  await heading(page, "refusal.not_found.title");
  yield { name: "refused-not-found", page };
  await enterAs(page, cast.ana);
  await inside(page);
  const { page: other } = await house.person(options);
  await other.goto(cast.ana.url);
  await heading(other, "refusal.other_device.title");
  await other.getByRole("button", { name: t("code.send") }).waitFor();
  yield { name: "refused-other-device", page: other };
  await other.getByRole("button", { name: t("code.send") }).click();
  await other.getByRole("button", { name: t("move.action") }).click();
  await other.getByText(t("code.malformed")).waitFor();
  await other.getByRole("button", { name: t("ask.open") }).click();
  await other.getByLabel(t("ask.message")).fill("My laptop is broken.");
  yield { name: "refused-asking", page: other };
  await other.getByRole("button", { name: t("ask.send") }).click();
  await other.getByRole("heading", { name: start("asked.title") }).waitFor();
  yield { name: "refused-asked", page: other };
  const manager = await house.manager(room, "owner", options);
  await manager.page.goto(house.at(`/rooms/${room.id}`));
  await manager.page.getByRole("button", { name: t("requests.dismiss") }).waitFor();
  yield { name: "requests", page: manager.page };
  await server.call("POST", `/rooms/${room.id}/invitations/${cast.ana.id}/device-reset`, {});
  await heading(page, "refusal.displaced.title");
  yield { name: "refused-displaced", page };
  await other.goto(house.at(`/r/${room.id}`));
  await heading(other, "refusal.not_authenticated.title");
  yield { name: "refused-not-invited", page: other };
  await enterAs(other, cast.kofi);
  await inside(other);
  if (options.device.isMobile) await other.getByRole("button", { name: t("you.button").slice(2) }).click(); // it has no room elsewhere
  await other.getByRole("button", { name: t("leave"), exact: true }).first().click();
  await heading(other, "refusal.left.title");
  yield { name: "left", page: other };
  await other.getByRole("button", { name: t("do.return") }).click();
  await inside(other);
  await revoke(server, room, cast.kofi);
  await heading(other, "refusal.invitation_revoked.title");
  yield { name: "refused-revoked", page: other };
  await server.call("PATCH", `/rooms/${room.id}/invitations/${cast.emre.id}`, { expires_at: new Date(Date.now() + 1_500).toISOString() });
  await reload(page, cast.emre.url, t("refusal.invitation_expired.title"));
  yield { name: "refused-expired", page };
  const taken = await invite(server, room, "Taken", "viewer", { devices: 2 });
  for (let device = 0; device < 2; device++) {
    const { page: holder } = await house.person(options);
    await enterAs(holder, taken);
    await inside(holder);
  }
  await page.goto("about:blank");
  await page.goto(taken.url);
  await heading(page, "refusal.invitation_used.title");
  yield { name: "refused-used", page };
  const barred = await server.call("POST", `/rooms/${room.id}/invitations`, { email: "ana@blocked.example", first_name: "Ana", last_name: "B", type: "viewer" });
  await page.goto("about:blank");
  await enterAs(page, barred);
  await inside(page);
  await server.call("PUT", "/site/domains/blocked.example", { rule: "block" });
  await heading(page, "refusal.domain_blocked.title");
  await page.reload();
  await page.getByText(t("refusal.domain_blocked.named", { domain: "blocked.example" })).waitFor();
  yield { name: "refused-domain", page };
  await server.call("DELETE", "/site/domains/blocked.example");
  await changeRoom(server, room, { state: "closed" });
  await other.goto("about:blank");
  await other.goto((await invite(server, room, "Late")).url);
  await heading(other, "refusal.over.title");
  yield { name: "refused-over", page: other };
  const gone = await makeRoom(server, { ...about });
  const { ana } = await inviteCast(server, gone, ["ana"]);
  await server.call("DELETE", `/rooms/${gone.id}`, { reason: "We found no date that suits everybody." });
  await page.goto("about:blank");
  await page.goto(ana.url);
  await heading(page, "refusal.room_deleted.title");
  yield { name: "refused-deleted", page };
}

/** Opens a link again and again until it is refused like this. */
async function reload(page, url, name) {
  const refused = page.getByRole("heading", { level: 1, name });
  for (;;) {
    await page.goto("about:blank");
    await page.goto(url);
    await page.getByRole("heading", { level: 1 }).waitFor();
    if (await refused.count()) return;
  }
}

export async function* site(house, options) {
  const { page } = await house.siteOwner(options);
  await page.goto(house.at("/site"));
  await page.getByRole("form", { name: t("keeping.title") }).waitFor();
  yield { name: "site", page };
  await page.getByLabel(t("look.own")).check();
  await page.getByRole("textbox", { name: t("look.accent"), exact: true }).fill("#aaaaaa");
  await page.getByRole("form", { name: t("look.title") }).getByRole("button", { name: t("settings.save") }).click();
  await page.getByText(t("look.accent.pale", { contrast: "2.3" })).waitFor();
  yield { name: "site-errors", page };
  for (const [id, rule] of [["evil.example", "block"], ["xn--bcher-kva.example", "block"], ["=example.edu", "allow"]]) {
    await house.server.call("PUT", `/site/domains/${id}`, { rule });
  }
  await page.goto(house.at("/site/domains"));
  await page.getByText("bücher.example").waitFor();
  yield { name: "site-domains", page };
  yield* siteMail(house, page);
  await page.goto(house.at("/site/people"));
  await page.getByRole("listitem").getByText("Daniel Okafor").first().waitFor();
  yield { name: "site-people", page };
  await page.goto(house.at("/site/audit"));
  await page.getByRole("cell").getByText(t("act.site.domain_set")).first().waitFor();
  yield { name: "site-audit", page };
  await page.goto(house.at("/account"));
  await page.getByRole("button", { name: t("data.erase.own") }).click();
  await page.getByRole("dialog", { name: t("erase.title.own") }).waitFor();
  yield { name: "erase-own", page };
  await page.keyboard.press("Escape");
  yield { name: "account", page };
  await page.route("**/api/v1/account/export", (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ code: "reauthenticate", can: ["password", "code"] }) }));
  await page.getByRole("button", { name: t("data.take") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("proof.by.code") }).click();
  yield { name: "proof-code", page };
  await page.getByRole("dialog").getByRole("button", { name: t("proof.by.password") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("proof.action") }).click();
  await page.getByText(t("proof.password.empty")).waitFor();
  yield { name: "proof", page };
  await page.keyboard.press("Escape");
}

async function* siteMail(house, page) {
  await page.goto(house.at("/site/mail"));
  await page.getByRole("heading", { name: t("mails.templates") }).waitFor();
  yield { name: "site-mail", page };
  await page.getByRole("button", { name: t("mails.edit.of", { language: "English" }) }).click();
  await page.frameLocator("iframe.letter").getByText("Go to the room").waitFor();
  await page.getByText(t("editor.tokens"), { exact: true }).click();
  await page.getByText(t("editor.preview.text"), { exact: true }).click();
  yield { name: "site-mail-editor", page };
  await page.getByLabel(t("editor.text"), { exact: true }).fill("{nobody}");
  await page.getByRole("button", { name: t("editor.save") }).click();
  await page.getByText(t("fault.token", { what: "{nobody}" })).first().waitFor();
  yield { name: "site-mail-fault", page };
  await page.reload();
  await page.getByLabel(t("mails.kind"), { exact: true }).selectOption(t("mails.kind.room_code"));
  await page.getByRole("button", { name: t("mails.edit.of", { language: "German" }) }).click();
  await page.frameLocator("iframe.letter").getByText("123456").waitFor();
  yield { name: "site-mail-code", page };
}

async function* desk(house, options) {
  const { server } = house;
  const visitor = await house.person(options);
  for (const [name, path, key] of [["home", "/", "home.title"], ["lost", "/no/such/page", "lost.title"], ["sign-in", "/signin", "signin.title"], ["sign-in-link", "/signin#grs_used", "signin.bylink.title"], ["set-up", "/setup#used", "setup.title"]]) {
    await visitor.page.goto("about:blank");
    await visitor.page.goto(house.at(path));
    await heading(visitor.page, key);
    yield { name, page: visitor.page };
  }
  await visitor.page.getByRole("button", { name: t("setup.action") }).click();
  await visitor.page.getByText(t("form.errors")).waitFor();
  yield { name: "set-up-errors", page: visitor.page };

  const room = await makeRoom(server, { ...about, in: 763 });
  const cast = await inviteCast(server, room);
  await revoke(server, room, cast.henrik);
  const { page, account } = await house.manager(room, "owner", options);
  yield { name: "rooms", page };
  await page.getByLabel(t("rooms.search")).fill("nothing like this");
  await page.getByText(t("rooms.nothing")).waitFor();
  yield { name: "rooms-nothing", page };
  await page.goto(house.at(`/r/${room.id}`));
  await page.getByRole("button", { name: t("dock.more") }).waitFor();
  yield { name: "countdown-manager", page };
  await page.goto(house.at("/rooms/new"));
  await heading(page, "form.new");
  yield { name: "new-room", page };
  await page.getByRole("button", { name: t("form.create") }).click();
  await page.getByText(t("form.title.empty")).waitFor();
  yield { name: "new-room-errors", page };
  await page.goto(house.at(`/rooms/${room.id}?audit`));
  await page.getByRole("cell").getByText(t("act.invitation.issued")).first().waitFor();
  yield { name: "room-audit", page };
  for (const part of ["summary", "attendance", "files"]) {
    await page.goto(house.at(`/rooms/${room.id}?report=${part}`));
    await heading(page, "report.title");
    yield { name: `room-report-${part}`, page };
  }
  await page.goto(house.at(`/rooms/${room.id}?edit`));
  await heading(page, "form.edit");
  yield { name: "edit-room", page };
  await page.goto(house.at(`/rooms/${room.id}`));
  await page.getByRole("row", { name: /Ana Ferreira/ }).waitFor();
  yield { name: "invitations", page };
  await page.getByRole("button", { name: t("manage.more") }).click();
  await page.getByRole("menuitem", { name: t("act.duplicate") }).click();
  await page.getByRole("dialog").getByText(t("act.duplicate.text")).waitFor();
  yield { name: "duplicate", page };
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("people.actions", { name: "Ana Ferreira" }) }).click();
  await page.getByRole("menu").waitFor();
  yield { name: "invitation-menu", page };
  await page.getByRole("menuitem", { name: t("invitation.revoke") }).click();
  await page.getByRole("dialog").waitFor();
  yield { name: "revoke-dialog", page };
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("people.actions", { name: "Ana Ferreira" }) }).click();
  await page.getByRole("menuitem", { name: t("invitation.edit") }).click();
  await page.getByRole("dialog").waitFor();
  yield { name: "edit-invitation", page };
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: t("invitations.person.pick", { name: "Ana Ferreira" }) }).check();
  await page.getByRole("group", { name: t("invitations.bulk") }).getByRole("button", { name: t("invitations.pick.all") }).click();
  yield { name: "invitations-picked", page };
  await page.getByRole("group", { name: t("invitations.bulk") }).getByRole("button", { name: t("bulk.revoke") }).click();
  await page.getByRole("dialog").waitFor();
  yield { name: "revoke-many", page };
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: t("invite.title") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: t("invite.action") }).waitFor();
  yield { name: "invite-dialog", page };
  await dialog.getByRole("combobox").fill("an");
  await dialog.getByRole("option", { name: /Ana Ferreira/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  yield { name: "invite-people", page };
  await dialog.getByRole("combobox").fill(cast.ana.email);
  await dialog.getByRole("option", { name: /Ana Ferreira/ }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.locator(".note").waitFor();
  await dialog.getByRole("button", { name: t("invite.lasts.change") }).click();
  yield { name: "invite-known", page };
  await dialog.getByRole("combobox").fill("");
  await dialog.getByRole("button", { name: t("invite.action") }).click();
  await dialog.getByText(t("form.errors")).waitFor();
  yield { name: "invite-errors", page };
  for (const [key, value] of [["email.label", "nadia@example.edu"], ["field.first", "Nadia"], ["field.last", "Hussein"]]) await dialog.getByLabel(t(key)).fill(value);
  await dialog.getByRole("button", { name: t("invite.action") }).click();
  await page.getByRole("heading", { name: t("invite.done.title", { name: "Nadia Hussein" }) }).waitFor();
  yield { name: "invite-done", page, account };
  await dialog.getByRole("button", { name: t("invite.done.next") }).click();
  await dialog.getByRole("button", { name: t("invite.list") }).click();
  await dialog.getByLabel(t("sheet.paste")).fill("zoe@example.edu,Zoë,Ängel,speaker\ncy@exаmple.edu,Cy,Odd\nbo.example.edu,Bo,Nijhof\nana@example.org,=1,Ferreira");
  yield { name: "invite-list", page };
  await dialog.getByRole("button", { name: t("sheet.check") }).click();
  await dialog.getByText(t("sheet.wrong")).waitFor();
  yield { name: "invite-list-checked", page };
  await dialog.getByRole("button", { name: t("sheet.invite_other", { count: 2 }) }).click();
  await page.getByRole("heading", { name: t("sheet.done_other", { count: 2 }) }).waitFor();
  yield { name: "invite-list-done", page };
}
