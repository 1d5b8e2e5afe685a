// Looks at every screen of the built app in a real Chromium, against the stub: no accessibility finding (axe-core),
// no sideways scrolling, nothing that the Content-Security-Policy had to stop. `--shots DIR` keeps pictures.
// Set CHROMIUM to the browser's path where it is not /usr/bin/chromium.

import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { startStub } from "./stub/server.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const shots = process.argv.includes("--shots") ? process.argv[process.argv.indexOf("--shots") + 1] : undefined;
const only = process.argv.includes("--only") ? new RegExp(process.argv[process.argv.indexOf("--only") + 1]) : /./;

const type = (selector, text) => (page) => page.fill(selector, text);
const click = (selector) => (page) => page.click(selector);

/** An address pasted into the same tab: only what is behind the # differs, so nothing is loaded. */
const paste = (address) => (page) => page.evaluate((address) => { location.href = address; }, address);
const hidden = (page) => page.waitForFunction(() => location.hash === "");
const focusOn = (selector) => (page) => page.locator(selector).and(page.locator(":focus")).waitFor();
const account = () => [type("#first", "Daniel"), type("#last", "Okafor"), type("#email", "daniel@example.edu"), type("#password", "long enough, this"), click("button[type=submit]")];
const invited = (email) => [click("text=Invite users"), type("#invite-email", email), type("#invite-first", "Ana"), type("#invite-last", "Ferreira"), click("text=Generate invite link"), (page) => page.waitForSelector("#link")];

