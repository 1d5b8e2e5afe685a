// A stub of the server: the built app under the real Content-Security-Policy, with canned rooms to look at.
// The room's name chooses the scene: /r/countdown, /r/lobby, /r/viewer, /r/staff, /r/manager, /r/over, /r/close-4504 …
// `POST /stub/<room>` sends its body as a frame to everybody in the room; `DELETE /stub/<room>` cuts the lines.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import * as fx from "./fixtures.mjs";
import { accept } from "./websocket.mjs";

const dist = new URL("../../dist/", import.meta.url);
const types = { ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };
const policy = (host) =>
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  `connect-src 'self' ws://${host}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'`;

const sockets = new Map(); // room → set of peers
let signedIn = true;
let down = false;

export function startStub(port = 0) {
  const server = createServer((request, response) => void serve(request, response));
  server.on("upgrade", (request, socket) => (down ? socket.destroy() : welcome(accept(request, socket))));
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

async function serve(request, response) {
  const url = new URL(request.url, "http://stub");
  const body = await text(request);
  if (url.pathname.startsWith("/stub/")) return control(request, response, url.pathname.slice(6), body);
  if (down) return request.socket.destroy();
  if (url.pathname.startsWith("/api/v1/")) return answer(response, ...api(request.method, url, body));
  if (url.pathname.startsWith("/assets/")) return file(response, url.pathname.slice(1), types[extname(url.pathname)]);
  response.setHeader("Content-Security-Policy", policy(request.headers.host));
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  return file(response, "index.html", "text/html; charset=utf-8");
}

async function text(request) {
  let all = "";
  for await (const chunk of request) all += chunk;
  return all;
}

async function file(response, path, type) {
  try {
    response.setHeader("Content-Type", type);
    response.end(await readFile(new URL(path, dist)));
  } catch {
    response.writeHead(404).end();
  }
}

function control(request, response, name, body) {
  if (name === "signedout") signedIn = false;
  if (name === "signedin") signedIn = true;
  if (name === "down" || name === "up") down = name === "down";
  for (const peer of sockets.get(name) ?? []) {
    if (request.method === "DELETE") peer.drop();
    else if (/^\d+$/.test(body)) peer.close(Number(body));
    else peer.send(body);
  }
  if (down) for (const peers of sockets.values()) for (const peer of peers) peer.drop();
  response.end();
}

function answer(response, status, body) {
  response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json" });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

const problem = (status, code, extra = {}) => [status, { type: `about:${code}`, title: code, status, code, detail: "", ...extra }];

function api(method, url, body) {
  const now = Date.now();
  const [first, second, third] = url.pathname.split("/").slice(3);
  const said = body ? JSON.parse(body) : {};
  if (first === "session" && method === "GET") return [200, { person: signedIn ? fx.person : undefined, invitations: [] }];
  if (first === "session" && said.password === "wrong") return problem(401, "not_authenticated");
  if (first === "session") return method === "DELETE" ? [204] : [200, { person: fx.person }];
  if (first === "setup" && said.secret === "dead") return problem(404, "not_found");
  if (first === "setup") return [201, { person: fx.person }];
  if (first === "features") return [200, { mail: true, version: "stub" }];
  if (first === "invitations") return open(said, now);
  if (said.title === "Refused") return problem(422, "invalid", { fields: { speakers: "are too long together", collaboration: "is odd" } });
  if (first === "rooms" && !second) return method === "POST" ? [201, fx.record(fx.room(now))] : [200, rooms(url, now)];
  if (third === "invitations") return invitations(method, url, said, now);
  if (third === "managers") return method === "DELETE" ? [204] : [200, {}];
  if (method === "DELETE") return [204];
  return [200, { ...fx.record(second === "live" ? fx.openRoom(now) : fx.room(now)), managers: fx.managers }];
}

function open({ invitation, secret }, now) {
  if (secret !== "good") return problem(404, "not_found");
  const codes = { expired: 410, revoked: 410, used: 410 };
  if (invitation in codes) return problem(410, `invitation_${invitation}`, { expires_at: new Date(now - 3_600_000).toISOString() });
  if (invitation === "other") return problem(423, "other_device", { since_at: now - 3_600_000 });
  const room = fx.record({ ...fx.room(now), id: invitation });
  return [200, { invitation: "i_1", room, first_name: "Ana", phase: "countdown", lobby: "email", confirmed: false }];
}

function rooms(url, now) {
  if (url.searchParams.get("q")) return { items: [] };
  if (url.searchParams.get("show") === "past") return { items: [fx.record(fx.room(now, { id: "old", starts_at: now - 9e7 }), { state: "closed" })] };
  const day = 86_400_000;
  return {
    items: [
      fx.record(fx.openRoom(now, { id: "live", title: "Onboarding Clinic: Bring Your First Screen" }), { right: "co-owner", invited: 80, inside: 64 }),
      fx.record(fx.room(now)),
      fx.record(fx.room(now, { id: "r3", title: "Pricing Page Teardown", starts_at: now + 5 * day, ends_at: now + 5.03 * day }), { invited: 31, waiting: 0 }),
      fx.record(fx.room(now, { id: "r4", title: "Churn Interviews, Part 2", starts_at: now + 13 * day, ends_at: undefined }), { right: "co-editor", invited: 0, waiting: 0 }),
    ],
  };
}

function invitations(method, url, said, now) {
  const all = fx.invitations(now);
  const link = `http://${url.host}/i/7Kq2mXv9Tc#pX3vL0sYbW8dJq5nRt2aGh`;
  if (method === "GET") {
    const state = url.searchParams.get("state");
    const q = url.searchParams.get("q")?.toLowerCase() ?? "";
    const items = all.filter((one) => (!state || state.split(",").includes(one.state)) && `${one.first_name} ${one.last_name} ${one.email}`.toLowerCase().includes(q));
    const counts = Object.fromEntries(all.map(({ state }) => [state, all.filter((one) => one.state === state).length]));
    return [200, { items, next: state || q ? undefined : "2", total: 402, before: 0, counts, types: {} }];
  }
  if (url.pathname.endsWith("/link")) return [200, { id: "1", url: link, expires_at: new Date(now + 9e7).toISOString() }];
  if (method === "DELETE") return [204];
  if (url.pathname.endsWith("/invitations")) return [201, { ...all[4], ...said, id: "9", url: link, sent: said.send_email && !said.email.startsWith("bounce") }];
  return [200, all[0]];
}

function welcome(peer) {
  peer.onText = (frame) => {
    for (const line of frame.split("\n")) command(peer, JSON.parse(line));
  };
  peer.onClose = () => sockets.get(peer.room)?.delete(peer);
}

let nextMessage = 100;
let pos = 100;

function command(peer, { cmd, id, data }) {
  if (!cmd) return;
  const ok = (body) => peer.send(JSON.stringify({ re: id, ok: body }));
  const err = (body) => peer.send(JSON.stringify({ re: id, err: { message: "", temporary: false, ...body } }));
  const event = (name, body, at = Date.now()) => JSON.stringify({ event: name, pos: ++pos, at, data: body });
  const all = (text) => {
    for (const other of sockets.get(peer.room) ?? []) other.send(text);
  };
  switch (cmd) {
    case "hello":
      return hello(peer, data, ok, err);
    case "time":
      return ok({ t0: data.t0, t1: Date.now(), t2: Date.now() });
    case "lobby.check":
      if (data.email === "locked@example.org") return err({ code: "lobby_locked", temporary: true, retry_ms: 872_000 });
      if (!data.email.startsWith("ana.")) return err({ code: "lobby_no_match", tries_left: 4 });
      ok({ phase: "live", pos });
      return peer.send(event("phase.changed", { phase: "live", you: fx.you(fx.people.ana, true), snapshot: live("viewer") }));
    case "chat.post":
    case "backchannel.post": {
      const message = `m${nextMessage++}`;
      ok({ id: message, pos });
      return all(event(`${cmd.split(".")[0]}.posted`, { id: message, ...peer.me, text: data.text, reply_to: data.reply_to }));
    }
    case "chat.like":
      ok({ id: data.id, likes: 7, pos });
      return all(event("chat.liked", { id: data.id, participant: peer.me.participant, likes: 7, on: data.on }));
    case "chat.delete":
      ok({ id: data.id, pos });
      return all(event("chat.deleted", { id: data.id, ...peer.me }));
    case "chat.page":
      return ok({ items: older(data.before), more: true });
    case "people.page": {
      const q = data.q?.toLowerCase() ?? "";
      const items = fx.viewers.filter((member) => member.name.toLowerCase().includes(q));
      return ok({ items, total: q ? items.length : 313, next: q ? undefined : "n" });
    }
    case "role.set":
      ok({ role: data.role, pos });
      return all(event("stage.changed", { participant: data.participant, name: "Ana Ferreira", role: data.role, by: fx.people.priya }));
    default:
      return err({ code: "unknown_command" });
  }
}

function older(before) {
  const start = Number(before?.slice(2) || 1000);
  return Array.from({ length: 50 }, (_, i) => ({
    id: `o-${start - 50 + i}`, at: Date.now() - 3_600_000 + i * 1000, ...fx.viewers[i % 8], text: `Earlier message number ${start - 50 + i}`,
  }));
}

const live = (scene) => ({
  room: fx.openRoom(Date.now(), { id: scene }),
  stage: fx.stage,
  chat: { items: fx.chat(Date.now()), more: true },
  backchannel: scene === "viewer" ? undefined : { items: fx.backchannel(Date.now()), more: false },
});

function hello(peer, { room: scene, resume }, ok, err) {
  const now = Date.now();
  peer.room = scene;
  if (!sockets.has(scene)) sockets.set(scene, new Set());
  sockets.get(scene).add(peer);
  const refused = /^close-(\d+)$/.exec(scene);
  if (refused) {
    if (refused[1] === "4504") err({ code: "other_device", since_at: now - 3_600_000 });
    return peer.close(Number(refused[1]));
  }
  const cast = { viewer: fx.people.ana, promoted: fx.people.ana, staff: fx.people.priya, manager: fx.people.daniel };
  peer.me = cast[scene] ?? fx.people.ana;
  const head = { epoch: "e1", pos, now, mode: resume ? "resumed" : "snapshot", limits: { chat_text: 2000 } };
  if (scene in cast) {
    ok({ ...head, phase: "live", you: fx.you(peer.me, true), snapshot: resume ? undefined : live(scene) });
    peer.send(`${JSON.stringify({ signal: "people.count", data: fx.count })}\n${JSON.stringify({ signal: "stage.here", data: { participants: ["p_amara", "p_jonas", "p_priya", "p_daniel"] } })}`);
    return undefined;
  }
  const states = {
    over: ["over", fx.openRoom(now, { state: "closed", closed_at: now - 600_000 })],
    closed: ["over", fx.openRoom(now, { state: "closed", closed_at: now - 60_000, reason: "Fire alarm. We go on at 17:00." })],
    lobby: ["lobby", fx.openRoom(now)],
  };
  const [phase, room] = states[scene] ?? ["countdown", fx.room(now)];
  ok({ ...head, phase, you: fx.you(fx.people.ana, false, { confirmed: scene === "confirmed" }), snapshot: { room: { ...room, id: scene } } });
  peer.send(JSON.stringify({ signal: "people.count", data: { waiting: 210 } }));
  return undefined;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const server = await startStub(Number(process.argv[2] ?? 8099));
  console.log(`stub at http://127.0.0.1:${server.address().port}`);
}
