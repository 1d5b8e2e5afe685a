// A page of somebody else cannot use the cookies of ours: no socket, no API (SECURITY, T1). Ports and host names of
// the same machine are foreign, too, though the browser counts them as the same site and sends the cookies.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { openHouse } from "./house.mjs";
import { invite, makeRoom, standing } from "./rooms.mjs";

const scene = openHouse();

async function foreignSite() {
  const site = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<title>elsewhere</title>"));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  return { port: site.address().port, close: () => site.close() };
}

/** What a script on the page gets when it tries. */
const dial = (page, url) =>
  page.evaluate((url) => new Promise((resolve) => {
    const socket = new WebSocket(url, "greenroom.v1");
    socket.onopen = () => resolve("open");
    socket.onerror = () => resolve("refused");
  }), url);

const call = (page, method, url, body, type) =>
  page.evaluate(async ([method, url, body, type]) => {
    try {
      const answer = await fetch(url, { method, credentials: "include", body, headers: type && { "Content-Type": type } });
      return `${answer.type} ${answer.status} ${await answer.text()}`;
    } catch {
      return "refused";
    }
  }, [method, url, body, type]);

scene("from another port or host name: no socket and no call", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const invitation = await invite(house.server, room, "Ana");
  const ana = await house.person();
  await ana.enter(invitation);
  const site = await foreignSite();
  const { port } = new URL(house.server.url);
  const page = await ana.tab();
  for (const host of ["127.0.0.1", "localhost"]) {
    await page.goto(`http://${host}:${site.port}/`);
    for (const target of ["127.0.0.1", "localhost"]) {
      const server = `${target}:${port}`;
      assert.equal(await dial(page, `ws://${server}/ws`), "refused", `socket from ${host} to ${target}`);
      for (const [method, path, body, type] of [
        ["GET", "/session"],
        ["GET", `/rooms/${room.id}`],
        ["DELETE", "/session"],
        ["POST", "/session/renew", "{}", "text/plain"],
        ["POST", "/session/renew", "{}", "application/json"],
        ["POST", "/invitations/open", JSON.stringify({ invitation: invitation.id, secret: "x" }), "text/plain"],
      ]) {
        const got = await call(page, method, `http://${server}/api/v1${path}`, body, type);
        assert.equal(got, "refused", `${method} ${path} from ${host} to ${target}`);
      }
    }
  }
  site.close();
  await ana.page.reload();
  await ana.page.getByRole("log").first().waitFor(); // the session is as it was
  assert.equal((await standing(house.server, room, invitation)).devices_used, 1);
});

scene("a form of another site changes nothing", async (house) => {
  const room = await makeRoom(house.server, { open: true });
  const ana = await house.person();
  await ana.enter(await invite(house.server, room, "Ana"));
  const site = await foreignSite();
  const page = await ana.tab();
  await page.goto(`http://127.0.0.1:${site.port}/`);
  const answered = page.waitForResponse((response) => response.url().includes("/api/v1/session"));
  await page.evaluate((action) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", enctype: "text/plain", action });
    document.body.append(form);
    form.submit();
  }, house.at("/api/v1/session/renew"));
  assert.ok((await answered).status() >= 400);
  site.close();
  await ana.page.reload();
  await ana.page.getByRole("log").first().waitFor();
});

scene("our pages cannot be framed and stay alone in their process", async (house) => {
  for (const path of ["/", "/signin", "/r/x", "/i/x"]) {
    const { headers } = await fetch(house.at(path));
    const policy = headers.get("content-security-policy");
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"]) {
      assert.ok(policy.includes(rule), `${path}: ${rule} in ${policy}`);
    }
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
  }
});