/** A screen: its name, its address, and what to do there before looking. */
const screens = [
  ["home", "/", async (page) => { await page.request.post(`${base}/stub/signedout`); await page.goto(`${base}/`); }],
  ["signin", "/signin"],
  ["signin-error", "/signin", type("#email", "daniel@example.edu"), type("#password", "wrong"), click("button[type=submit]"), (page) => page.waitForSelector(".error")],
  ["signin-link", "/signin#secret"],
  ["signin-link-again", "/signin#secret", click("text=Sign in with a password instead"), paste("/signin#other"), (page) => page.waitForSelector("text=Continue as organiser"), hidden],
  ["setup", "/setup#secret"],
  ["setup-dead", "/setup#dead", ...account(), (page) => page.waitForSelector("[role=alert] .error")],
  ["setup-again", "/setup#dead", ...account(), (page) => page.waitForSelector("[role=alert] .error"), paste("/setup#secret"), (page) => page.waitForSelector("[role=alert] .error", { state: "detached" }), click("button[type=submit]"), (page) => page.waitForURL("**/rooms")],
  ["setup-errors", "/setup#secret", click("button[type=submit]"), (page) => page.waitForSelector(".error")],
  ["open-refused", "/i/none#bad"],
  ["open-expired", "/i/expired#good"],
  ["open-other", "/i/other#good"],
  ["open-countdown", "/i/countdown#good"],
  ["signed-in", "/signin", async (page) => { await page.request.post(`${base}/stub/signedin`); await page.goto(`${base}/rooms`); await page.waitForSelector(".room-row"); }],
  ["rooms", "/rooms"],
  ["rooms-none", "/rooms", type("#q", "nothing"), (page) => page.waitForSelector(".empty")],
  ["room-new", "/rooms/new"],
  ["room-new-errors", "/rooms/new", click("button[type=submit]"), (page) => page.waitForSelector(".error")],
  ["room-new-refused", "/rooms/new", type("[name=title]", "Refused"), type("[aria-label='Name of speaker 1']", "Ana"), click("button[type=submit]"), (page) => page.waitForSelector("#speakers-error"), (page) => page.waitForSelector("text=collaboration: This does not fit"), focusOn("#speakers")],
  ["room-new-nameless", "/rooms/new", type("[name=title]", "Title"), type("[aria-label='About speaker 1']", "Fieldnote"), click("button[type=submit]"), (page) => page.waitForSelector("#speakers-error"), focusOn("#speakers")],
  ["room-edit", "/rooms/r_growth?edit"],
  ["manage", "/rooms/r_growth", (page) => page.waitForSelector(".table")],
  ["manage-menu", "/rooms/r_growth", (page) => page.click("[aria-label='Actions for Ana Ferreira']")],
  ["manage-room-menu", "/rooms/r_growth", click("[aria-label='More for this room']")],
  ["manage-move", "/rooms/r_growth", click("[aria-label='More for this room']"), click("text=Move the start")],
  ["manage-revoke", "/rooms/r_growth", click("[aria-label='Actions for Ana Ferreira']"), click("text=Revoke invitation")],
  ["invite", "/rooms/r_growth", click("text=Invite users")],
  ["invite-errors", "/rooms/r_growth", click("text=Invite users"), click("text=Generate invite link"), (page) => page.waitForSelector(".error")],
  ["invite-done", "/rooms/r_growth", ...invited("ana@example.org")],
  ["invite-unsent", "/rooms/r_growth", ...invited("bounce@example.org"), (page) => page.waitForSelector("text=Could not be sent")],
  ["invite-focus", "/rooms/r_growth", ...invited("ana@example.org"), (page) => page.keyboard.press("Escape"), focusOn(".page-head button:has-text('Invite users')")],
  ["countdown", "/r/countdown"],
  ["confirmed", "/r/confirmed"],
  ["lobby", "/r/lobby"],
  ["lobby-error", "/r/lobby", type("#email", "ana@fieldmail.example"), click("button[type=submit]"), (page) => page.waitForSelector(".error")],
  ["lobby-locked", "/r/lobby", type("#email", "locked@example.org"), click("button[type=submit]"), (page) => page.waitForSelector(".error")],
  ["viewer", "/r/viewer", (page) => page.waitForSelector(".msg")],
  ["viewer-people", "/r/viewer", click("#tab-people")],
  ["viewer-you", "/r/viewer", click("[aria-haspopup=dialog]")],
  ["viewer-reply", "/r/viewer", (page) => page.hover("text=Kofi Boateng"), click("[aria-label='Actions for the message of Kofi Boateng']"), click("text=Reply"), type("#chat-text", "Both, I would say.")],
  ["staff", "/r/staff", (page) => page.waitForSelector(".msg")],
  ["staff-people", "/r/staff", click("#tab-people"), (page) => page.waitForSelector("text=Emre Celik"), click("[aria-label='Actions for Ana Ferreira']")],
  ["staff-done", "/r/staff", click("#tab-people"), click("[aria-label='Actions for Ana Ferreira']"), click("[role=menuitemradio] >> text=Speaker"), (page) => page.waitForSelector(".notice")],
  ["staff-focus", "/r/staff", click("#tab-people"), (page) => page.focus("[aria-label='Actions for Ana Ferreira']"), (page) => page.keyboard.press("Enter"), focusOn("[role=menuitemradio]"), (page) => page.keyboard.press("s"), (page) => page.keyboard.press("Enter"), (page) => page.waitForSelector("h2:has-text('On stage') + ul >> text=Ana Ferreira"), focusOn("[aria-label='Actions for Ana Ferreira']")],
  ["staff-backchannel", "/r/staff", async (page) => { const tab = page.locator("#tab-backchannel"); if (await tab.count()) await tab.click(); }],
  ["manager", "/r/manager", click("#tab-people"), (page) => page.waitForSelector("text=Emre Celik")],
  ["keys", "/r/viewer", (page) => page.waitForSelector(".msg"), (page) => page.locator("body").press("?"), (page) => page.waitForSelector("dialog")],
  ["promoted", "/r/promoted", (page) => page.waitForSelector(".msg"), type("#chat-text", "In our case partners sent 60% of sign-ups, and the"), promote],
  ["reconnecting", "/r/viewer", (page) => page.waitForSelector(".msg"), away],
  ["over", "/r/over"],
  ["closed", "/r/closed"],
  ...[4502, 4503, 4504, 4505, 4506, 4507, 4508, 4509, 4501, 4513].map((code) => [`close-${code}`, `/r/close-${code}`]),
];

