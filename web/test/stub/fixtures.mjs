// The people and texts of the mock-ups, so that screens can be compared with them.

const MINUTE = 60_000;

export const room = (now, change = {}) => ({
  id: "r_growth",
  title: "Next-Level Growth: Practical Strategies That Work",
  description:
    "Join us for a focused 45-minute session where product leaders share tactical approaches to customer growth, onboarding optimization, and cross-team alignment. You'll walk away with three concrete experiments you can run next week to improve activation and retention.",
  starts_at: now + 12 * MINUTE + 43_000,
  ends_at: now + 57 * MINUTE + 43_000,
  state: "scheduled",
  speakers: [
    { name: "Amara Osei", bio: "VP Product, Fieldnote" },
    { name: "Jonas Lindqvist", bio: "Head of Onboarding, Tidewater" },
    { name: "Mei-Ling Zhao", bio: "Growth Lead, Cartwheel" },
  ],
  organiser: "Daniel Okafor",
  ...change,
});

export const openRoom = (now, change = {}) =>
  room(now, { state: "open", starts_at: now - 12 * MINUTE, ends_at: now + 33 * MINUTE, opened_at: now - 12 * MINUTE, ...change });

const who = (participant, name, role, right) => ({ participant, name, role, right });

export const people = {
  ana: who("p_ana", "Ana Ferreira", "viewer"),
  amara: who("p_amara", "Amara Osei", "speaker"),
  jonas: who("p_jonas", "Jonas Lindqvist", "speaker"),
  mei: who("p_mei", "Mei-Ling Zhao", "speaker"),
  priya: who("p_priya", "Priya Raman", "moderator"),
  daniel: who("p_daniel", "Daniel Okafor", "manager", "owner"),
};

export const stage = [people.amara, people.jonas, people.mei, people.priya, people.daniel];

export const viewers = ["Ana Ferreira", "Emre Celik", "Henrik Bang", "Ikram Kaya", "Kofi Boateng", "Lucía Marín", "Salma Haddad", "Tomás Nogueira"]
  .map((name, i) => ({ ...who(i === 0 ? "p_ana" : `p_v${i}`, name, "viewer"), here: i !== 2 }));

const say = (id, at, from, text, extra = {}) => ({ id, at, ...from, text, ...extra });
const viewer = (name) => viewers.find((person) => person.name === name);

export const chat = (now) => [
  say("m1", now - 5 * MINUTE, viewer("Tomás Nogueira"), "Does the checklist still work when most sign-ups come through a partner?"),
  say("m2", now - 4 * MINUTE, people.jonas, "Yes, but move the invite step to the end. Partners bring the team with them.", { reply_to: "m1", likes: 14 }),
  say("m3", now - 4 * MINUTE, viewer("Salma Haddad"), "We saw the same at Cartwheel. Real data first, people second.", { likes: 6 }),
  say("m4", now - 3 * MINUTE, viewer("Kofi Boateng"), "What counts as “real data” for a scheduling tool? One calendar, or one booked meeting?"),
  say("m5", now - 2 * MINUTE, people.priya, "Good one, Kofi. Jonas, will you take it?"),
  say("m6", now - MINUTE, viewer("Lucía Marín"), "The slide with the three steps: will it be shared afterwards?", { likes: 3 }),
];

export const backchannel = (now) => [
  say("b1", now - 2 * MINUTE, people.mei, "Ana has the partner case. Can we bring her up after slide 5?"),
  say("b2", now - MINUTE, people.daniel, "Yes please. Priya, will you do it?"),
];

const base = ["chat.post", "chat.like", "chat.delete", "chat.page"];
const speaker = [...base, "backchannel.post", "backchannel.page"];
const moderator = [...speaker, "people.page", "chat.delete.any", "role.set:viewer", "role.set:speaker"];
const manager = [...moderator, "role.set:moderator", "invitation.manage", "room.schedule", "room.open", "room.close", "room.edit", "manager.set", "room.delete"];
export const rights = { viewer: base, speaker, moderator, manager };

export const you = (person, live, extra = {}) => ({
  ...person,
  first_name: person.name.split(" ")[0],
  rights: live ? rights[person.role] : [],
  confirmed: live,
  invitation: "i_1",
  ...extra,
});

export const count = { inside: 318, waiting: 0, by_role: { viewer: 313, speaker: 3, moderator: 1, manager: 1 }, exact: true };

const iso = (ms) => ms && new Date(ms).toISOString();

export const record = (source, change = {}) => ({
  ...source,
  starts_at: iso(source.starts_at),
  ends_at: iso(source.ends_at),
  opened_at: iso(source.opened_at),
  collaboration: true,
  url: `/r/${source.id}`,
  right: "owner",
  invited: 402,
  waiting: 210,
  inside: 0,
  ...change,
});

const invitation = (id, name, email, type, state, now, extra = {}) => ({
  id,
  participant: `p_${id}`,
  email,
  first_name: name.split(" ")[0],
  last_name: name.split(" ").slice(1).join(" "),
  type,
  state,
  expires_at: iso(now + 1440 * MINUTE),
  created_at: iso(now - 1440 * MINUTE),
  devices: 1,
  devices_used: ["inside", "confirmed", "left"].includes(state) ? 1 : 0,
  ...extra,
});

export const invitations = (now) => [
  invitation("1", "Amara Osei", "amara@fieldnote.example", "speaker", "inside", now),
  invitation("2", "Ana Ferreira", "ana.ferreira@example.org", "viewer", "waiting", now),
  invitation("3", "Emre Celik", "emre.celik@example.com", "viewer", "confirmed", now),
  invitation("4", "Henrik Bang", "h.bang@tidewater.example", "viewer", "opened", now),
  invitation("5", "Ikram Kaya", "ikram.kaya@example.org", "viewer", "issued", now),
  invitation("6", "Kofi Boateng", "kofi@bookwell.example", "viewer", "opened", now, { locked: true }),
  invitation("7", "Nadia Hussein", "nadia.h@example.edu", "moderator", "expired", now, { expires_at: iso(now - 1440 * MINUTE) }),
  invitation("8", "Rui Vaz", "rui.vaz@example.net", "viewer", "revoked", now),
];

export const managers = [
  { person: "u_daniel", email: "daniel@example.edu", first_name: "Daniel", last_name: "Okafor", right: "owner" },
  { person: "u_lena", email: "lena.hoff@example.edu", first_name: "Lena", last_name: "Hoff", right: "co-editor" },
];

export const person = { id: "u_daniel", email: "daniel@example.edu", first_name: "Daniel", last_name: "Okafor", site_owner: true, site_role: "owner" };
