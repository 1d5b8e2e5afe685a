// The shapes of hub/wire/PROTOCOL.md, sections 2 to 8, as the browser meets them.

export type Phase = "countdown" | "lobby" | "waiting" | "backstage" | "live" | "over";
export type Role = "viewer" | "speaker" | "moderator" | "manager";
export type Grant = Exclude<Role, "manager">;
export type Right = "owner" | "co-owner" | "co-editor" | "co-publisher";

export interface Speaker {
  name: string;
  bio?: string;
}

/** A room as it stands on the socket; times are unix milliseconds of the server. */
export interface Room {
  id: string;
  title: string;
  description?: string;
  starts_at: number;
  ends_at?: number;
  state: "scheduled" | "open" | "closed" | "deleted";
  opened_at?: number;
  closed_at?: number;
  reason?: string;
  speakers?: Speaker[];
  organiser?: string;
  /** When it is over, there is something to be seen. */
  results?: boolean;
}

export interface You {
  participant?: string;
  name: string;
  first_name?: string;
  role: Role;
  right?: Right;
  rights: string[];
  confirmed: boolean;
  invitation?: string;
  guest?: boolean;
  /** Since when one's own hand is up. */
  hand?: number;
  /** Then the role goes back by itself. */
  until_at?: number;
  /** One is asked onto the stage. */
  offer?: Offer;
  /** In the waiting room: the last words to oneself. */
  told?: Told;
  questions?: MyQuestion[];
  /** The open questions that one has voted for. */
  voted?: string[];
  /** May not write into the chat. */
  muted?: boolean;
  /** In the waiting room, since when. */
  waits_since_at?: number;
  answers?: MyAnswer[];
}

export interface Who {
  participant: string;
  name: string;
  role: Role;
  right?: Right;
  /** Came by a guest link: nobody has checked who it is. */
  guest?: boolean;
}

export interface Offer {
  at: number;
  by: By;
  /** For so many seconds from the acceptance. */
  for_s?: number;
}

export interface Offered extends Who, Offer {}

export interface Told {
  at: number;
  by: By;
  text: string;
}

/** Of whom one waits behind: every step-th came so long after from. */
export interface Lineup {
  waiting: number;
  step: number;
  from: number;
  after: number[];
}

export interface Member extends Who {
  here?: boolean;
  /** Then the role goes back; told to staff. */
  until_at?: number;
  invited_by?: string;
  /** Has shown that the invited mailbox is theirs; in lists for staff only. */
  verified?: boolean;
  /** May not write into the chat; in people.page only. */
  muted?: boolean;
}

/** A part of a text that means somebody; `at` and `n` count code points. */
export interface Mention {
  participant: string;
  at: number;
  n: number;
}

export interface Message extends Who {
  id: string;
  at: number;
  text: string;
  reply_to?: string;
  mentions?: Mention[];
  likes?: number;
}

export interface Answer extends Who {
  at: number;
  text?: string;
  live?: boolean;
}

/** Of an anonymous question nobody is told who asked. */
export interface Question extends Partial<Who> {
  id: string;
  at: number;
  name: string;
  anonymous?: boolean;
  text: string;
  state: "waiting" | "published" | "answered" | "dismissed";
  votes?: number;
  /** Who is on it; staff is told. */
  claimed?: Who;
  answer?: Answer;
  reason?: string;
}

/** One's own question; the first news of it has text and time. */
export interface MyQuestion {
  id: string;
  at?: number;
  text?: string;
  anonymous?: boolean;
  state: Question["state"];
  reason?: string;
}

export interface Hand extends Who {
  at: number;
}

export type HandEnd = "own" | "declined" | "cleared" | "accepted" | "left";

export interface Page<Item> {
  items: Item[];
  more: boolean;
}

/** What moderators turn on and off inside. */
export interface Settings {
  chat: boolean;
  /** The lowest role that may write. */
  chat_for: Grant;
  questions: boolean;
  slow_mode_s: number;
  locked: boolean;
  /** To moderators alone. */
  filter?: { words?: string[]; refuse?: boolean };
  /** What a raised hand does; without it staff decides. */
  hands?: "open" | "request" | "invite";
  hands_most?: number;
}

export interface Announcement extends Who {
  id: string;
  text: string;
  to: "everybody" | "inside" | "waiting" | "staff";
  at: number;
  expires_at?: number;
}