async function promote(page) {
  const { you, people, stage, chat, openRoom, backchannel } = await import("./stub/fixtures.mjs");
  const now = Date.now();
  const me = { ...people.ana, role: "speaker" };
  const snapshot = { room: openRoom(now), stage: [...stage, me], chat: { items: chat(now), more: false }, backchannel: { items: backchannel(now), more: false } };
  const data = { role: "speaker", rights: you(me, true).rights, by: people.priya, you: you(me, true), snapshot };
  const frame = `${JSON.stringify({ event: "me.role", pos: 500, at: now, data })}\n${JSON.stringify({ event: "stage.changed", pos: 500, at: now, data: { ...me, by: people.priya } })}`;
  await page.request.post(`${base}/stub/promoted`, { data: frame });
  await page.waitForSelector(".notice");
}

async function away(page) {
  await page.request.post(`${base}/stub/down`);
  await page.fill("#chat-text", "Could we see the partner numbers split by size?");
  await page.press("#chat-text", "Enter");
  await page.waitForSelector(".link-state", { timeout: 8_000 });
}

const sizes = [
  { name: "1280-light", width: 1280, height: 800, colorScheme: "light" },
  { name: "390-dark", width: 390, height: 844, colorScheme: "dark", hasTouch: true, isMobile: true },
  { name: "1280-dark", width: 1280, height: 800, colorScheme: "dark", pictures: true },
  { name: "390-light", width: 390, height: 844, colorScheme: "light", hasTouch: true, isMobile: true, pictures: true },
  { name: "320-light", width: 320, height: 640, colorScheme: "light", hasTouch: true, isMobile: true },
];

const stub = await startStub();
const base = `http://127.0.0.1:${stub.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
if (shots) await mkdir(shots, { recursive: true });
const wanted = process.argv.includes("--sizes") ? new RegExp(process.argv[process.argv.indexOf("--sizes") + 1]) : /./;
const findings = [];
for (const size of sizes.filter((size) => wanted.test(size.name) && (shots || !size.pictures))) await tour(size);
await browser.close();
stub.close();
stub.closeAllConnections();
for (const finding of findings) console.error(finding);
console.log(`${screens.length} screens, ${findings.length} findings`);
process.exit(findings.length > 0 ? 1 : 0);

async function tour({ name: sizeName, width, height, colorScheme, hasTouch, isMobile }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, hasTouch, isMobile, locale: "en-GB", timezoneId: "Europe/Lisbon", reducedMotion: "reduce", bypassCSP: false });
  for (const [name, path, ...acts] of screens.filter(([name]) => only.test(name) || name === "signed-in")) {
    const page = await context.newPage();
    const say = (text) => findings.push(`${name} ${sizeName}: ${text}`);
    page.on("console", (message) => {
      if (message.type() === "error" && !/Failed to load resource|WebSocket connection/.test(message.text())) say(message.text());
    });
    page.on("pageerror", (error) => say(error.message));
    page.setDefaultTimeout(5_000);
    try {
      await page.goto(base + path);
      await page.waitForSelector("main:not([aria-busy])");
      await page.waitForSelector("h1");
      for (const act of acts) await act(page);
      await page.waitForTimeout(120);
      if (shots) await page.screenshot({ path: `${shots}/${name}-${sizeName}.png` });
      await inspect(page, say);
    } catch (error) {
      say(String(error).split("\n")[0]);
      if (shots) await page.screenshot({ path: `${shots}/${name}-${sizeName}-failed.png` }).catch(() => {});
    }
    await page.request.post(`${base}/stub/up`).catch(() => {});
    await page.close();
  }
  await context.close();
}

async function inspect(page, say) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) say(`scrolls sideways by ${wide}px`);
  await page.evaluate(await (await import("node:fs/promises")).readFile(axe, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const { id, nodes } of violations) say(`axe ${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
}
