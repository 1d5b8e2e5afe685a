// What this person may see of the room, as a pure fold of the server's frames. No DOM, no clock, no network.
// The server's own Mirror does the same; golden frames (hub/wire/testdata) hold the two together.

import type {
  Announcement, Count, Event, Hello, Limits, Member, Mention, Message, Phase, Room, ServerMessage, Signal, Signals, Snapshot, Who, You,
} from "./protocol.ts";

const KEEP = 2_000; // messages of history held in memory

export interface Post extends Message {
  /** Set when it was deleted while we looked: the place stays, the text is gone. */
  deletedBy?: string;
}

export interface Thread {
  items: readonly Post[];
  more: boolean;
}

export interface State {
  phase?: Phase;
  room?: Room;
  you?: You;
  limits: Limits;
  stage: readonly Member[];
  stageMore: boolean;
  here: readonly string[];
  chat: Thread;
  backchannel?: Thread;
  count: Count;
  degraded: Signals["degraded"];
  /** When a countdown ends: to an opening before the start, or to the end of a pause. */
  liveAt?: number;
  /** Who waits before and behind us at the locked door. */
  lineup?: Signals["waiting.order"];
  /** What staff have told everybody, oldest first. */
  announcements: readonly Announcement[];
  /** We knocked and were not let in. */
  denied?: boolean;
  /** The reason given when our own invitation was revoked, or we were removed. */
  farewell?: string;
}

export const emptyThread: Thread = { items: [], more: false };

export const initial: State = {
  limits: { chat_text: 2_000 },
  stage: [],
  stageMore: false,
  here: [],
  chat: emptyThread,
  count: {},
  degraded: { on: false },
  announcements: [],
};

/** The snapshot in a message, if it has one. */
export function snapshotOf(message: ServerMessage): Snapshot | undefined {
  const body = ("event" in message ? message.data : "re" in message && message.ok) || {};
  return "snapshot" in body ? body.snapshot as Snapshot : undefined;
}

export function reduce(state: State, message: ServerMessage): State {
  if ("event" in message) return onEvent(state, message);
  if ("signal" in message) return onSignal(state, message);
  if ("re" in message && message.ok && "epoch" in message.ok) {
    return onHello(state, message.ok as unknown as Hello);
  }
  return state;
}

function onHello(state: State, hello: Hello): State {
  const { you, phase, limits } = hello;
  const known: State = { ...state, you, phase, limits: limits ?? state.limits, here: [] };
  return hello.snapshot ? replace(known, hello.snapshot) : known;
}

/** A snapshot is all we may see: what it does not hold is to be forgotten. */
function replace(state: State, snapshot: Snapshot): State {
  return {
    ...state,
    room: snapshot.room,
    stage: snapshot.stage ?? [],
    stageMore: snapshot.stage_more ?? false,
    chat: snapshot.chat ?? emptyThread,
    backchannel: snapshot.backchannel,
    announcements: snapshot.announcements ?? [],
    liveAt: snapshot.live_at,
  };
}

/** The view changed on an unbroken connection: the history that we paged back to is still right. */
function revise(state: State, snapshot: Snapshot): State {
  const next = replace(state, snapshot);
  return { ...next, chat: withHistory(state.chat, next.chat) };
}

function withHistory(old: Thread, fresh: Thread): Thread {
  const first = fresh.items[0];
  const cut = first ? old.items.findIndex((post) => post.id === first.id) : -1;
  return cut > 0 ? { items: [...old.items.slice(0, cut), ...fresh.items], more: old.more } : fresh;
}

function onEvent(state: State, event: Event): State {
  switch (event.event) {
    case "phase.changed": {
      const { phase, you, snapshot } = event.data;
      const known = { ...state, phase, you };
      return snapshot ? revise(known, snapshot) : known;
    }
    case "me.role":
      return revise({ ...state, you: event.data.you }, event.data.snapshot);
    case "me.offer": {
      const { at, by, for_s } = event.data;
      return state.you ? { ...state, you: { ...state.you, offer: at && by ? { at, by, for_s } : undefined } } : state;
    }
    case "me.told":
      return state.you ? { ...state, you: { ...state.you, told: event.data } } : state;
    case "me.revoked":
    case "me.removed":
      return { ...state, farewell: event.data.reason ?? "", denied: "denied" in event.data };
    case "announced":
      return { ...state, announcements: announce(state.announcements, event.data) };
    case "announcement.withdrawn":
      return { ...state, announcements: state.announcements.filter(({ id }) => id !== event.data.id) };
    case "chat.cleared":
      return { ...state, chat: emptyThread };
    case "room.scheduled":
      return { ...withRoom(state, { starts_at: event.data.starts_at, ends_at: event.data.ends_at }), liveAt: state.room?.starts_at === event.data.starts_at ? state.liveAt : undefined };
    case "room.going_live":
      return { ...state, liveAt: event.data.live_at };
    case "room.go_live_cancelled":
    case "room.paused":
    case "room.resumed":
      return { ...state, liveAt: undefined };
    case "room.edited":
      return { ...state, room: event.data.room };
    case "room.opened":
      return { ...withRoom(state, { state: "open", opened_at: event.data.opened_at, closed_at: undefined }), liveAt: undefined };
    case "room.closed":
      return { ...withRoom(state, { state: "closed", closed_at: event.at, reason: event.data.reason }), liveAt: undefined };
    case "room.deleted":
      return { ...withRoom(state, { state: "deleted", reason: event.data.reason }), farewell: event.data.reason }; // 4509 follows at once
    case "stage.changed":
      return { ...state, stage: withMember(state.stage, event.data) };
    case "chat.posted":
      return { ...state, chat: withPost(state.chat, toPost(event.data, event.at)) };
    case "backchannel.posted":
      return { ...state, backchannel: withPost(state.backchannel ?? emptyThread, toPost(event.data, event.at)) };
    case "chat.liked":
      return { ...state, chat: changePost(state.chat, event.data.id, (post) => ({ ...post, likes: event.data.likes })) };
    case "chat.deleted":
      return { ...state, chat: withoutPost(state.chat, event.data.id, event.data.name) };
    case "participant.renamed":
      return renaming(state, event.data);
    case "person.erased":
      return forgetting(state, (of) => of !== event.data.participant);
    case "content.forgotten":
      return { ...forgetting(state, () => false), stage: state.stage.filter((member) => member.role === "manager") };
    default:
      return state;
  }
}

