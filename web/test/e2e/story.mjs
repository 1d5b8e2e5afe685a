// The people and words of the drawings, to fill rooms for pictures and for looking at every screen.

import { confirm } from "./people.mjs";
import { t } from "./texts.mjs";

export const title = "Next-Level Growth: Practical Strategies That Work";

export const about = {
  title,
  description:
    "Join us for a focused 45-minute session where product leaders share tactical approaches to customer growth, onboarding optimization, and cross-team alignment. You'll walk away with three concrete experiments you can run next week to improve activation and retention.",
  speakers: [
    { name: "Amara Osei", bio: "VP Product, Fieldnote" },
    { name: "Jonas Lindqvist", bio: "Head of Onboarding, Tidewater" },
    { name: "Mei-Ling Zhao", bio: "Growth Lead, Cartwheel" },
  ],
};

const cast = {
  amara: ["Amara", "Osei", "speaker"],
  jonas: ["Jonas", "Lindqvist", "speaker"],
  mei: ["Mei-Ling", "Zhao", "speaker"],
  priya: ["Priya", "Raman", "moderator"],
  tomas: ["Tomás", "Nogueira", "viewer"],
  salma: ["Salma", "Haddad", "viewer"],
  kofi: ["Kofi", "Boateng", "viewer"],
  lucia: ["Lucía", "Marín", "viewer"],
  ana: ["Ana", "Ferreira", "viewer"],
  henrik: ["Henrik", "Bang", "viewer"],
  emre: ["Emre", "Celik", "viewer"],
  ikram: ["Ikram", "Kaya", "viewer"],
};

const firsts = "Adaeze Bram Chiara Dimitri Elif Farid Greta Hassan Ines Jun Katya Leon Maren Noor Oskar Paula Quentin Rosa Sven Tariq".split(" ");
const lasts = "Moreau Soares Nijhof Kowalski Tanaka Okoye Berg Silva Novak Haas Lindgren Costa".split(" ");

/** More viewers, with names of their own. */
export async function inviteCrowd(server, room, count) {
  const invited = [];
  for (let n = 0; n < count; n++) {
    const fields = { email: `crowd${n}@example.org`, first_name: firsts[n % firsts.length], last_name: lasts[(n * 5 + 2) % lasts.length], type: "viewer" };
    invited.push(await server.call("POST", `/rooms/${room.id}/invitations`, fields));
  }
  return invited;
}

export async function inviteCast(server, room, who = Object.keys(cast)) {
  const invited = {};
  for (const key of who) {
    const [first_name, last_name, type] = cast[key];
    const email = `${key}.${room.id.slice(0, 4)}@example.org`;
    invited[key] = await server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name, last_name, type });
  }
  return invited;
}

/** Somebody who is in the room without a screen: the protocol, spoken by a page. */
class Extra {
  /** Sends a command; what it was answered. */
  send(cmd, data) {
    return this.person.page.evaluate(([n, cmd, data]) => globalThis.guests[n](cmd, data), [this.number, cmd, data]);
  }
}

/** A web session may hold several invitations, and says hello ten times a minute at most. */
export async function enterTogether(house, invitations, { wait = false } = {}) {
  const extras = [];
  while (extras.length < invitations.length) {
    const person = await house.person();
    await person.page.goto(house.at("/signin"));
    for (const [number, invitation] of invitations.slice(extras.length, extras.length + 9).entries()) {
      await person.page.evaluate(join, { ...invitation, wait });
      extras.push(Object.assign(new Extra(), { person, number }));
    }
  }
  return extras;
}

async function join({ url, email, wait }) {
  const [, id, secret] = /\/i\/([^#]+)#(.+)$/.exec(url);
  const headers = { "Content-Type": "application/json" };
  const opened = await fetch("/api/v1/invitations/open", { method: "POST", headers, body: JSON.stringify({ invitation: id, secret }) });
  const { room, invitation } = await opened.json();
  const socket = new WebSocket(`ws://${location.host}/ws`, "greenroom.v1");
  const waiting = new Map();
  let serial = 0;
  const ask = (cmd, data) =>
    new Promise((resolve, reject) => {
      const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);
      waiting.set(++serial, ({ ok, err }) => (ok ? resolve(ok) : reject(new Error(`${cmd}: ${err.code}`))));
      socket.send(JSON.stringify({ cmd, id: serial, key, data }));
    });
  socket.onmessage = ({ data }) => {
    for (const message of data.split("\n").map((line) => JSON.parse(line))) {
      if (message.ping) socket.send(JSON.stringify({ pong: message.ping }));
      if (message.re) waiting.get(message.re)?.(message);
    }
  };
  await new Promise((resolve) => { socket.onopen = resolve; });
  await ask("hello", { room: room.id, invitation, client: "extra/1.0" });
  if (!wait) await ask("lobby.check", { email });
  globalThis.guests ??= [];
  globalThis.guests.push(ask);
}

/** The talk of the drawings, with its likes. */
export async function talk(extras) {
  const { tomas, jonas, salma, kofi, priya, lucia, amara } = extras;
  const question = await tomas.send("chat.post", { text: "Does the checklist still work when most sign-ups come through a partner?" });
  const answer = await jonas.send("chat.post", { text: "Yes, but move the invite step to the end. Partners bring the team with them.", reply_to: question.id });
  for (const one of [tomas, salma, kofi, lucia, amara]) await one.send("chat.like", { id: answer.id });
  const real = await salma.send("chat.post", { text: "We saw the same at Cartwheel. Real data first, people second." });
  for (const one of [tomas, kofi]) await one.send("chat.like", { id: real.id });
  await kofi.send("chat.post", { text: "What counts as “real data” for a scheduling tool? One calendar, or one booked meeting?" });
  await priya.send("chat.post", { text: "Good one, Kofi. I keep it for the end so that it does not get lost." });
  const slides = await lucia.send("chat.post", { text: "The slide with the three steps: will it be shared afterwards?" });
  await kofi.send("chat.like", { id: slides.id });
}

export async function whisper(extras) {
  await extras.mei.send("backchannel.post", { text: "Ana has the partner case. Can we bring her up after slide 5?" });
  await extras.jonas.send("backchannel.post", { text: "Yes please. Priya, will you do it?" });
}

/** The questions and hands of the drawings. */
export async function discuss(extras) {
  const { tomas, salma, kofi, jonas, lucia, priya } = extras;
  const real = await kofi.send("question.ask", { text: "What counts as “real data” for a scheduling tool: one calendar, or one booked meeting?" });
  await salma.send("question.ask", { text: "How do you stop the checklist from annoying people who come back?", anonymous: true });
  const tool = await tomas.send("question.ask", { text: "Which tool do you use for the exit survey?" });
  const slides = await lucia.send("question.ask", { text: "Will the slides be shared?" });
  for (const { id } of [real, tool, slides]) await priya.send("question.publish", { id });
  for (const one of [tomas, salma, lucia]) await one.send("question.vote", { id: real.id });
  await salma.send("question.vote", { id: tool.id });
  await jonas.send("question.claim", { id: tool.id });
  await priya.send("question.answer", { id: slides.id, text: "Yes, on the page of the room, after the session." });
  for (const one of [tomas, lucia]) await one.send("hand.raise", {});
}

export async function enterAs(page, invitation) {
  await page.goto(invitation.url);
  await confirm(page, invitation.email, t("lobby.action"));
}