export interface Pin extends Who {
  id: string;
  text: string;
  mentions?: Mention[];
  by: By;
  at: number;
}

/** A room that is held for its viewers. */
export interface Pause extends Who {
  message?: string;
  at: number;
}

/** Nobody who runs the room is here: what happens, and when. */
export interface Unattended {
  then: "lock" | "end";
  at: number;
}

/** Somebody in the waiting room; without `at` it is news of their name. */
export interface Knock {
  participant: string;
  name: string;
  guest?: boolean;
  at: number;
  /** These two in admit.page only. */
  verified?: boolean;
  invited_by?: string;
}

export interface Knocks {
  items: Knock[];
  total: number;
  next?: string;
}

export interface OpenReport {
  id: string;
  participant: string;
}

interface Measured extends Who {
  by: By;
  scope?: string;
  reason?: string;
}

interface Decided extends Who {
  participants?: string[];
  all?: boolean;
  reason?: string;
}

export type Kind = "choice" | "multi" | "rating" | "wordcloud" | "open" | "quiz" | "crowd";
/** When people see results: while it runs, from the close on, not at all. */
export type Results = "live" | "closed" | "hidden";

export interface InteractionForm {
  kind: Kind;
  question: string;
  options?: string[];
  most?: number;
  scale?: number;
  anonymous?: boolean;
  results: Results;
  correct?: number;
  points?: number;
  seconds?: number;
}

export interface Outcome {
  answers: number;
  counts?: number[];
  words?: WordCount[];
  correct?: number;
  points?: number;
}

export interface WordCount {
  text: string;
  n: number;
}

export interface MyAnswer {
  id: string;
  choices?: number[];
  points?: number;
}

export interface Interaction extends InteractionForm {
  id: string;
  state: "draft" | "running" | "closing" | "closed";
  launched_at?: number;
  ends_at?: number;
  closed_at?: number;
  shown?: string;
  outcome?: Outcome;
  mine?: MyAnswer;
}

/** How one that runs stands. */
export interface Tally {
  id: string;
  answers: number;
  counts?: number[];
  words?: WordCount[];
}

export interface OpenAnswer {
  participant?: string;
  name?: string;
  text: string;
  n: number;
}

export interface Snapshot {
  room: Room;
  stage?: Member[];
  stage_more?: boolean;
  chat?: Page<Message>;
  backchannel?: Page<Message>;
  questions?: Page<Question>;
  hands?: { items: Hand[]; total: number };
  settings?: Settings;
  announcements?: Announcement[];
  pin?: Pin;
  source?: { url: string };
  paused?: Pause;
  unattended?: Unattended;
  /** End of a countdown: to the opening, or to the end of a pause. */
  live_at?: number;
  waiting?: Knocks;
  reports?: OpenReport[];
  offers?: Offered[];
  interactions?: Page<Interaction>;
}

export interface Limits {
  chat_text: number;
  question_text?: number;
}

export interface Hello {
  epoch: string;
  pos: number;
  phase: Phase;
  mode: "snapshot" | "resumed";
  now: number;
  you: You;
  limits: Limits;
  snapshot?: Snapshot;
}

export interface Count {
  inside?: number;
  waiting?: number;
  by_role?: Record<Role, number>;
  exact?: boolean;
}

/** What a refused command says; `other_device` adds `since_at`, `lobby_no_match` adds `tries_left`. */
export interface Refusal {
  code: string;
  message?: string;
  temporary?: boolean;
  retry_ms?: number;
  tries_left?: number;
  since_at?: number;
  reason?: string;
  domain?: string;
}

export interface By {
  participant?: string;
  name: string;
  role?: Role;
}

