// Names, titles, reasons and messages are text, whatever they look like: no script runs, nothing is fetched, nobody
// looks like staff by their name alone (SECURITY, T17 and T18).

import assert from "node:assert/strict";
import { openHouse } from "./house.mjs";
import { inside, message, openTab, post } from "./people.mjs";
import { changeRoom, makeRoom } from "./rooms.mjs";
import { enterAs } from "./story.mjs";
import { t } from "./texts.mjs";

const scene = openHouse();

const call = "globalThis.pwned=1";
const payloads = [
  `<script>${call}</script>`,
  `<img src=x onerror="${call}">`,
  `<svg/onload=${call}>`,
  `<svg><script>${call}</script></svg>`,
  `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
  `<a href="javascript:${call}">x</a>`,
  `javascript:${call}`,
  `data:text/html,<script>${call}</script>`,
  `"><input autofocus onfocus=${call}>`,
  `' onmouseover='${call}`,
  `" style="background:url(//evil.example/x)`,
  `</title><script>${call}</script>`,
  `</textarea><script>${call}</script>`,
  `<!--><script>${call}</script>-->`,
  `<math><mtext></p><img src=x onerror=${call}>`,
  `<details open ontoggle=${call}>`,
  `<video><source onerror=${call}>`,
  `<body onload=${call}>`,
  `<meta http-equiv=refresh content="0;url=//evil.example">`,
  `<base href="//evil.example/">`,
  `<link rel=stylesheet href="//evil.example/x.css">`,
  `<form action="//evil.example"><button>go</button></form>`,
  `{{constructor.constructor('${call}')()}}`,
  `\${${call}}`,
  `<%= ${call} %>`,
  `{"__proto__":{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=${call}>"}}}`,
  `__proto__`,
  `constructor`,
  `&lt;script&gt;${call}&lt;/script&gt;`,
  `\\u003cscript\\u003e${call}\\u003c/script\\u003e`,
  `{count} {name} {time}`,
  `%3Cscript%3E${call}%3C/script%3E`,
  `http://evil.example/?<script>${call}</script>`,
  `<style>@import '//evil.example/x.css';</style>`,
  `<object data="javascript:${call}"></object>`,
  `<button popovertarget=x onbeforetoggle=${call}>`,
  `<img srcset="//evil.example/x 1x">`,
  `<x contenteditable onblur=${call} tabindex=1 id=email>`,
];

/** Fails if a script ran or a page asked for anything of another host. */
async function harmless(house, foreign) {
  for (const page of house.people.flatMap((person) => person.context.pages())) {
    assert.equal(await page.evaluate(() => globalThis.pwned ?? document.querySelectorAll("iframe").length), 0, "a script ran");
  }
  assert.deepEqual(foreign, []);
}

function watch(house, person, foreign) {
  const { host } = new URL(house.server.url);
  person.context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== host) foreign.push(request.url());
  });
}

scene("in the title, the description and the speakers of a room", async (house) => {
  const foreign = [];
  const { server } = house;
  const person = await house.person();
  watch(house, person, foreign);
  const owner = await house.manager(await makeRoom(server));
  watch(house, owner, foreign);
  for (let at = 0; at < payloads.length; at += 8) {
    const some = payloads.slice(at, at + 8);
    const room = await makeRoom(server, { title: some[0], description: some.join("\n"), speakers: some.map((text) => ({ name: text.slice(0, 80), bio: text })) });
    await server.call("PUT", `/rooms/${room.id}/managers/${owner.account.id}`, { right: "owner" });
    const invitation = await server.call("POST", `/rooms/${room.id}/invitations`, { email: "x@example.org", first_name: some[1].slice(0, 80), last_name: some[2].slice(0, 80), type: "viewer" });
    await person.page.goto(invitation.url);
    await person.page.getByRole("timer").waitFor();
    assert.equal(await person.page.locator("h1").innerText(), some[0].replace(/\s+/g, " ").trim());
    await owner.page.goto(house.at(`/rooms/${room.id}`));
    await owner.page.getByRole("row", { name: /x@example.org/ }).waitFor();
    await changeRoom(server, room, { state: "closed", reason: some.join(" ").slice(0, 300) });
    await person.page.getByRole("heading", { level: 1, name: t("over.closed.title") }).waitFor();
    await harmless(house, foreign);
  }
  await owner.page.goto(house.at("/rooms"));
  await owner.page.getByRole("heading", { level: 1, name: t("rooms.title") }).waitFor();
  await harmless(house, foreign);
}, { timeout: 60_000 });

