// People with browsers. Each has a context of their own: cookies, zone, screen, network. Whatever their pages
// complain about (script errors, reports of the content security policy) fails the test.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { makeProxy } from "./proxy.mjs";
import { fullName } from "./rooms.mjs";
import { t } from "./texts.mjs";

export const desktop = { name: "desktop", viewport: { width: 1280, height: 800 } };
export const phone = { name: "phone", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const devices = [desktop, phone];

const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

/** A Chromium with a profile of its own, which goes with it. */
export const launch = (env = process.env) => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args, env });

/** Noise that belongs to what tests do: refused calls and lost connections. */
const expected = /Failed to load resource|WebSocket connection to|net::ERR_|blocked by CORS policy|Blocked script execution.*sandboxed/;

export class Person {
  noise = [];

  static async come(browser, options = {}) {
    const { device = desktop, zone = "Europe/London", network = false, ...rest } = options;
    const person = new Person();
    person.device = device;
    person.network = network ? await makeProxy() : undefined;
    const { name, ...screen } = device;
    person.context = await browser.newContext({
      ...screen,
      locale: "en-GB",
      timezoneId: zone,
      acceptDownloads: true,
      proxy: person.network && { server: person.network.url },
      ...rest,
    });
    person.context.setDefaultTimeout(20_000);
    await person.context.addInitScript(watchPolicy);
    await person.context.addInitScript(watchAnnouncements);
    await person.tab();
    return person;
  }

  /** Another tab of this browser; `page` is the first one. */
  async tab() {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.noise.push(`script error: ${error.stack}`));
    page.on("dialog", (dialog) => {
      this.noise.push(`a script opened a ${dialog.type()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      const bad = message.type() === "error" || /Content Security Policy|Trusted Type/i.test(message.text());
      if (bad && !expected.test(message.text())) this.noise.push(`console: ${message.text()}`);
    });
    lookOnly(page);
    this.page ??= page;
    return page;
  }

  /** Follows the link of an invitation. */
  async follow(invitation, page = this.page) {
    await page.goto(invitation.url);
  }

  /** Follows the link and goes through the lobby of an open room. */
  async enter(invitation, page = this.page) {
    await this.follow(invitation, page);
    await confirm(page, invitation.email, t("lobby.action"));
    await inside(page);
  }

  /** Closes the browser. The server, if given, learns which cookies it must not have logged. */
  async leave(server) {
    if (server) for (const { value } of await this.context.cookies().catch(() => [])) server.keepSecret(value);
    await this.context.close();
    this.network?.close();
  }
}

/** By `getByText` a page is asked for what it shows. What is spoken meanwhile stands in the live regions for a while, too. */
function lookOnly(page) {
  const find = page.getByText.bind(page);
  page.getByText = (...text) => find(...text).and(page.locator(":not(#say, #say-now)"));
}

/** Waits until what a page is asked for is so; `why` says what should be. */
export async function holds(page, ask, why, given) {
  await page.waitForFunction(ask, given).catch((error) => {
    throw new Error(`${why}: ${error.message}`);
  });
}

export async function confirm(page, email, action) {
  await page.getByLabel(t("email.label")).fill(email);
  await page.getByRole("button", { name: action }).click();
}

/** Waits for the live room. */
export const inside = (page) => composer(page).waitFor();

export const composer = (page) => page.getByLabel(t("chat.write"));
export const staffComposer = (page) => page.getByLabel(t("backchannel.write"));
export const log = (page) => page.getByRole("log", { name: t("tab.chat") });
export const message = (page, text) => page.locator(".msg", { hasText: text });
export const notice = (page, title) => page.getByRole("group", { name: title, exact: true });

export async function post(page, text, field = composer(page)) {
  await field.fill(text);
  await field.press("Enter");
}

/** Opens a tab of the panel, such as "tab.people". */
export const openTab = (page, key) => page.getByRole("tab", { name: new RegExp(`^${t(key)}`) }).click();

/** In the list of people: gives somebody a role by their menu. */
export async function giveRole(page, invitation, role) {
  await openTab(page, "tab.people");
  await page.getByRole("button", { name: t("people.actions", { name: fullName(invitation) }) }).click();
  await page.getByRole("menuitemradio", { name: new RegExp(`^${t(`role.${role}`)}`) }).click();
}

/** A mark that a reload would wipe out. */
export const mark = (page) => page.evaluate(() => { globalThis.marked = true; });
export const stillMarked = async (page) => assert.equal(await page.evaluate(() => globalThis.marked), true, "the page was loaded anew");

/** Waits until screen readers were told something with this in it. */
export const heard = (page, text) => page.waitForFunction((text) => globalThis.told.some((one) => one.text.includes(text)), text);

/** Waits until nothing that this page sent is on its way. */
export const settled = (page) => page.locator(".msg[data-state]").first().waitFor({ state: "detached", timeout: 25_000 });

/** What screen readers were told so far, in order. */
export const said = (page, region) =>
  page.evaluate((region) => globalThis.told.filter((one) => !region || one.region === region).map((one) => one.text), region);

function watchPolicy() {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`Content Security Policy report: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
}

/** Notes each text of the two live regions once, the way a screen reader meets it: by what is added. */
function watchAnnouncements() {
  globalThis.told = [];
  const watch = (region) => {
    let before = "";
    const place = document.getElementById(region);
    if (!place) return; // not one of our pages
    new MutationObserver(() => {
      const now = place.textContent;
      const added = before && now.startsWith(before) ? now.slice(before.length).trim() : now;
      before = now;
      if (added) globalThis.told.push({ region, text: added });
    }).observe(place, { childList: true, characterData: true, subtree: true });
  };
  addEventListener("DOMContentLoaded", () => {
    watch("say");
    watch("say-now");
  });
}

const failures = join(tmpdir(), "greenroom-e2e");

/** What the pages looked like when a test failed. */
export async function keepPictures(people, test) {
  mkdirSync(failures, { recursive: true });
  let number = 0;
  for (const page of people.flatMap((person) => person.context.pages())) {
    const path = join(failures, `${test.replace(/\W+/g, "-").slice(0, 60)}-${++number}.png`);
    await page.screenshot({ path, timeout: 3_000 }).then(() => console.log(`  picture: ${path}`), () => undefined);
  }
}
