// The people and words of the drawings, to fill rooms for pictures and for looking at every screen.

import { confirm, Person } from "./people.mjs";
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
export class Extra {
  static async enter(house, invitation) {
    const extra = new Extra();
    extra.person = await Person.come(house.browser);
    house.people.push(extra.person);
    const { page } = extra.person;
    await page.goto(house.at("/signin"));
    await page.evaluate(join, invitation);
    return extra;
  }

  /** Sends a command; what it was answered. */
  send(cmd, data) {
    return this.person.page.evaluate(([cmd, data]) => globalThis.ask(cmd, data), [cmd, data]);
  }
}

async function join({ url, email }) {
  const [, invitation, secret] = /\/i\/([^#]+)#(.+)$/.exec(url);
  const body = JSON.stringify({ invitation, secret });
  const opened = await fetch("/api/v1/invitations/open", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const { room } = await opened.json();
  const socket = new WebSocket(`ws://${location.host}/ws`, "greenroom.v1");
  const waiting = new Map();
  let id = 0;
  globalThis.ask = (cmd, data) =>
    new Promise((resolve, reject) => {
      const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);
      waiting.set(++id, ({ ok, err }) => (ok ? resolve(ok) : reject(new Error(`${cmd}: ${err.code}`))));
      socket.send(JSON.stringify({ cmd, id, key, data }));
    });
  socket.onmessage = ({ data }) => {
    for (const message of data.split("\n").map((line) => JSON.parse(line))) {
      if (message.ping) socket.send(JSON.stringify({ pong: message.ping }));
      if (message.re) waiting.get(message.re)?.(message);
    }
  };
  await new Promise((resolve) => { socket.onopen = resolve; });
  await globalThis.ask("hello", { room: room.id, client: "extra/1.0" });
  await globalThis.ask("lobby.check", { email });
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

export async function enterAs(page, invitation) {
  await page.goto(invitation.url);
  await confirm(page, invitation.email, t("lobby.action"));
}