/** The durable events, by name. */
export interface Events {
  "phase.changed": { phase: Phase; you: You; snapshot?: Snapshot };
  "me.role": { role: Role; right?: Right; rights: string[]; by: By; until_at?: number; you: You; snapshot: Snapshot };
  "me.revoked": { reason?: string };
  "me.removed": { reason?: string; denied?: boolean };
  "room.scheduled": { starts_at: number; ends_at?: number; reason?: string };
  "room.edited": { room: Room };
  "room.opened": { spread_ms: number; opened_at: number };
  "room.closed": { reason?: string };
  "room.deleted": { reason?: string };
  "stage.changed": Who & { by?: By; until_at?: number };
  "chat.posted": Who & { id: string; text: string; reply_to?: string; mentions?: Mention[] };
  "chat.liked": { id: string; participant: string; likes: number; on: boolean };
  "chat.deleted": Who & { id: string };
  "person.erased": { participant: string; questions?: string[] };
  "question.asked": Omit<Question, "state">;
  "question.published": Omit<Question, "state"> & { by?: By };
  "question.claimed": Who & { id: string; on: boolean };
  "question.answered": Omit<Answer, "at"> & { id: string };
  "question.dismissed": { id: string; by?: By; reason?: string };
  "me.question": MyQuestion;
  "me.voted": { id: string; on: boolean };
  "hands.cleared": Who;
  "stage.offered": Offered;
  "stage.offer_ended": { participant: string; why: string; by?: By };
  "me.offer": { at: number; by?: By; for_s?: number; why?: string };
  "me.told": Told;
  "admit.told": Who & { whom: string; text: string };
  "participant.renamed": Measured;
  "hand.raised": Who;
  "hand.lowered": { participant: string; why: HandEnd; by?: By };
  "me.hand": { at: number; why?: HandEnd; by?: By; reason?: string };
  "content.forgotten": Record<string, never>;
  "backchannel.posted": Who & { id: string; text: string; reply_to?: string; mentions?: Mention[] };
  "room.settings": Who & Settings;
  announced: Announcement;
  "announcement.withdrawn": Who & { id: string };
  pinned: Pin;
  unpinned: Who & { id: string };
  "room.paused": Pause;
  "room.unattended": Unattended;
  "room.attended": Record<string, never>;
  "room.resumed": Partial<Who>;
  "room.going_live": Partial<Who> & { live_at: number };
  "room.go_live_cancelled": Partial<Who>;
  "stage.sourced": Who & { url?: string };
  "chat.cleared": Who;
  "chat.reported": Who & { id: string; text: string; by: By; reason?: string };
  "report.settled": Who & { id: string };
  knocked: Knock;
  "knock.ended": { participants: string[] };
  admitted: Decided;
  denied: Decided;
  "participant.muted": Measured;
  "participant.unmuted": Measured;
  "participant.removed": Measured;
  "participant.banned": Measured;
  "participant.unbanned": Measured;
  "interaction.created": Who & Interaction;
  "interaction.revised": Who & Interaction;
  "interaction.launched": Who & Interaction;
  "interaction.removed": Partial<Who> & { id: string };
  "interaction.closing": Partial<Who> & { id: string };
  "interaction.closed": { id: string; results: Results; outcome?: Outcome };
  "interaction.shared": Partial<Who> & { id: string; results: Results; outcome?: Outcome };
  "interaction.shown": Partial<Who> & { id: string; text: string };
  "invitation.requested": Who & { invitation: string; why: string; message?: string };
}

/** The volatile signals, by name. */
export interface Signals {
  "invitations.changed": { ids: string[]; all?: boolean };
  countdown: { starts_at: number; now: number };
  "people.count": Count;
  "stage.here": { participants: string[] };
  "question.votes": { votes: Record<string, number> };
  reactions: { counts: Record<string, number> };
  "interaction.tally": { items: Tally[] };
  "interaction.mine": MyAnswer;
  "waiting.order": Lineup;
  drain: { after_ms: number };
  degraded: { on: boolean; store?: boolean; staff?: boolean };
  site: { name: string; logo?: string; theme?: Record<string, string>; invitations?: boolean; stage_origins?: string[] };
}

export type Event = {
  [Name in keyof Events]: { event: Name; pos: number; at: number; data: Events[Name] };
}[keyof Events];
export type Signal = { [Name in keyof Signals]: { signal: Name; data: Signals[Name] } }[keyof Signals];
export type Reply = { re: number; ok?: Record<string, unknown>; err?: Refusal };
export type Ping = { ping: number };
export type ServerMessage = Event | Signal | Reply | Ping;

/** One frame holds one or more objects, one a line. */
export function parseFrame(text: string): ServerMessage[] {
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** What to do about a close code (PROTOCOL, section 5): come back by oneself, or show it and stop. */
export function staysClosed(code: number): boolean {
  return (code >= 4500 && code <= 4999) || code === 1003 || code === 1007 || code === 1009;
}