/** The state without the people who are not to be kept, and without what they wrote. */
function forgetting(state: State, keep: (participant: string) => boolean): State {
  const left = (thread: Thread) => ({ ...thread, items: thread.items.filter((post) => keep(post.participant)).map((post) => unnamed(post, keep)) });
  return {
    ...state,
    stage: state.stage.filter((member) => keep(member.participant)),
    announcements: state.announcements.filter(({ participant }) => keep(participant)),
    chat: left(state.chat),
    backchannel: state.backchannel && left(state.backchannel),
  };
}

/** The message without the names of people mentioned who are not to be kept. */
export function unnamed<Said extends Pick<Message, "text" | "mentions">>(said: Said, keep: (participant: string) => boolean): Said {
  const { mentions = [] } = said;
  if (mentions.every(({ participant }) => keep(participant))) return said;
  const letters = [...said.text];
  const left: Mention[] = [];
  let shift = 0;
  for (const mention of mentions) {
    if (keep(mention.participant)) left.push({ ...mention, at: mention.at + shift });
    else {
      letters.splice(mention.at + shift, mention.n, "@", "…");
      shift += 2 - mention.n;
    }
  }
  return { ...said, text: letters.join(""), mentions: left.length > 0 ? left : undefined };
}

function onSignal(state: State, signal: Signal): State {
  switch (signal.signal) {
    case "countdown":
      return state.room?.starts_at === signal.data.starts_at
        ? state
        : withRoom(state, { starts_at: signal.data.starts_at });
    case "people.count":
      return { ...state, count: signal.data };
    case "stage.here":
      return { ...state, here: signal.data.participants };
    case "waiting.order":
      return { ...state, lineup: signal.data };
    case "degraded":
      return { ...state, degraded: signal.data };
    default:
      return state;
  }
}

function withRoom(state: State, change: Partial<Room>): State {
  return state.room ? { ...state, room: { ...state.room, ...change } } : state;
}

/** The stage lists everybody above viewer; a role of viewer means that the person left it. */
function renaming(state: State, { participant, name }: Who): State {
  const named = <T extends { participant: string; name: string }>(all: readonly T[]) => all.map((one) => (one.participant === participant ? { ...one, name } : one));
  const within = (thread: Thread) => ({ ...thread, items: named(thread.items) });
  return { ...state, stage: named(state.stage), announcements: named(state.announcements), chat: within(state.chat), backchannel: state.backchannel && within(state.backchannel) };
}

function withMember(stage: readonly Member[], who: Member): readonly Member[] {
  const { participant, name, role, right, guest, until_at } = who;
  const at = stage.findIndex((member) => member.participant === participant);
  if (role === "viewer") return at < 0 ? stage : stage.toSpliced(at, 1);
  const member: Member = { participant, name, role, right, guest, until_at };
  return at < 0 ? [...stage, member] : stage.with(at, member);
}

/** The room keeps the last two for each audience. */
function announce(all: readonly Announcement[], fresh: Announcement): readonly Announcement[] {
  const old = all.filter(({ id, to }) => to === fresh.to && id !== fresh.id).slice(0, -1).map(({ id }) => id);
  return [...all.filter(({ id }) => id !== fresh.id && !old.includes(id)), fresh];
}

function toPost(data: Omit<Post, "at">, at: number): Post {
  const { id, participant, name, role, right, guest, text, reply_to, mentions } = data;
  return { id, at, participant, name, role, right, guest, text, reply_to, mentions };
}

function withPost(thread: Thread, post: Post): Thread {
  if (thread.items.some((item) => item.id === post.id)) return thread;
  const items = [...thread.items, post];
  return items.length > KEEP ? { items: items.slice(-KEEP), more: true } : { ...thread, items };
}

function withoutPost(thread: Thread, id: string, deletedBy: string): Thread {
  return changePost(thread, id, (post) => ({ ...post, text: "", likes: undefined, deletedBy }));
}

function changePost(thread: Thread, id: string, change: (post: Post) => Post): Thread {
  const at = thread.items.findLastIndex((post) => post.id === id);
  const post = thread.items[at];
  return post ? { ...thread, items: thread.items.with(at, change(post)) } : thread;
}

/** Whether this person is in the room itself, early or not. */
export function isInside({ phase }: State): boolean {
  return phase === "live" || phase === "backstage";
}

/** Whether this person may do it, by the names in PROTOCOL, section 8. The server judges again. */
export function may(state: State, right: string): boolean {
  return state.you?.rights.includes(right) ?? false;
}

/** Staff are speakers and up: they have the backchannel. */
export function isStaff(state: State): boolean {
  return state.backchannel !== undefined;
}