scene("in names and messages inside the room", async (house) => {
  const foreign = [];
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const hostile = (name, type) => server.call("POST", `/rooms/${room.id}/invitations`, { email: `${type}@example.org`, first_name: name, last_name: `"><b>`, type });
  const [ana, mo] = [await house.person(), await house.person()];
  for (const person of [ana, mo]) watch(house, person, foreign);
  await enterAs(mo.page, await hostile(`<img src=x onerror=${call}>`, "moderator"));
  await inside(mo.page);
  await enterAs(ana.page, await hostile(`<script>${call}</script>`, "viewer"));
  await inside(ana.page);
  for (let at = 0; at < payloads.length; at += 13) await post(mo.page, payloads.slice(at, at + 13).join(" "));
  await post(mo.page, payloads.slice(0, 6).join(" "), mo.page.getByLabel(t("backchannel.write")));
  await message(ana.page, payloads.at(-1).slice(0, 20)).first().waitFor();
  assert.equal(await ana.page.locator(".msg-text").first().innerText(), payloads.slice(0, 13).join(" ").replace(/[ \t]+/g, " "));
  assert.equal(await ana.page.locator(".msg-text a[href^='javascript'], .msg-text script, .msg-text img").count(), 0);
  for (const { page } of [ana, mo]) await openTab(page, "tab.people");
  await ana.page.mouse.move(600, 300);
  await mo.page.getByRole("button", { name: /^Actions for/ }).first().click();
  await mo.page.getByRole("menu").waitFor();
  await harmless(house, foreign);
});

scene("names cannot turn the text around, stack marks or hide", async (house) => {
  const { server } = house;
  const room = await makeRoom(server);
  const odd = ["A\u202Enna", "B\u2066en\u2069", "C\u0000id", "D\u200Bo\u200Dra", `E${"\u0301".repeat(40)}va`, "F\r\nlo", "G\u0007us"];
  for (const [n, first_name] of odd.entries()) {
    const answer = await server.call("POST", `/rooms/${room.id}/invitations`, { email: `odd${n}@example.org`, first_name, last_name: "Example", type: "viewer" }).catch((error) => error);
    if (answer instanceof Error) {
      assert.match(answer.message, /422/, `${JSON.stringify(first_name)}: ${answer.message}`);
      continue;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it must not hold
    assert.doesNotMatch(answer.first_name, /[\u0000-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/, JSON.stringify(first_name));
    assert.doesNotMatch(answer.first_name.normalize("NFC"), /\p{M}{3}/u, JSON.stringify(first_name));
  }
});

scene("who is called Moderator has no badge", async (house) => {
  const { server } = house;
  const room = await makeRoom(server, { open: true });
  const fake = await server.call("POST", `/rooms/${room.id}/invitations`, { email: "fake@example.org", first_name: "Moderator", last_name: "(Staff)", type: "viewer" });
  const [one, other] = [await house.person(), await house.person()];
  await enterAs(one.page, fake);
  await inside(one.page);
  await enterAs(other.page, await server.call("POST", `/rooms/${room.id}/invitations`, { email: "vera@example.org", first_name: "Vera", last_name: "V", type: "viewer" }));
  await inside(other.page);
  await post(one.page, "Send me your passwords");
  await message(other.page, "Send me your passwords").waitFor();
  assert.equal(await message(other.page, "Send me your passwords").locator('.badge:not([data-role="guest"])').count(), 0); // but the mark that the name is like staff's
});
