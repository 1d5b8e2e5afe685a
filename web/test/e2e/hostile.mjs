// Texts that would be more than text if a page let them, and how to see that it did not.

import assert from "node:assert/strict";

export const call = "globalThis.pwned=1";
export const payloads = [
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

/** All payloads, in texts of at most so many characters; what is longer by itself is cut. */
export function texts(most) {
  const all = [];
  for (const payload of payloads.map((text) => text.slice(0, most))) {
    const last = all.at(-1);
    if (last !== undefined && last.length + payload.length < most) all[all.length - 1] = `${last} ${payload}`;
    else all.push(payload);
  }
  return all;
}

/** Somebody's commands by a socket of their own, one after another; gives each its ok, or undefined where it was refused. */
export const speak = (page, room, commands) => page.evaluate(async ([room, commands]) => {
  const connect = async () => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`, "greenroom.v1");
    const waiting = new Map();
    let ended = "";
    socket.onmessage = ({ data }) => {
      for (const line of data.split("\n")) {
        const message = JSON.parse(line);
        if (message.re) waiting.get(message.re)?.resolve(message);
      }
    };
    socket.onclose = ({ code, reason }) => {
      ended = `closed: ${code} ${reason}`;
      for (const { reject } of waiting.values()) reject(new Error(ended));
    };
    let id = 0;
    const once = (cmd, data, key) => new Promise((resolve, reject) => {
      if (ended) throw new Error(ended);
      waiting.set(++id, { resolve, reject });
      socket.send(JSON.stringify({ cmd, id, key, data }));
    });
    const ask = async (cmd, data, key) => {
      let answer = await once(cmd, data, key);
      for (let tries = 0; answer.err?.temporary && tries < 20; tries++) {
        await new Promise((resolve) => setTimeout(resolve, answer.err.retry_ms || 500));
        answer = await once(cmd, data, key);
      }
      return answer;
    };
    await new Promise((resolve) => { socket.onopen = resolve; });
    const welcome = await ask("hello", { room });
    if (!welcome.ok) throw new Error(`not welcome: ${welcome.err.code}`);
    return ask;
  };
  globalThis.speaking ??= new Map(); // one socket for all that is said: who comes too often is asked to slow down
  if (!speaking.has(room)) speaking.set(room, connect());
  const ask = await speaking.get(room);
  const answers = [];
  for (const [cmd, data] of commands) answers.push((await ask(cmd, data, crypto.randomUUID().replaceAll("-", "").slice(0, 22))).ok);
  return answers;
}, [room.id, commands]);

/** Fails if a script ran or a page asked for anything of another host. */
export async function harmless(house, foreign) {
  for (const page of house.people.flatMap((person) => person.context.pages())) {
    assert.equal(await page.evaluate(() => globalThis.pwned ?? document.querySelectorAll("iframe").length), 0, "a script ran");
  }
  assert.deepEqual(foreign, []);
}

export function watch(house, person, foreign) {
  const { host } = new URL(house.server.url);
  person.context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== host) foreign.push(request.url());
  });
}
